package io.ringmain.engine.core.retain;

import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.state.StateDigest;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A subscription that still has to be given retained messages: those retained before it was made, from a sequence number
 * on. What is retained later comes to it live.
 */
public final class RetainedScan {
    private final Session session;
    private final UnsafeBuffer filter;
    private final int qos;
    private final int identifier;
    private final long endSequence;
    private long nextSequence;
    private long number;

    public RetainedScan(
            final Session session,
            final UnsafeBuffer filter,
            final int qos,
            final int identifier,
            final long nextSequence,
            final long endSequence) {
        this.session = session;
        this.filter = filter;
        this.qos = qos;
        this.identifier = identifier;
        this.nextSequence = nextSequence;
        this.endSequence = endSequence;
    }

    public Session session() {
        return session;
    }

    public UnsafeBuffer filter() {
        return filter;
    }

    public int qos() {
        return qos;
    }

    /** Subscription identifier, 0 for none. */
    public int identifier() {
        return identifier;
    }

    public long nextSequence() {
        return nextSequence;
    }

    public void nextSequence(final long sequence) {
        nextSequence = sequence;
    }

    public long endSequence() {
        return endSequence;
    }

    /** Grows from each scan to the next one in turn. */
    public long number() {
        return number;
    }

    public void number(final long newNumber) {
        number = newNumber;
    }

    /** What it adds to the digest. */
    public long contentHash() {
        final long range = StateDigest.mix(session.salt(), nextSequence, endSequence);
        return StateDigest.mix(
                range, StateDigest.hash(filter, 0, filter.capacity()), (long) identifier << 2 | qos, number);
    }
}
