package io.ringmain.ops.log;

import io.ringmain.engine.driver.EventKeys;
import io.ringmain.engine.event.AckBatchEvent;
import io.ringmain.engine.event.AdminEvent;
import io.ringmain.engine.event.AuthFailedEvent;
import io.ringmain.engine.event.ConnectEvent;
import io.ringmain.engine.event.DisconnectEvent;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.NoteEvent;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.engine.event.SubscribeEvent;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.storage.log.ChronicleMessageLog;
import io.ringmain.storage.log.LogContext;
import io.ringmain.storage.log.LogInspector;
import io.ringmain.storage.log.MessageLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/** A log written as the journal writes it. */
final class SmallLog implements AutoCloseable {
    private static final UnsafeBuffer EMPTY = new UnsafeBuffer(new byte[0]);

    private static final UnsafeBuffer USER = bytes("alice");
    private static final UnsafeBuffer CERTIFICATE = bytes("CN=press");
    private static final UnsafeBuffer LISTENER = bytes("local");
    private static final UnsafeBuffer PEER = bytes("10.0.0.7:5");

    private final UnsafeBuffer event = new UnsafeBuffer(new byte[64 << 10]);
    private final Path dir;
    private final MessageLog log;
    private long timestampNs;
    private boolean open = true;

    SmallLog(final Path dir, final long timestampNs) {
        this(dir, timestampNs, false);
    }

    /** @param withKeys whether sealed segments know which topics, clients and users are in them. */
    SmallLog(final Path dir, final long timestampNs, final boolean withKeys) {
        this.dir = dir;
        this.timestampNs = timestampNs;
        final LogContext context =
                new LogContext().dataDir(dir).segmentBytes(1 << 20).maxRecordLength(64 << 10);
        this.log = ChronicleMessageLog.open(withKeys ? context.keys(new EventKeys()) : context);
        log.beginBlock(timestampNs);
    }

    int segments() {
        return LogInspector.open(dir).segments().size();
    }

    void nextBlock(final long blockTimestampNs) {
        log.endBlock();
        timestampNs = blockTimestampNs;
        log.beginBlock(timestampNs);
    }

    long connect(final long connection, final String client) {
        return connect(connection, client, EMPTY, ConnectEvent.CLEAN_START, "", "");
    }

    /** A CONNECT with a will of QoS 1 that is to be retained. */
    long connectWithWill(final long connection, final String client, final String topic, final String payload) {
        final int flags = ConnectEvent.HAS_WILL | ConnectEvent.WILL_RETAIN | 1 << ConnectEvent.WILL_QOS_SHIFT;
        return connect(connection, client, USER, flags, topic, payload);
    }

    private long connect(
            final long connection,
            final String client,
            final UnsafeBuffer user,
            final int flags,
            final String willTopic,
            final String willPayload) {
        final UnsafeBuffer id = bytes(client);
        final UnsafeBuffer topic = bytes(willTopic);
        final UnsafeBuffer payload = bytes(willPayload);
        new ConnectEvent()
                .wrapForWrite(event, 0, 0, 0, connection)
                .protocolLevel(5)
                .flags(flags)
                .clientId(id, 0, id.capacity())
                .username(user, 0, user.capacity())
                .certificate(EMPTY, 0, 0)
                .listener(LISTENER, 0, LISTENER.capacity())
                .peer(PEER, 0, PEER.capacity())
                .willTopic(topic, 0, topic.capacity())
                .willProperties(EMPTY, 0, 0)
                .willPayload(payload, 0, payload.capacity())
                .finish();
        return append();
    }

    /** Says that an event at one position led to the publication of the will in the CONNECT at another. */
    long willPublished(final long cause, final long connect, final String topic, final String client) {
        NoteEvent.write(event, 0, EventType.WILL_PUBLISHED, cause, connect, 0, bytes(topic), bytes(client));
        return append();
    }

    /** Says that the message at a position was not taken. */
    void notTaken(final long position, final int reasonCode) {
        NoteEvent.write(event, 0, EventType.NOT_TAKEN, position, position, reasonCode, EMPTY, EMPTY);
        append();
    }

    void subscribe(final long connection, final String client, final String filter, final int qos) {
        final UnsafeBuffer text = bytes(filter);
        new SubscribeEvent()
                .wrapForWrite(event, 0, EventType.SUBSCRIBE, 0, connection, 1, 0)
                .add(qos, 0, text, 0, text.capacity())
                .finish();
        append(client);
    }

    long publish(
            final long connection,
            final String client,
            final String topic,
            final int qos,
            final boolean retain,
            final String payload) {
        return publish(connection, client, topic, qos, retain, payload.getBytes(StandardCharsets.UTF_8));
    }

    long publish(
            final long connection,
            final String client,
            final String topic,
            final int qos,
            final boolean retain,
            final byte[] payload) {
        final UnsafeBuffer name = bytes(topic);
        final int parts = PublishEvent.write(
                event,
                0,
                0,
                0,
                connection,
                1,
                qos,
                retain ? PublishEvent.RETAIN : 0,
                0,
                5,
                0,
                0,
                name.capacity(),
                0,
                payload.length);
        event.putBytes(parts, name, 0, name.capacity());
        event.putBytes(parts + name.capacity(), payload);
        return append(client);
    }

    /** A QoS 0 publish without its content. */
    void headers(final long connection, final String client, final String topic, final int payloadLength) {
        final UnsafeBuffer name = bytes(topic);
        final int at =
                PublishEvent.write(event, 0, 0, 0, connection, 0, 0, 0, 0, 5, 0, 0, name.capacity(), 0, payloadLength);
        event.putBytes(at, name, 0, name.capacity());
        PublishEvent.toHeaders(event, 0);
        append(client);
    }

    void authFailed(final String client, final int reasonCode) {
        AuthFailedEvent.write(event, 0, 0, EventHeader.NO_CONNECTION, reasonCode);
        append(client);
    }

    void admin(final String actor, final String action) {
        AdminEvent.write(event, 0, actor.getBytes(StandardCharsets.UTF_8), action.getBytes(StandardCharsets.UTF_8));
        append();
    }

    void acknowledge(final long connection, final String client, final int packetType, final int packetId) {
        new AckBatchEvent().wrapForWrite(event, 0, 0, connection, 1).set(0, packetType, 0, packetId);
        append(client);
    }

    /** @param client null for an event that doesn't say whose it is. */
    long disconnect(final long connection, final String client) {
        DisconnectEvent.write(event, 0, EventType.DISCONNECT, 0, connection, ReasonCode.SUCCESS, 0, 0);
        return client == null ? append() : append(client);
    }

    /** Appends the event with the origin of a client. */
    private long append(final String client) {
        final UnsafeBuffer id = bytes(client);
        final int texts =
                id.capacity() + USER.capacity() + CERTIFICATE.capacity() + LISTENER.capacity() + PEER.capacity();
        final UnsafeBuffer origin = new UnsafeBuffer(new byte[Origin.length(texts)]);
        Origin.write(origin, 0, 5, id, USER, CERTIFICATE, LISTENER, PEER);
        Origin.append(event, 0, origin);
        return append();
    }

    private long append() {
        final long position = log.appendPosition();
        EventHeader.stamp(event, 0, position, timestampNs);
        if (!log.append(event, 0, EventHeader.length(event, 0))) {
            throw new IllegalStateException("more than a block: call nextBlock");
        }
        return position;
    }

    private static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            log.endBlock();
            log.force();
            log.close();
        }
    }
}
