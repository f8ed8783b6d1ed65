package io.ringmain.engine.event;

/**
 * How one subscriber gets a message: the flags byte of a delivery, in the bits of the MQTT PUBLISH fixed header.
 *
 * <pre>
 *  bit  3    2 1   0
 *       DUP  QoS   RETAIN
 * </pre>
 */
public final class DeliveryFlags {
    public static final int RETAIN = 1;
    public static final int QOS_SHIFT = 1;
    public static final int DUP = 8;

    /** Not on the wire: the I/O agent is to report when it has sent this one and all before it. */
    public static final int REPORT = 16;

    /** Not on the wire: a will, which stands at the position of its CONNECT and was published later. */
    public static final int WILL = 32;

    /** The bits that are on the wire. */
    public static final int WIRE = 15;

    private DeliveryFlags() {}

    public static int of(final int qos, final boolean retain, final boolean dup) {
        return (dup ? DUP : 0) | qos << QOS_SHIFT | (retain ? RETAIN : 0);
    }

    public static int qos(final int flags) {
        return (flags >> QOS_SHIFT) & 3;
    }

    public static boolean isRetain(final int flags) {
        return (flags & RETAIN) != 0;
    }

    public static boolean isDup(final int flags) {
        return (flags & DUP) != 0;
    }
}
