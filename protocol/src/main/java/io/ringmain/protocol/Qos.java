package io.ringmain.protocol;

/** Quality of service levels as they stand on the wire. */
public final class Qos {
    public static final int AT_MOST_ONCE = 0;
    public static final int AT_LEAST_ONCE = 1;
    public static final int EXACTLY_ONCE = 2;

    private Qos() {}
}
