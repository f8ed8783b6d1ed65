package io.ringmain.protocol.websocket;

/** What a frame is: RFC 6455, section 11.8. */
public final class Opcode {
    public static final int CONTINUATION = 0x0;
    public static final int TEXT = 0x1;
    public static final int BINARY = 0x2;
    public static final int CLOSE = 0x8;
    public static final int PING = 0x9;
    public static final int PONG = 0xA;

    private Opcode() {}

    /** Control frames are short, never fragmented, and may come between the fragments of a message. */
    static boolean isControl(final int opcode) {
        return (opcode & 0x8) != 0;
    }
}
