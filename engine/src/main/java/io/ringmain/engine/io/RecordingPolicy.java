package io.ringmain.engine.io;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.protocol.Qos;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;

/**
 * What is recorded of each publish. What must survive is recorded whole; of the rest what the configuration asks for,
 * and a log without room is no reason to refuse that rest.
 */
final class RecordingPolicy {
    private final TopicFilters whole;
    private final TopicFilters headers;
    private final boolean asksForMore;
    private final BooleanSupplier logFull;
    private final Counters counters;

    RecordingPolicy(final IoContext context) {
        this.whole = new TopicFilters(context.audit.recordQos0());
        this.headers = new TopicFilters(context.audit.recordQos0Headers());
        this.asksForMore = !whole.isEmpty() || !headers.isEmpty();
        this.logFull = context.logFull;
        this.counters = context.counters;
    }

    /** For a publish that is not refused. */
    Recording of(
            final int qos,
            final boolean retain,
            final DirectBuffer topic,
            final int topicOffset,
            final int topicLength) {
        if (qos > Qos.AT_MOST_ONCE || retain) {
            return Recording.WHOLE;
        }
        return asksForMore ? wanted(topic, topicOffset, topicLength) : Recording.NOTHING;
    }

    private Recording wanted(final DirectBuffer topic, final int topicOffset, final int topicLength) {
        final Recording wanted;
        if (whole.matches(topic, topicOffset, topicLength)) {
            wanted = Recording.WHOLE;
        } else if (headers.matches(topic, topicOffset, topicLength)) {
            wanted = Recording.HEADERS;
        } else {
            return Recording.NOTHING;
        }
        return logFull.getAsBoolean() ? Recording.MISSED : wanted;
    }

    /** The publish is in the ring. */
    void count(final Recording recording) {
        if (recording == Recording.MISSED) {
            counters.increment(CounterId.AUDIT_QOS0_NOT_RECORDED);
        }
    }
}
