package io.ringmain.engine.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ringmain.engine.event.AckBatchEvent;
import io.ringmain.engine.event.BrokerStartedEvent;
import io.ringmain.engine.event.ConnectEvent;
import io.ringmain.engine.event.DeliveryFlags;
import io.ringmain.engine.event.DisconnectEvent;
import io.ringmain.engine.event.DrainedEvent;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.LimitsChangedEvent;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.engine.event.RecordsLostEvent;
import io.ringmain.engine.event.ReplayBatchEvent;
import io.ringmain.engine.event.SubscribeEvent;
import io.ringmain.engine.event.TickEvent;
import io.ringmain.engine.event.WillDeniedEvent;
import io.ringmain.protocol.TopicHash;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/** A core with a journal that stamps: events go in by name, what the core says comes out as lines. */
final class CoreRig {
    static final int PUBACK = 4;
    static final int PUBREC = 5;
    static final int PUBREL = 6;
    static final int PUBCOMP = 7;

    /** What happens to every event, after it is stamped. */
    @FunctionalInterface
    interface EventSink {
        void onEvent(UnsafeBuffer buffer, int offset);
    }

    /** A will for {@link #connect(long, String, Will, int...)}. */
    record Will(String topic, String payload, int qos, boolean retain, long delaySeconds) {}

    static final int CLEAN = 1;
    static final int NEVER = -1;

