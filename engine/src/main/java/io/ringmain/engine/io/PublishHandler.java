package io.ringmain.engine.io;

import io.ringmain.engine.auth.Permissions;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.protocol.Qos;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.TopicNames;
import io.ringmain.protocol.mqtt.PropertyId;
import io.ringmain.protocol.mqtt.PublishDecoder;
import io.ringmain.protocol.mqtt.PublishEncoder;
import java.util.function.BooleanSupplier;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Turns a PUBLISH into an event, straight into the ring. */
final class PublishHandler {
    private static final int KNOWN_TOPICS = 1024;

    private final IoAgent agent;
    private final IoLimits limits;
    private final MqttOptions options;
    private final BooleanSupplier logFull;
    private final SlotRing ring;
    private final int lane;
    private final RecordingPolicy recordings;
    private final StampPolicy stamps;
    private final PublishDecoder decoder = new PublishDecoder(new TopicNames(KNOWN_TOPICS));
    private UnsafeBuffer topic;
    private int topicOffset;
    private int topicLength;
    private UnsafeBuffer stamp;
    private int propertiesLength;
    private int payloadLength;
    private long count;
    private long payloadBytes;

    PublishHandler(final IoAgent agent, final IoContext context, final StampPolicy stamps, final int lane) {
        this.agent = agent;
        this.recordings = new RecordingPolicy(context);
        this.stamps = stamps;
        this.limits = agent.limits();
        this.options = context.options;
        this.logFull = context.logFull;
        this.ring = context.ring;
        this.lane = lane;
    }

    long takeCount() {
        final long taken = count;
        count = 0;
        return taken;
    }

    long takePayloadBytes() {
        final long taken = payloadBytes;
        payloadBytes = 0;
        return taken;
    }

    boolean onPublish(final Connection connection, final UnsafeBuffer buffer, final int offset, final int length) {
        if (agent.rates().holdsPublish(connection, buffer.getByte(offset))) {
            return InboundHandler.BACK_PRESSURE;
        }
        final int fault = decoder.wrap(buffer, offset, length, connection.version);
        if (fault != ReasonCode.SUCCESS) {
            agent.closeForFault(connection, fault);
            return InboundHandler.HANDLED;
        }
        final int breach = breach(connection, buffer);
        if (breach != ReasonCode.SUCCESS) {
            agent.closeForFault(connection, breach);
            return InboundHandler.HANDLED;
        }
        final boolean beyondRate = agent.rates().refusesPublish(connection);
        final int verdict = beyondRate ? ReasonCode.QUOTA_EXCEEDED : verdict(connection);
        final boolean endsHere = verdict != ReasonCode.SUCCESS && endsHere(connection, verdict);
        if (!endsHere && sequence(connection, buffer, verdict) == InboundHandler.BACK_PRESSURE) {
            return InboundHandler.BACK_PRESSURE;
        }
        if (beyondRate) {
            agent.count(CounterId.PUBLISH_REFUSED_RATE);
        } else if (limits.boundsPublishing()) {
            agent.rates().published(connection, length);
        }
        return InboundHandler.HANDLED;
    }

    /** The reason code for which the connection is closed, 0 if it isn't. Finds the topic name. */
    private int breach(final Connection connection, final UnsafeBuffer buffer) {
        if (decoder.properties().has(PropertyId.SUBSCRIPTION_IDENTIFIER)) {
            return ReasonCode.PROTOCOL_ERROR;
        }
        if (agent.userPropertyLimit().isPassed(decoder.properties())) {
            return ReasonCode.QUOTA_EXCEEDED;
        }
        if (decoder.qos() > limits.maxQos()) {
            agent.count(CounterId.LIMIT_QOS);
            return ReasonCode.QOS_NOT_SUPPORTED;
        }
        if (decoder.retain() && !options.retainAvailable()) {
            return ReasonCode.RETAIN_NOT_SUPPORTED;
        }
        if (connection.isV5() && decoder.qos() > Qos.AT_MOST_ONCE && connection.receiving >= limits.receiveMaximum()) {
            agent.count(CounterId.LIMIT_RECEIVE_MAXIMUM);
            return ReasonCode.RECEIVE_MAXIMUM_EXCEEDED;
        }
        topic = buffer;
        topicOffset = decoder.topicOffset();
        topicLength = decoder.topicLength();
        return decoder.properties().has(PropertyId.TOPIC_ALIAS) ? resolveAlias(connection) : ReasonCode.SUCCESS;
    }

    /** Notes what the alias stands for from here on, or takes the topic name that it stands for. */
    private int resolveAlias(final Connection connection) {
        final int alias = (int) decoder.properties().value(PropertyId.TOPIC_ALIAS);
        if (alias > limits.topicAliasMaximum()) {
            agent.count(CounterId.LIMIT_TOPIC_ALIAS);
            return ReasonCode.TOPIC_ALIAS_INVALID;
        }
        if (connection.receiveAliases == null) {
            connection.receiveAliases = new TopicAliases(limits.topicAliasMaximum());
        }
        final TopicAliases aliases = connection.receiveAliases;
        if (topicLength == 0) {
            topic = aliases.topic(alias);
            topicOffset = 0;
            topicLength = aliases.length(alias);
            if (topicLength == 0) {
                return ReasonCode.PROTOCOL_ERROR;
            }
            if (!decoder.names().knows(topic, 0, topicLength)) {
                decoder.names().learn(topic, 0, topicLength);
            }
            return ReasonCode.SUCCESS;
        }
        if (topicLength > limits.topicLength()) {
            agent.count(CounterId.PUBLISH_REFUSED_TOPIC);
            return ReasonCode.TOPIC_NAME_INVALID;
        }
        aliases.set(alias, topic, topicOffset, topicLength);
        return ReasonCode.SUCCESS;
    }

