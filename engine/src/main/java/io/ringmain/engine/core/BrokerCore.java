package io.ringmain.engine.core;

import org.agrona.DirectBuffer;

/**
 * The deterministic state machine of the broker: sessions, subscriptions, retained messages, wills, QoS state. The same
 * events in the same order give the same state and the same outputs, on any machine, at any time.
 *
 * <p>Confined to one thread. Knows no clock: time is the timestamp of the event.
 */
public final class BrokerCore {
    /** {@link #nextDeadlineNs()} when nothing waits for time to pass. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    public BrokerCore(final CoreLimits limits, final CoreOutput output) {}

    /**
     * Handles the next event.
     *
     * @param buffer with an event of the layouts in {@code io.ringmain.engine.event}, stamped with its position and
     *     timestamp; not kept after the call.
     * @param offset of the event's header.
     */
    public void onEvent(final DirectBuffer buffer, final int offset) {}

    /** Epoch time in nanoseconds of the next Tick that the core needs, {@link #NO_DEADLINE} for none. */
    public long nextDeadlineNs() {
        return NO_DEADLINE;
    }

    /** Digest of the whole state, kept up to date by every change: O(1). */
    public long digest() {
        return 0;
    }
}
