package io.ringmain.engine.core.retain;

import io.ringmain.engine.core.state.HashedEntry;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.core.state.StateDigest;
import org.agrona.concurrent.UnsafeBuffer;

/** The retained message of one topic: a reference into the log. */
public final class RetainedMessage extends HashedEntry {
    private final UnsafeBuffer topic;
    private long sequence;
    private final long[] reference = new long[MessageRef.WORDS];

    RetainedMessage(final int hash, final UnsafeBuffer topic) {
        super(hash);
        this.topic = topic;
    }

    void set(final long newSequence, final MessageRef message) {
        sequence = newSequence;
        message.store(reference, 0);
    }

    public UnsafeBuffer topic() {
        return topic;
    }

    /** Grows with every message that is retained, over all topics. */
    public long sequence() {
        return sequence;
    }

    public MessageRef get(final MessageRef into) {
        return into.load(reference, 0);
    }

    long contentHash() {
        return StateDigest.mix(MessageRef.hash(sequence, reference, 0), StateDigest.hash(topic, 0, topic.capacity()));
    }
}
