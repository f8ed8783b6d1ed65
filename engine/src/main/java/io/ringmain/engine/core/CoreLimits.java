package io.ringmain.engine.core;

/**
 * Bounds of the core's state, fixed at start. Replay with other limits gives another state, so they are part of what a
 * digest depends on.
 *
 * @param receiveMaximum most QoS 1/2 messages in flight per direction and session, 1 to 65535.
 * @param queuedMessages most pending messages per session.
 * @param queuedBytes most bytes of pending messages per session.
 * @param dropNewest a full queue drops the new message if true, the oldest otherwise.
 * @param subscriptionsPerSession most topic filters of one session.
 * @param retainedMessages most topics with a retained message.
 * @param retainedPerSlice most retained messages that one event delivers; the rest of a scan waits for the next Tick.
 */
public record CoreLimits(
        int receiveMaximum,
        int queuedMessages,
        long queuedBytes,
        boolean dropNewest,
        int subscriptionsPerSession,
        int retainedMessages,
        int retainedPerSlice) {
    public static final CoreLimits DEFAULTS = new CoreLimits(1024, 100_000, 64L << 20, false, 10_000, 10_000_000, 512);
}
