package io.ringmain.engine.ring;

/** Message types of an egress lane, see {@link EgressRecord}. */
public final class EgressType {
    public static final int CONNACK = 1;
    public static final int ACK = 2;
    public static final int SUBACK = 3;
    public static final int UNSUBACK = 4;
    public static final int DISCONNECT = 5;
    public static final int FAN_OUT = 6;
    public static final int DELIVER_STORED = 7;
    public static final int REPLAY_WANTED = 8;
    public static final int BEHIND = 9;

    private EgressType() {}
}
