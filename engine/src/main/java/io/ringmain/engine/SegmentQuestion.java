package io.ringmain.engine;

import io.ringmain.engine.driver.EventKeys;
import io.ringmain.storage.log.SegmentFilter;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Which sealed segments may hold the events that a tool looks for: by where, when, topic, client and user. All that is
 * asked must hold of one event.
 */
public final class SegmentQuestion {
    private final SegmentFilter segments = EventKeys.newFilter();

    /** From a position on, up to but not including another. */
    public SegmentQuestion positions(final long from, final long to) {
        segments.positions(from, to);
        return this;
    }

    /** From a time on, up to but not including another, epoch nanoseconds. */
    public SegmentQuestion times(final long fromNs, final long toNs) {
        segments.times(fromNs, toNs);
        return this;
    }

    /** Of a message or a will whose topic this filter matches. */
    public SegmentQuestion topicFilter(final DirectBuffer filter, final int offset, final int length) {
        EventKeys.addTopicFilter(segments, filter, offset, length);
        return this;
    }

    public SegmentQuestion client(final String clientId) {
        return key(EventKeys.CLIENT, clientId);
    }

    /** Of this user; that a will was published is recorded without the user. */
    public SegmentQuestion user(final String username) {
        return key(EventKeys.USER, username);
    }

    private SegmentQuestion key(final int kind, final String text) {
        final UnsafeBuffer bytes = new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
        if (bytes.capacity() > 0) {
            segments.key(kind, bytes, 0, bytes.capacity());
        }
        return this;
    }

    public SegmentFilter filter() {
        return segments;
    }
}
