package io.ringmain.engine.core;

import io.ringmain.engine.core.retain.RetainedIndex;
import io.ringmain.engine.core.retain.RetainedMessage;
import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.session.Will;
import io.ringmain.engine.core.state.Deadlines;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.core.topic.Subscription;
import io.ringmain.engine.core.topic.TopicIndex;
import io.ringmain.engine.event.DeliveryFlags;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * Brings a message to everybody who asked for it: one delivery for each session, with the highest QoS among its
 * subscriptions that match.
 */
final class Routing implements TopicIndex.MatchHandler {
    private static final int INITIAL_MATCHES = 64;
    private static final int TOPIC_LENGTH_PREFIX = 2;

    private final CoreLimits limits;
    private final CoreOutput output;
    private final TopicIndex topics;
    private final RetainedIndex retained;
    private final Deliveries deliveries;
    private final MessageRef message = new MessageRef();

    private Session[] matches = new Session[INITIAL_MATCHES];
    private int matchCount;
    private long epoch;
    private Session publisher;

    Routing(
            final CoreLimits limits,
            final CoreOutput output,
            final TopicIndex topics,
            final RetainedIndex retained,
            final Deliveries deliveries) {
        this.limits = limits;
        this.output = output;
        this.topics = topics;
        this.retained = retained;
        this.deliveries = deliveries;
    }

    /** The carrier for the next message to {@link #route}. */
    MessageRef message() {
        return message;
    }

    /**
     * Delivers {@link #message()}.
     *
     * @param from session of the publisher; its No Local subscriptions don't count.
     * @param qos of the publication.
     * @param retain flag of the publication.
     * @param live whether it is the message of the event being handled.
     * @return number of sessions with a matching subscription.
     */
    int route(
            final Session from,
            final DirectBuffer topic,
            final int offset,
            final int length,
            final int qos,
            final boolean retain,
            final boolean live) {
        publisher = from;
        matchCount = 0;
        epoch++;
        topics.match(topic, offset, length, this);
        for (int i = 0; i < matchCount; i++) {
            final Session session = matches[i];
            message.flags(DeliveryFlags.of(Math.min(qos, session.matchQos()), retain && session.matchRetain(), false));
            deliveries.deliver(session, message, live);
        }
        return matchCount;
    }

    @Override
    public void onMatch(final Subscription subscription) {
        final Session session = subscription.session();
        if (subscription.isNoLocal() && session == publisher) {
            return;
        }
        if (session.match(epoch, subscription.qos(), subscription.isRetainAsPublished())) {
            if (matchCount == matches.length) {
                matches = Arrays.copyOf(matches, matchCount * 2);
            }
            matches[matchCount++] = session;
        }
    }

    /** Whether there is room for the retained message of this topic: another one, or a new one. */
    boolean mayRetain(final DirectBuffer topic, final int offset, final int length, final int payloadLength) {
        return payloadLength == 0
                || retained.count() < limits.retainedMessages()
                || retained.find(topic, offset, length) != null;
    }

    /** Keeps {@link #message()} as the last of its topic, or clears the topic when the payload is empty. */
    void retain(final DirectBuffer topic, final int offset, final int length, final int payloadLength, final int qos) {
        if (payloadLength > 0) {
            message.flags(DeliveryFlags.of(qos, true, false));
            retained.set(topic, offset, length, message);
            return;
        }
        final RetainedMessage previous = retained.find(topic, offset, length);
        if (previous != null) {
            retained.remove(previous);
        }
    }

    /** Publishes the will of a session. Nobody waits for its acknowledgement, so one too many to retain is dropped. */
    void publishWill(final Session session, final long nowNs) {
        final Will will = session.will();
        final int topicLength = will.topic().capacity();
        final long deadline = will.expirySeconds() < 0 ? 0 : Deadlines.after(nowNs, will.expirySeconds());
        message.set(
                will.position(),
                deadline,
                will.length(),
                TOPIC_LENGTH_PREFIX + topicLength + will.payloadLength(),
                will.propertiesLength());
        if (will.retain() && !mayRetain(will.topic(), 0, topicLength, will.payloadLength())) {
            output.onDrop(DropReason.QUEUE_FULL);
        } else if (will.retain()) {
            retain(will.topic(), 0, topicLength, will.payloadLength(), will.qos());
        }
        route(session, will.topic(), 0, topicLength, will.qos(), will.retain(), false);
    }
}