    /** The reason code for which this message is refused, whatever its client's rate; 0 if it isn't. */
    private int verdict(final Connection connection) {
        if (topicLength > limits.topicLength()
                || topic.getByte(topicOffset) == '$'
                || decoder.names().levels() > limits.topicLevels()) {
            agent.count(CounterId.PUBLISH_REFUSED_TOPIC);
            return ReasonCode.TOPIC_NAME_INVALID;
        }
        final Permissions permissions = connection.access.permissions();
        if (permissions != Permissions.ALL && !permissions.mayPublish(topic, topicOffset, topicLength)) {
            agent.count(CounterId.PUBLISH_REFUSED_ACL);
            return ReasonCode.NOT_AUTHORIZED;
        }
        if (options.payloadFormatChecked() && !decoder.payloadFormatValid()) {
            agent.count(CounterId.PUBLISH_REFUSED_PAYLOAD_FORMAT);
            return ReasonCode.PAYLOAD_FORMAT_INVALID;
        }
        if ((decoder.qos() > Qos.AT_MOST_ONCE || decoder.retain()) && logFull.getAsBoolean()) {
            agent.count(CounterId.PUBLISH_REFUSED_LOG_FULL);
            return ReasonCode.QUOTA_EXCEEDED;
        }
        return ReasonCode.SUCCESS;
    }

    /** A refused QoS 0 message has no acknowledgement to carry the reason; and 3.x knows none for a full log. */
    private boolean endsHere(final Connection connection, final int verdict) {
        if (decoder.qos() == Qos.AT_MOST_ONCE) {
            return true;
        }
        if (!connection.isV5() && verdict == ReasonCode.QUOTA_EXCEEDED) {
            agent.closeForFault(connection, verdict);
            return true;
        }
        return false;
    }

    private boolean sequence(final Connection connection, final UnsafeBuffer buffer, final int verdict) {
        final boolean accepted = verdict == ReasonCode.SUCCESS;
        final Recording recording = accepted
                ? recordings.of(decoder.qos(), decoder.retain(), topic, topicOffset, topicLength)
                : Recording.NOTHING;
        final boolean logged = recording == Recording.WHOLE;
        final int forged = StampPolicy.removeForged(decoder.properties());
        stamp = accepted ? stamps.of(connection, topic, topicOffset, topicLength) : null;
        propertiesLength = decoder.properties().forwardableLength() + (stamp == null ? 0 : stamp.capacity());
        payloadLength = accepted ? decoder.payloadLength() : 0;
        final int length = PublishEvent.length(topicLength, propertiesLength, payloadLength)
                + (logged ? connection.origin.capacity() : 0);
        final long claim = agent.claimMessage(length);
        if (claim == SlotRing.FULL) {
            return InboundHandler.BACK_PRESSURE;
        }
        if (recording == Recording.HEADERS && !sequenceHeaders(connection)) {
            ring.abandon(claim, length);
            return InboundHandler.BACK_PRESSURE;
        }
        writeParts(buffer, write(connection, ring.offset(claim), logged ? 0 : EventHeader.TRANSIENT, verdict));
        if (logged) {
            Origin.append(ring.buffer(), ring.offset(claim), connection.origin);
        }
        ring.commit(claim, length);
        recordings.count(recording);
        stamps.countForged(forged);
        count++;
        payloadBytes += decoder.payloadLength();
        connection.receiving += decoder.qos() > Qos.AT_MOST_ONCE ? 1 : 0;
        return InboundHandler.HANDLED;
    }

    /** The record beside a publish that isn't one itself. */
    private boolean sequenceHeaders(final Connection connection) {
        final int length = PublishEvent.length(topicLength, 0, 0) + connection.origin.capacity();
        final long claim = agent.claim(length);
        if (claim == SlotRing.FULL) {
            return false;
        }
        final int event = ring.offset(claim);
        ring.buffer().putBytes(write(connection, event, 0, ReasonCode.SUCCESS), topic, topicOffset, topicLength);
        PublishEvent.toHeaders(ring.buffer(), event);
        Origin.append(ring.buffer(), event, connection.origin);
        ring.commit(claim, length);
        return true;
    }

    /** Writes the event but its variable parts; returns the offset of those. */
    private int write(final Connection connection, final int event, final int headerFlags, final int verdict) {
        final long expiry = decoder.properties().messageExpirySeconds();
        return PublishEvent.write(
                ring.buffer(),
                event,
                headerFlags,
                lane,
                connection.id,
                decoder.packetId(),
                decoder.qos(),
                flags(expiry),
                verdict,
                connection.version.level(),
                (int) expiry,
                decoder.names().hash(),
                topicLength,
                propertiesLength,
                payloadLength);
    }

    private void writeParts(final UnsafeBuffer buffer, final int offset) {
        final MutableDirectBuffer target = ring.buffer();
        int at = offset;
        target.putBytes(at, topic, topicOffset, topicLength);
        at += topicLength;
        at += decoder.properties().copyForwardable(target, at);
        if (stamp != null) {
            target.putBytes(at, stamp, 0, stamp.capacity());
            at += stamp.capacity();
        }
        target.putBytes(at, buffer, decoder.payloadOffset(), payloadLength);
    }

    private int flags(final long expirySeconds) {
        return (decoder.retain() ? PublishEvent.RETAIN : 0)
                | (decoder.dup() ? PublishEvent.DUP : 0)
                | (stamp != null ? PublishEvent.STAMPED : 0)
                | (expirySeconds != PublishEncoder.NO_EXPIRY ? PublishEvent.HAS_EXPIRY : 0);
    }
}
