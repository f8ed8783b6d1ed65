package io.ringmain.engine.io;

import io.ringmain.engine.auth.Permissions;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.event.ReplayPlace;
import io.ringmain.engine.event.SubscribeEvent;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.TopicFilter;
import io.ringmain.protocol.TopicName;
import io.ringmain.protocol.mqtt.FilterListDecoder;
import io.ringmain.protocol.mqtt.PropertyId;
import io.ringmain.protocol.mqtt.SubscribeDecoder;
import io.ringmain.protocol.mqtt.UnsubscribeDecoder;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.UnsafeBuffer;

/** Turns SUBSCRIBE and UNSUBSCRIBE into events, with a verdict for each filter. */
final class SubscriptionHandler {
    private static final byte[] SYS = {'$', 'S', 'Y', 'S'};

    private final IoAgent agent;
    private final IoLimits limits;
    private final MqttOptions options;
    private final AtomicBoolean sysTopicsRequested;
    private final CatalogHandler catalog;
    private final SlotRing ring;
    private final int lane;
    private final SubscribeDecoder subscribe = new SubscribeDecoder();
    private final UnsubscribeDecoder unsubscribe = new UnsubscribeDecoder();
    private final SubscribeEvent event = new SubscribeEvent();

    SubscriptionHandler(final IoAgent agent, final IoContext context, final CatalogHandler catalog, final int lane) {
        this.agent = agent;
        this.limits = agent.limits();
        this.options = context.options;
        this.sysTopicsRequested = context.sysTopicsRequested;
        this.catalog = catalog;
        this.ring = context.ring;
        this.lane = lane;
    }

    boolean onSubscribe(final Connection connection, final UnsafeBuffer buffer, final int offset, final int length) {
        if (agent.rates().holdsSubscribe(connection)) {
            return InboundHandler.BACK_PRESSURE;
        }
        int fault = subscribe.wrap(buffer, offset, length, connection.version);
        if (fault == ReasonCode.SUCCESS
                && subscribe.properties().has(PropertyId.SUBSCRIPTION_IDENTIFIER)
                && !options.subscriptionIdentifiersAvailable()) {
            fault = ReasonCode.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED;
        }
        if (fault == ReasonCode.SUCCESS && !connection.isV5() && hasInvalidFilter()) {
            fault = ReasonCode.TOPIC_FILTER_INVALID;
        }
        if (fault == ReasonCode.SUCCESS && isTooMuch(subscribe)) {
            fault = ReasonCode.QUOTA_EXCEEDED;
        }
        if (fault != ReasonCode.SUCCESS) {
            agent.closeForFault(connection, fault);
            return InboundHandler.HANDLED;
        }
        // Each filter takes at least three bytes on the wire, so this bounds the event from above.
        final int bound = SubscribeEvent.length(subscribe.count(), length) + connection.origin.capacity();
        final long claim = agent.claim(bound);
        if (claim == SlotRing.FULL) {
            return InboundHandler.BACK_PRESSURE;
        }
        final int identifier = (int) subscribe.properties().value(PropertyId.SUBSCRIPTION_IDENTIFIER, 0);
        event.wrapForWrite(
                ring.buffer(),
                ring.offset(claim),
                EventType.SUBSCRIBE,
                lane,
                connection.id,
                subscribe.packetId(),
                identifier);
        subscribe.rewind();
        boolean asksForFigures = false;
        for (int i = 0; subscribe.next(); i++) {
            asksForFigures |= isSys(buffer);
            final int options = connection.isV5() ? subscribe.options() : subscribe.qos();
            event.add(
                    Math.min(subscribe.qos(), limits.maxQos()) | (options & ~3),
                    verdict(connection, buffer, i, identifier),
                    buffer,
                    subscribe.filterOffset(),
                    subscribe.filterLength());
        }
        event.finish();
        Origin.append(ring.buffer(), ring.offset(claim), connection.origin);
        ring.commit(claim, bound);
        agent.rates().subscribed(connection, subscribe.count());
        if (asksForFigures) {
            sysTopicsRequested.set(true);
        }
        return InboundHandler.HANDLED;
    }

