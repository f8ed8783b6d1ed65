package io.ringmain.engine.io;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.engine.event.TopicHash;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.protocol.Qos;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.TopicName;
import io.ringmain.protocol.mqtt.Properties;
import io.ringmain.protocol.mqtt.PropertyId;
import io.ringmain.protocol.mqtt.PublishDecoder;
import io.ringmain.protocol.mqtt.PublishEncoder;
import java.util.function.BooleanSupplier;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Turns a PUBLISH into an event, straight into the ring. */
final class PublishHandler {
    private final IoAgent agent;
    private final IoLimits limits;
    private final BooleanSupplier logFull;
    private final SlotRing ring;
    private final int lane;
    private final PublishDecoder decoder = new PublishDecoder();
    private long count;

    PublishHandler(final IoAgent agent, final IoContext context, final int lane) {
        this.agent = agent;
        this.limits = context.limits;
        this.logFull = context.logFull;
        this.ring = context.ring;
        this.lane = lane;
    }

    long takeCount() {
        final long taken = count;
        count = 0;
        return taken;
    }

    boolean onPublish(final Connection connection, final UnsafeBuffer buffer, final int offset, final int length) {
        final int fault = decoder.wrap(buffer, offset, length, connection.version);
        if (fault != ReasonCode.SUCCESS) {
            agent.closeForFault(connection, fault);
            return InboundHandler.HANDLED;
        }
        if (decoder.properties().has(PropertyId.TOPIC_ALIAS)) {
            agent.closeForFault(connection, ReasonCode.TOPIC_ALIAS_INVALID);
            return InboundHandler.HANDLED;
        }
        if (decoder.properties().has(PropertyId.SUBSCRIPTION_IDENTIFIER)) {
            agent.closeForFault(connection, ReasonCode.PROTOCOL_ERROR);
            return InboundHandler.HANDLED;
        }
        if (decoder.qos() > limits.maxQos()) {
            agent.closeForFault(connection, ReasonCode.QOS_NOT_SUPPORTED);
            return InboundHandler.HANDLED;
        }
        final int verdict = verdict(buffer);
        if (verdict != ReasonCode.SUCCESS && endsHere(connection, verdict)) {
            return InboundHandler.HANDLED;
        }
        return sequence(connection, buffer, verdict);
    }

    /** The reason code for which this message is refused, 0 if it isn't. */
    private int verdict(final UnsafeBuffer buffer) {
        final int topic = decoder.topicOffset();
        final int topicLength = decoder.topicLength();
        if (topicLength > limits.topicLength()
                || buffer.getByte(topic) == '$'
                || TopicName.levels(buffer, topic, topicLength) > limits.topicLevels()) {
            agent.count(CounterId.PUBLISH_REFUSED_TOPIC);
            return ReasonCode.TOPIC_NAME_INVALID;
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
        final Properties properties = decoder.properties();
        final boolean logged = verdict == ReasonCode.SUCCESS && (decoder.qos() > Qos.AT_MOST_ONCE || decoder.retain());
        final int clientIdLength = logged ? connection.clientId.capacity() : 0;
        final int topicLength = decoder.topicLength();
        final int propertiesLength = properties.forwardableLength();
        final int payloadLength = verdict == ReasonCode.SUCCESS ? decoder.payloadLength() : 0;
        final int length = PublishEvent.length(clientIdLength, topicLength, propertiesLength, payloadLength);
        final long claim = agent.claim(length);
        if (claim == SlotRing.FULL) {
            return InboundHandler.BACK_PRESSURE;
        }
        final MutableDirectBuffer target = ring.buffer();
        final long expiry = properties.messageExpirySeconds();
        int at = PublishEvent.write(
                target,
                ring.offset(claim),
                logged ? 0 : EventHeader.TRANSIENT,
                lane,
                connection.id,
                decoder.packetId(),
                decoder.qos(),
                flags(expiry),
                verdict,
                connection.version.level(),
                (int) expiry,
                TopicHash.of(buffer, decoder.topicOffset(), topicLength),
                clientIdLength,
                topicLength,
                propertiesLength,
                payloadLength);
        target.putBytes(at, connection.clientId, 0, clientIdLength);
        at += clientIdLength;
        target.putBytes(at, buffer, decoder.topicOffset(), topicLength);
        at += topicLength;
        at += properties.copyForwardable(target, at);
        target.putBytes(at, buffer, decoder.payloadOffset(), payloadLength);
        ring.commit(claim, length);
        count++;
        return InboundHandler.HANDLED;
    }

    private int flags(final long expirySeconds) {
        return (decoder.retain() ? PublishEvent.RETAIN : 0)
                | (decoder.dup() ? PublishEvent.DUP : 0)
                | (expirySeconds != PublishEncoder.NO_EXPIRY ? PublishEvent.HAS_EXPIRY : 0);
    }
}
