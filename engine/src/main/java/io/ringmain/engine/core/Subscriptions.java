package io.ringmain.engine.core;

import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.session.SessionStore;
import io.ringmain.engine.core.topic.Subscription;
import io.ringmain.engine.core.topic.TopicIndex;
import io.ringmain.engine.event.SubscribeEvent;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.TopicFilter;
import java.util.ArrayList;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/** SUBSCRIBE and UNSUBSCRIBE: the index is changed, then answered, then retained messages follow. */
final class Subscriptions {
    private static final int RETAIN_HANDLING_SHIFT = 4;
    private static final int SEND_ALWAYS = 0;
    private static final int SEND_IF_NEW = 1;

    private final CoreLimits limits;
    private final CoreOutput output;
    private final SessionStore sessions;
    private final TopicIndex topics;
    private final RetainedScans scans;
    private final SharedDeliveries shared;
    private final Replays replays;
    private final SubscribeEvent event = new SubscribeEvent();
    private final ExpandableArrayBuffer reasonCodes = new ExpandableArrayBuffer();
    private final ArrayList<Subscription> wantRetained = new ArrayList<>();
    private final ArrayList<Subscription> wantReplay = new ArrayList<>();

    Subscriptions(
            final CoreLimits limits,
            final CoreOutput output,
            final SessionStore sessions,
            final TopicIndex topics,
            final RetainedScans scans,
            final SharedDeliveries shared,
            final Replays replays) {
        this.limits = limits;
        this.output = output;
        this.sessions = sessions;
        this.topics = topics;
        this.scans = scans;
        this.shared = shared;
        this.replays = replays;
    }

    void onSubscribe(final DirectBuffer buffer, final int offset) {
        event.wrap(buffer, offset);
        final Session session = sessions.speaking(event.connectionId());
        if (session == null) {
            return;
        }
        int count = 0;
        while (event.next()) {
            reasonCodes.putByte(count++, (byte) subscribe(session));
        }
        output.onSuback(session.lane(), session.connectionId(), event.packetId(), reasonCodes, 0, count);
        for (int i = 0; i < wantRetained.size(); i++) {
            scans.start(wantRetained.get(i));
        }
        wantRetained.clear();
        for (int i = 0; i < wantReplay.size(); i++) {
            replays.start(wantReplay.get(i));
        }
        wantReplay.clear();
        scans.run();
        shared.takeOver(session);
    }

    /** Makes or changes one subscription and returns its reason code. */
    private int subscribe(final Session session) {
        if (ReasonCode.isError(event.verdict())) {
            return event.verdict();
        }
        Subscription subscription = topics.find(session, event.buffer(), event.filterOffset(), event.filterLength());
        final boolean isNew = subscription == null;
        if (isNew && session.subscriptions().size() >= limits.subscriptionsPerSession()) {
            output.onDrop(DropReason.SUBSCRIPTIONS_FULL);
            return ReasonCode.QUOTA_EXCEEDED;
        }
        final boolean isReplay = TopicFilter.isReplay(event.buffer(), event.filterOffset(), event.filterLength());
        if (isReplay && !replays.hasRoom(wantReplay.size())) {
            output.onDrop(DropReason.REPLAYS_FULL);
            return ReasonCode.QUOTA_EXCEEDED;
        }
        if (isNew) {
            subscription = topics.add(
                    session,
                    event.buffer(),
                    event.filterOffset(),
                    event.filterLength(),
                    event.options(),
                    event.subscriptionIdentifier());
        } else {
            topics.change(subscription, event.options(), event.subscriptionIdentifier());
        }
        if (isReplay) {
            wantReplay.add(subscription);
            return subscription.qos();
        }
        final int handling = event.options() >> RETAIN_HANDLING_SHIFT & 3;
        final boolean wanted = handling == SEND_ALWAYS || (handling == SEND_IF_NEW && isNew);
        if (wanted && subscription.group() == null) {
            wantRetained.add(subscription);
        }
        return subscription.qos();
    }

    void onUnsubscribe(final DirectBuffer buffer, final int offset) {
        event.wrap(buffer, offset);
        final Session session = sessions.speaking(event.connectionId());
        if (session == null) {
            return;
        }
        int count = 0;
        while (event.next()) {
            reasonCodes.putByte(count++, (byte) unsubscribe(session));
        }
        output.onUnsuback(session.lane(), session.connectionId(), event.packetId(), reasonCodes, 0, count);
    }

    private int unsubscribe(final Session session) {
        if (ReasonCode.isError(event.verdict())) {
            return event.verdict();
        }
        final Subscription found = topics.find(session, event.buffer(), event.filterOffset(), event.filterLength());
        if (found == null) {
            return ReasonCode.NO_SUBSCRIPTION_EXISTED;
        }
        scans.cancel(session, found.filter());
        if (found.group() != null) {
            shared.onUnsubscribe(found);
        }
        replays.cancel(found);
        topics.remove(found);
        return ReasonCode.SUCCESS;
    }
}