    private boolean isSys(final UnsafeBuffer buffer) {
        final int offset = subscribe.filterOffset();
        final int length = subscribe.filterLength();
        final boolean shared = subscribe.filterValid() && TopicFilter.isShared(buffer, offset, length);
        final int start = shared ? TopicFilter.unsharedOffset(buffer, offset, length) : offset;
        return offset + length - start >= SYS.length
                && buffer.getByte(start) == SYS[0]
                && buffer.getByte(start + 1) == SYS[1]
                && buffer.getByte(start + 2) == SYS[2]
                && buffer.getByte(start + 3) == SYS[3];
    }

    /** Whether a packet has more filters or user properties than we take. */
    private boolean isTooMuch(final FilterListDecoder packet) {
        if (packet.count() > limits.filtersPerSubscribe()) {
            agent.count(CounterId.LIMIT_FILTERS_PER_SUBSCRIBE);
            return true;
        }
        return agent.userPropertyLimit().isPassed(packet.properties());
    }

    private boolean hasInvalidFilter() {
        while (subscribe.next()) {
            if (!subscribe.filterValid()) {
                return true;
            }
        }
        return false;
    }

    /** Notes as well what a granted filter asks of the catalogue. */
    private int verdict(final Connection connection, final UnsafeBuffer buffer, final int index, final int identifier) {
        final int verdict = verdict(buffer);
        final int offset = subscribe.filterOffset();
        final int length = subscribe.filterLength();
        if (verdict != ReasonCode.SUCCESS) {
            return verdict;
        }
        if (!CatalogHandler.isCatalog(buffer, offset, length)) {
            return topicsVerdict(connection, buffer, offset, length);
        }
        int answer = catalog.verdict(connection, buffer, offset, length);
        if (answer == ReasonCode.SUCCESS) {
            final int topics = CatalogHandler.topicsOffset(offset);
            answer = rightsVerdict(connection, buffer, topics, offset + length - topics, false);
        }
        if (answer == ReasonCode.SUCCESS) {
            catalog.onSubscribe(connection, subscribe.packetId(), index, identifier, buffer, offset, length);
        }
        return answer;
    }

    /** By that of a filter which says which topics it is about. */
    private int topicsVerdict(
            final Connection connection, final UnsafeBuffer buffer, final int offset, final int length) {
        final boolean isShared = TopicFilter.isShared(buffer, offset, length);
        final int topics = isShared || TopicFilter.isReplay(buffer, offset, length)
                ? TopicFilter.unsharedOffset(buffer, offset, length)
                : offset;
        return rightsVerdict(connection, buffer, topics, offset + length - topics, isShared);
    }

    private int rightsVerdict(
            final Connection connection,
            final UnsafeBuffer buffer,
            final int offset,
            final int length,
            final boolean isShared) {
        final Permissions permissions = connection.access.permissions();
        final boolean isAllowed = permissions == Permissions.ALL
                || (isShared
                        ? permissions.mayShare(buffer, offset, length)
                        : permissions.maySubscribe(buffer, offset, length));
        if (isAllowed) {
            return ReasonCode.SUCCESS;
        }
        agent.count(CounterId.SUBSCRIBE_REFUSED_ACL);
        return ReasonCode.NOT_AUTHORIZED;
    }

