package io.ringmain.engine.core;

import io.ringmain.engine.core.retain.RetainedIndex;
import io.ringmain.engine.core.retain.RetainedMessage;
import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.session.Will;
import io.ringmain.engine.core.state.Deadlines;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.core.topic.ShareGroup;
import io.ringmain.engine.core.topic.Subscription;
import io.ringmain.engine.core.topic.TopicIndex;
import io.ringmain.engine.event.DeliveryFlags;
import io.ringmain.engine.event.Identifiers;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.TopicHash;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * Brings a message to everybody who asked for it: one delivery for each session, with the highest QoS among its
 * subscriptions that match and the identifiers of all of them; and one for each shared subscription.
 */
final class Routing implements TopicIndex.MatchHandler {
    private static final int INITIAL_MATCHES = 64;
    private static final int TOPIC_LENGTH_PREFIX = 2;

    private final CoreLimits limits;
    private final CoreOutput output;
    private final TopicIndex topics;
    private final RetainedIndex retained;
    private final Deliveries deliveries;
    private final SharedDeliveries shared;
    private final Replays replays;
    private final BackPressure backPressure;
    private final MessageRef message = new MessageRef();
    private final Identifiers identifiers = new Identifiers();

    private Session[] matches = new Session[INITIAL_MATCHES];
    private int matchCount;
    private ShareGroup[] groups = new ShareGroup[INITIAL_MATCHES];
    private int groupCount;
    private long epoch;
    private Session publisher;
    private int publishedQos;
    private boolean publishedRetain;

    // Identifiers of the sessions that match, as lists: value and place of the next one, from place 1 on.
    private int[] identifierLists = new int[2 * INITIAL_MATCHES];
    private int identifierCount;

    Routing(
            final CoreLimits limits,
            final CoreOutput output,
            final TopicIndex topics,
            final RetainedIndex retained,
            final Deliveries deliveries,
            final SharedDeliveries shared,
            final Replays replays,
            final BackPressure backPressure) {
        this.limits = limits;
        this.output = output;
        this.topics = topics;
        this.retained = retained;
        this.deliveries = deliveries;
        this.shared = shared;
        this.replays = replays;
        this.backPressure = backPressure;
    }

    /** The carrier for the next message to {@link #route}. */
    MessageRef message() {
        return message;
    }

    /**
     * Delivers {@link #message()}.
     *
     * @param from session of the publisher, null for the broker itself; its No Local subscriptions don't count.
     * @param topicHash {@link TopicHash} of the topic name.
     * @param qos of the publication.
     * @param retain flag of the publication.
     * @param live whether it is the message of the event being handled.
     * @return the reason code for the acknowledgement: success, {@link ReasonCode#NO_MATCHING_SUBSCRIBERS}, or {@link
     *     ReasonCode#QUOTA_EXCEEDED} when there are subscribers, and our bounds keep the message from every one of them.
     */
    int route(
            final Session from,
            final DirectBuffer topic,
            final int offset,
            final int length,
            final int topicHash,
            final int qos,
            final boolean retain,
            final boolean live) {
        publisher = from;
        publishedQos = qos;
        publishedRetain = retain;
        matchCount = 0;
        groupCount = 0;
        identifierCount = 0;
        epoch++;
        topics.match(topic, offset, length, topicHash, this);
        backPressure.publisher(live ? from : null);
        int refused = 0;
        for (int i = 0; i < matchCount; i++) {
            final Session session = matches[i];
            message.flags(DeliveryFlags.of(Math.min(qos, session.matchQos()), retain && session.matchRetain(), false));
            refused += deliveries.deliver(session, message, identifiersOf(session), live) ? 0 : 1;
        }
        for (int i = 0; i < groupCount; i++) {
            message.flags(DeliveryFlags.of(qos, retain, false));
            refused += shared.deliver(groups[i], message, from, live) ? 0 : 1;
        }
        final int matched = matchCount + groupCount;
        if (matched == 0) {
            return ReasonCode.NO_MATCHING_SUBSCRIBERS;
        }
        return refused == matched ? ReasonCode.QUOTA_EXCEEDED : ReasonCode.SUCCESS;
    }

    private Identifiers identifiersOf(final Session session) {
        identifiers.clear();
        for (int place = session.matchIdentifiers(); place != 0; place = identifierLists[2 * place - 1]) {
            identifiers.add(identifierLists[2 * place - 2]);
        }
        return identifiers;
    }

    @Override
    public void onMatch(final Subscription subscription) {
        final Session session = subscription.session();
        if (subscription.isNoLocal() && session == publisher) {
            return;
        }
        if (subscription.replay() != null) {
            replays.onMatch(subscription.replay(), message, publishedQos, publishedRetain);
            return;
        }
        if (session.match(epoch, subscription.qos(), subscription.isRetainAsPublished())) {
            if (matchCount == matches.length) {
                matches = Arrays.copyOf(matches, matchCount * 2);
            }
            matches[matchCount++] = session;
        }
        if (subscription.identifier() != 0) {
            if (2 * identifierCount == identifierLists.length) {
                identifierLists = Arrays.copyOf(identifierLists, 4 * identifierCount);
            }
            identifierLists[2 * identifierCount] = subscription.identifier();
            identifierLists[2 * identifierCount + 1] = session.matchIdentifiers();
            session.matchIdentifiers(++identifierCount);
        }
    }

    @Override
    public void onMatch(final ShareGroup group) {
        if (groupCount == groups.length) {
            groups = Arrays.copyOf(groups, groupCount * 2);
        }
        groups[groupCount++] = group;
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
            output.onDrop(DropReason.RETAINED_FULL);
        } else if (will.retain()) {
            retain(will.topic(), 0, topicLength, will.payloadLength(), will.qos());
        }
        route(
                session,
                will.topic(),
                0,
                topicLength,
                TopicHash.of(will.topic(), 0, topicLength),
                will.qos(),
                will.retain(),
                false);
    }
}