    final OutputRecorder output = new OutputRecorder();
    final BrokerCore core;
    final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1 << 17]);

    private final EventSink sink;
    private long position;
    private long nowNs = TimeUnit.SECONDS.toNanos(1_000_000);
    private int protocolLevel = 5;
    private int receiveMaximum = 65535;
    private int maximumPacketSize = Integer.MAX_VALUE;
    private int subscriptionIdentifier;
    private String user = "";

    CoreRig() {
        this(new CoreLimits());
    }

    CoreRig(final CoreLimits limits) {
        core = new BrokerCore(limits, output);
        sink = core::onEvent;
    }

    CoreRig(final EventSink sink) {
        this.core = null;
        this.sink = sink;
    }

    CoreRig protocolLevel(final int level) {
        protocolLevel = level;
        return this;
    }

    CoreRig receiveMaximum(final int maximum) {
        receiveMaximum = maximum;
        return this;
    }

    CoreRig maximumPacketSize(final int bytes) {
        maximumPacketSize = bytes;
        return this;
    }

    /** Of the subscriptions from here on, 0 for none. */
    CoreRig subscriptionIdentifier(final int identifier) {
        subscriptionIdentifier = identifier;
        return this;
    }

    /** Of the clients that connect from here on, empty for none. */
    CoreRig user(final String name) {
        user = name;
        return this;
    }

    /** The I/O agent reports that the connection has been given what was marked. */
    List<String> drained(final long connection) {
        DrainedEvent.write(buffer, 0, 0, connection);
        return apply();
    }

    long nowNs() {
        return nowNs;
    }

    /** Position that the next event will have. */
    long nextPosition() {
        return position;
    }

    /** The next event has this position. */
    void skipTo(final long next) {
        position = next;
    }

    /** Position of the last logged event. */
    long position() {
        return core.position();
    }

    void passSeconds(final long seconds) {
        nowNs += TimeUnit.SECONDS.toNanos(seconds);
    }

    void passNanos(final long nanos) {
        nowNs += nanos;
    }

    List<String> take() {
        return output.take();
    }

    private List<String> apply() {
        EventHeader.stamp(buffer, 0, position, nowNs);
        if (!EventHeader.isTransient(buffer, 0)) {
            position = EventHeader.nextPosition(buffer, 0);
        }
        sink.onEvent(buffer, 0);
        return take();
    }

    List<String> start() {
        return start(new long[0]);
    }

    List<String> changeLimits(final long[] limits) {
        LimitsChangedEvent.write(buffer, 0, limits);
        return apply();
    }

    List<String> start(final long[] limits) {
        BrokerStartedEvent.write(buffer, 0, 1, limits);
        return apply();
    }

    /** Records from a position up to another are lost. */
    List<String> recordsLost(final long from, final long to) {
        RecordsLostEvent.write(buffer, 0, from, to);
        return apply();
    }

    List<String> tick() {
        TickEvent.write(buffer, 0, nowNs);
        return apply();
    }

    /** Clean start, session ends with its connection. */
    List<String> connectClean(final long connection, final String clientId) {
        return connect(connection, clientId, null, CLEAN, 0);
    }

    /** Resumes, session is kept for good. */
    List<String> connectKept(final long connection, final String clientId) {
        return connect(connection, clientId, null, 0, NEVER);
    }

    /** @param flagsAndExpiry connect flags, session expiry in seconds. */
    List<String> connect(final long connection, final String clientId, final Will will, final int... flagsAndExpiry) {
        final int willFlags = will == null
                ? 0
                : ConnectEvent.HAS_WILL
                        | (will.retain() ? ConnectEvent.WILL_RETAIN : 0)
                        | will.qos() << ConnectEvent.WILL_QOS_SHIFT;
        final ConnectEvent event = new ConnectEvent()
                .wrapForWrite(buffer, 0, 0, 0, connection)
                .protocolLevel(protocolLevel)
                .flags(flagsAndExpiry[0] | willFlags)
                .sessionExpirySeconds(flagsAndExpiry[1])
                .receiveMaximum(receiveMaximum)
                .maximumPacketSize(maximumPacketSize);
        if (will != null) {
            event.willDelaySeconds(will.delaySeconds());
        }
        final UnsafeBuffer id = text(clientId);
        event.clientId(id, 0, id.capacity());
        event.username(text(user), 0, text(user).capacity());
        if (will != null) {
            final UnsafeBuffer topic = text(will.topic());
            final UnsafeBuffer payload = text(will.payload());
            event.willTopic(topic, 0, topic.capacity()).willPayload(payload, 0, payload.capacity());
        }
        event.finish();
        return apply();
    }

    List<String> disconnect(final long connection, final int reasonCode) {
        DisconnectEvent.write(buffer, 0, EventType.DISCONNECT, 0, connection, reasonCode, 0, 0);
        return apply();
    }

    List<String> disconnectWithExpiry(final long connection, final long expirySeconds) {
        DisconnectEvent.write(
                buffer, 0, EventType.DISCONNECT, 0, connection, 0, DisconnectEvent.HAS_SESSION_EXPIRY, expirySeconds);
        return apply();
    }

    List<String> denyWill(final long connection) {
        WillDeniedEvent.write(buffer, 0, 0, connection);
        return apply();
    }

    List<String> lose(final long connection) {
        DisconnectEvent.write(buffer, 0, EventType.CONNECTION_LOST, 0, connection, 0x80, 0, 0);
        return apply();
    }

    List<String> subscribe(final long connection, final int packetId, final String filter, final int options) {
        return subscribe(connection, packetId, new String[] {filter}, new int[] {options}, new int[] {0});
    }

    List<String> subscribe(
            final long connection,
            final int packetId,
            final String[] filters,
            final int[] options,
            final int[] verdicts) {
        final SubscribeEvent event = new SubscribeEvent()
                .wrapForWrite(buffer, 0, EventType.SUBSCRIBE, 0, connection, packetId, subscriptionIdentifier);
        for (int i = 0; i < filters.length; i++) {
            final UnsafeBuffer filter = text(filters[i]);
            event.add(options[i], verdicts[i], filter, 0, filter.capacity());
        }
        event.finish();
        return apply();
    }

    List<String> unsubscribe(final long connection, final int packetId, final String filter) {
        final UnsafeBuffer bytes = text(filter);
        new SubscribeEvent()
                .wrapForWrite(buffer, 0, EventType.UNSUBSCRIBE, 0, connection, packetId, 0)
                .add(0, 0, bytes, 0, bytes.capacity())
                .finish();
        return apply();
    }

    List<String> publish(
            final long connection, final int qos, final int packetId, final String topic, final String payload) {
        return publish(connection, qos, packetId, 0, 0, -1, topic, payload);
    }

    List<String> retain(
            final long connection, final int qos, final int packetId, final String topic, final String payload) {
        return publish(connection, qos, packetId, PublishEvent.RETAIN, 0, -1, topic, payload);
    }

    List<String> publish(
            final long connection,
            final int qos,
            final int packetId,
            final int flags,
            final int reasonCode,
            final int expirySeconds,
            final String topic,
            final String payload) {
        final UnsafeBuffer topicBytes = text(topic);
        final UnsafeBuffer payloadBytes = text(payload);
        final boolean isTransient = reasonCode != 0 || (qos == 0 && (flags & PublishEvent.RETAIN) == 0);
        final int parts = PublishEvent.write(
                buffer,
                0,
                isTransient ? EventHeader.TRANSIENT : 0,
                0,
                connection,
                packetId,
                qos,
                flags | (expirySeconds >= 0 ? PublishEvent.HAS_EXPIRY : 0),
                reasonCode,
                protocolLevel,
                Math.max(0, expirySeconds),
                TopicHash.of(topicBytes, 0, topicBytes.capacity()),
                topicBytes.capacity(),
                0,
                payloadBytes.capacity());
        buffer.putBytes(parts, topicBytes, 0, topicBytes.capacity());
        buffer.putBytes(parts + topicBytes.capacity(), payloadBytes, 0, payloadBytes.capacity());
        return apply();
    }

    /**
     * What was found in the log for a replay.
     *
     * @param messages position and QoS of each.
     */
    List<String> batch(
            final long connection,
            final int number,
            final long askedAt,
            final int flags,
            final long reached,
            final long... messages) {
        final ReplayBatchEvent event = new ReplayBatchEvent().wrapForWrite(buffer, 0, connection, number, askedAt);
        for (int i = 0; i < messages.length; i += 2) {
            event.add(messages[i], 0, 100, 20, 0, DeliveryFlags.of((int) messages[i + 1], false, false));
        }
        event.finish(flags, 0, reached);
        return apply();
    }

    /** One acknowledgement of a client. */
    List<String> ack(final long connection, final int packetType, final int packetId) {
        return ack(connection, packetType, packetId, 0);
    }

    List<String> ack(final long connection, final int packetType, final int packetId, final int reasonCode) {
        new AckBatchEvent().wrapForWrite(buffer, 0, 0, connection, 1).set(0, packetType, reasonCode, packetId);
        return apply();
    }

    private static UnsafeBuffer text(final String text) {
        return new UnsafeBuffer(text.getBytes(UTF_8));
    }
}