    private int verdict(final UnsafeBuffer buffer) {
        if (!subscribe.filterValid() || isTooLarge(buffer, subscribe.filterOffset(), subscribe.filterLength())) {
            return ReasonCode.TOPIC_FILTER_INVALID;
        }
        if (TopicFilter.isReplay(buffer, subscribe.filterOffset(), subscribe.filterLength())) {
            return replayVerdict(buffer, subscribe.filterOffset(), subscribe.filterLength());
        }
        if (!options.sharedAvailable()
                && TopicFilter.isShared(buffer, subscribe.filterOffset(), subscribe.filterLength())) {
            return ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED;
        }
        return !options.wildcardsAvailable()
                        && TopicFilter.hasWildcard(buffer, subscribe.filterOffset(), subscribe.filterLength())
                ? ReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED
                : ReasonCode.SUCCESS;
    }

    /** Whether a client may travel through the log by this filter, and it names a place there. */
    private int replayVerdict(final UnsafeBuffer buffer, final int offset, final int length) {
        if (!options.replayAvailable()) {
            return ReasonCode.NOT_AUTHORIZED;
        }
        final int placeOffset = TopicFilter.replayPlaceOffset(offset);
        final int filterOffset = TopicFilter.unsharedOffset(buffer, offset, length);
        if (filterOffset >= offset + length || buffer.getByte(filterOffset) == '$') {
            return ReasonCode.TOPIC_FILTER_INVALID;
        }
        try {
            final ReplayPlace place =
                    ReplayPlace.parse(buffer.getStringWithoutLengthUtf8(placeOffset, filterOffset - 1 - placeOffset));
            return place.kind() == ReplayPlace.Kind.LAST && place.value() > options.replayLastMaximum()
                    ? ReasonCode.QUOTA_EXCEEDED
                    : ReasonCode.SUCCESS;
        } catch (final IllegalArgumentException ex) {
            return ReasonCode.TOPIC_FILTER_INVALID;
        }
    }

    private boolean isTooLarge(final UnsafeBuffer buffer, final int offset, final int length) {
        final boolean tooLarge =
                length > limits.topicLength() || TopicName.levels(buffer, offset, length) > limits.topicLevels();
        if (tooLarge) {
            agent.count(CounterId.LIMIT_TOPIC_FILTER);
        }
        return tooLarge;
    }

    boolean onUnsubscribe(final Connection connection, final UnsafeBuffer buffer, final int offset, final int length) {
        if (agent.rates().holdsSubscribe(connection)) {
            return InboundHandler.BACK_PRESSURE;
        }
        int fault = unsubscribe.wrap(buffer, offset, length, connection.version);
        if (fault == ReasonCode.SUCCESS && isTooMuch(unsubscribe)) {
            fault = ReasonCode.QUOTA_EXCEEDED;
        }
        if (fault != ReasonCode.SUCCESS) {
            agent.closeForFault(connection, fault);
            return InboundHandler.HANDLED;
        }
        final int bound = SubscribeEvent.length(unsubscribe.count(), length) + connection.origin.capacity();
        final long claim = agent.claim(bound);
        if (claim == SlotRing.FULL) {
            return InboundHandler.BACK_PRESSURE;
        }
        event.wrapForWrite(
                ring.buffer(),
                ring.offset(claim),
                EventType.UNSUBSCRIBE,
                lane,
                connection.id,
                unsubscribe.packetId(),
                0);
        while (unsubscribe.next()) {
            final boolean refused = !unsubscribe.filterValid()
                    || isTooLarge(buffer, unsubscribe.filterOffset(), unsubscribe.filterLength());
            final int verdict = refused ? ReasonCode.TOPIC_FILTER_INVALID : ReasonCode.SUCCESS;
            event.add(0, verdict, buffer, unsubscribe.filterOffset(), unsubscribe.filterLength());
            if (connection.catalogReplies != null && !refused) {
                catalog.onUnsubscribe(connection, buffer, unsubscribe.filterOffset(), unsubscribe.filterLength());
            }
        }
        event.finish();
        Origin.append(ring.buffer(), ring.offset(claim), connection.origin);
        ring.commit(claim, bound);
        agent.rates().subscribed(connection, unsubscribe.count());
        return InboundHandler.HANDLED;
    }
}
