package io.ringmain.perf.load;

import io.ringmain.protocol.ProtocolVersion;

/**
 * What a {@link Flow} does.
 *
 * @param window messages on their way for each publisher.
 * @param rate messages a second over all publishers, 0 for as fast as the window allows.
 * @param pairs publishers, each with a topic of its own.
 * @param subscribers of each topic.
 */
record FlowPlan(
        String host,
        int port,
        ProtocolVersion version,
        int qos,
        int payloadLength,
        int window,
        long rate,
        int pairs,
        int subscribers) {
    static final int QOS_0_WINDOW = 10_000;
    static final int ACKNOWLEDGED_WINDOW = 100;

    /** One publisher and one subscriber of 3.1.1, as fast as the usual window allows. */
    static FlowPlan of(final String host, final int port, final int qos, final int payloadLength) {
        final int window = qos == 0 ? QOS_0_WINDOW : ACKNOWLEDGED_WINDOW;
        return new FlowPlan(host, port, ProtocolVersion.V3_1_1, qos, payloadLength, window, 0, 1, 1);
    }

    FlowPlan rate(final long perSecond) {
        return new FlowPlan(host, port, version, qos, payloadLength, window, perSecond, pairs, subscribers);
    }

    FlowPlan pairs(final int count) {
        return new FlowPlan(host, port, version, qos, payloadLength, window, rate, count, subscribers);
    }

    FlowPlan window(final int messages) {
        return new FlowPlan(host, port, version, qos, payloadLength, messages, rate, pairs, subscribers);
    }

    /** Whether a subscriber gets every number once, and in order. */
    boolean isOneToOne() {
        return subscribers == 1;
    }
}
