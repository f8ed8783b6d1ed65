package io.ringmain.engine.driver;

import io.ringmain.engine.auth.Authorizer;
import io.ringmain.engine.event.AckBatchEvent;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.engine.ring.ReplayRequest;
import io.ringmain.protocol.Qos;
import io.ringmain.protocol.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashSet;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Tells which records of the log are messages that one subscriber gets: those that its filter matches, that it may read,
 * and that are not a repetition of a message with QoS 2 which was taken before. Is shown the records in order.
 */
final class RecordedMessages {
    private static final int PUBREL = 6;

    /** Messages with QoS 2 whose hand-shake is followed at a time; of the oldest a repetition isn't known any more. */
    private static final int MAX_FOLLOWED = 4096;

    private final ReplayRequest reader;
    private final Authorizer authorizer;
    private final UnsafeBuffer filter;
    private final PublishEvent publish = new PublishEvent();
    private final AckBatchEvent acks = new AckBatchEvent();
    private final Origin origin = new Origin();
    private final LinkedHashSet<String> unreleased = new LinkedHashSet<>();

    /** @param filter without the place in the log before it. */
    RecordedMessages(final ReplayRequest reader, final String filter, final Authorizer authorizer) {
        this.reader = reader;
        this.authorizer = authorizer;
        this.filter = new UnsafeBuffer(filter.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a record is one of them. {@link #publish()} is it then. */
    boolean accepts(final DirectBuffer buffer, final int offset) {
        final int type = EventHeader.type(buffer, offset);
        if (type == EventType.ACK_BATCH && !unreleased.isEmpty()) {
            followReleases(buffer, offset);
        }
        if (type != EventType.PUBLISH && type != EventType.WILL_PUBLISHED) {
            return false;
        }
        publish.wrap(buffer, offset);
        return TopicFilter.matches(filter, 0, filter.capacity(), buffer, publish.topicOffset(), publish.topicLength())
                && !isOwn(buffer, offset)
                && authorizer.mayRead(
                        reader.listener(),
                        reader.clientId(),
                        reader.username(),
                        buffer,
                        publish.topicOffset(),
                        publish.topicLength())
                && !isRepetition(buffer, offset);
    }

    PublishEvent publish() {
        return publish;
    }

    private boolean isOwn(final DirectBuffer buffer, final int offset) {
        return reader.noLocal()
                && origin.wrap(buffer, offset).isPresent()
                && origin.clientId().equals(reader.clientId());
    }

    private boolean isRepetition(final DirectBuffer buffer, final int offset) {
        if (publish.qos() != Qos.EXACTLY_ONCE) {
            return false;
        }
        final boolean isNew = unreleased.add(key(buffer, offset, publish.packetId()));
        if (unreleased.size() > MAX_FOLLOWED) {
            final Iterator<String> oldest = unreleased.iterator();
            oldest.next();
            oldest.remove();
        }
        return !isNew && publish.isDup();
    }

    private void followReleases(final DirectBuffer buffer, final int offset) {
        acks.wrap(buffer, offset);
        for (int i = 0; i < acks.count(); i++) {
            if (acks.packetType(i) == PUBREL) {
                unreleased.remove(key(buffer, offset, acks.packetId(i)));
            }
        }
    }

    private String key(final DirectBuffer buffer, final int offset, final int packetId) {
        return packetId + " " + origin.wrap(buffer, offset).clientId();
    }
}
