package io.ringmain.engine.driver;

import io.ringmain.engine.event.MessageView;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.ring.ReplayRequest;
import io.ringmain.protocol.TopicFilter;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Tells which messages one subscriber gets: those that its filter matches and that it may read. */
final class RecordedMessages {
    private final ReplayRequest reader;
    private final UnsafeBuffer filter;
    private final MessageView message = new MessageView();
    private final Origin origin = new Origin();

    /** @param filter without the place in the log before it. */
    RecordedMessages(final ReplayRequest reader, final String filter) {
        this.reader = reader;
        this.filter = new UnsafeBuffer(filter.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether the message of an event, or the will in it, is one of them. {@link #message()} is it then. */
    boolean accepts(final DirectBuffer buffer, final int offset) {
        message.wrap(buffer, offset);
        return TopicFilter.matches(filter, 0, filter.capacity(), buffer, message.topicOffset(), message.topicLength())
                && !isOwn(buffer, offset)
                && reader.client().permissions().mayReceive(buffer, message.topicOffset(), message.topicLength());
    }

    MessageView message() {
        return message;
    }

    private boolean isOwn(final DirectBuffer buffer, final int offset) {
        return reader.noLocal()
                && origin.wrap(buffer, offset).isPresent()
                && origin.clientId().equals(reader.clientId());
    }
}
