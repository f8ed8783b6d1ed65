package io.ringmain.perf.jmh;

import io.ringmain.engine.event.ConnectEvent;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.engine.event.SubscribeEvent;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.protocol.TopicHash;
import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.CompilerControl;

/** Events as the I/O agents write them, of clients with MQTT 3.1.1 on lane 0. */
final class Events {
    /** What is published everywhere unless a benchmark says otherwise. */
    static final UnsafeBuffer TOPIC = bytes("plant/line-07/rpm/01");

    static final UnsafeBuffer PAYLOAD = new UnsafeBuffer(new byte[64]);

    private static final int PROTOCOL_LEVEL = 4;

    private Events() {}

    static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Length in bytes of what {@link #publish} writes. */
    static int publishLength(final UnsafeBuffer topic) {
        return PublishEvent.length(topic.capacity(), 0, PAYLOAD.capacity());
    }

    /**
     * A PUBLISH of {@link #PAYLOAD}; one with QoS 0 and without RETAIN is transient. A call of its own, so that what a
     * benchmark always says isn't folded into it.
     */
    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    static void publish(
            final MutableDirectBuffer buffer,
            final int offset,
            final long connection,
            final int qos,
            final int flags,
            final int packetId,
            final UnsafeBuffer topic) {
        final boolean isTransient = qos == 0 && (flags & PublishEvent.RETAIN) == 0;
        final int at = PublishEvent.write(
                buffer,
                offset,
                isTransient ? EventHeader.TRANSIENT : 0,
                0,
                connection,
                packetId,
                qos,
                flags,
                0,
                PROTOCOL_LEVEL,
                0,
                TopicHash.of(topic, 0, topic.capacity()),
                topic.capacity(),
                0,
                PAYLOAD.capacity());
        buffer.putBytes(at, topic, 0, topic.capacity());
        buffer.putBytes(at + topic.capacity(), PAYLOAD, 0, PAYLOAD.capacity());
    }

    /** As above, into the ring; there must be room. */
    static void publish(
            final SlotRing ring,
            final long connection,
            final int qos,
            final int flags,
            final int packetId,
            final UnsafeBuffer topic) {
        final int length = publishLength(topic);
        final long sequence = ring.tryClaim(length);
        publish(ring.buffer(), ring.offset(sequence), connection, qos, flags, packetId, topic);
        ring.commit(sequence, length);
    }

    /** A CONNECT of a client whose session is kept. */
    static void connect(final MutableDirectBuffer buffer, final long connection, final String clientId) {
        final UnsafeBuffer id = bytes(clientId);
        new ConnectEvent()
                .wrapForWrite(buffer, 0, 0, 0, connection)
                .protocolLevel(PROTOCOL_LEVEL)
                .sessionExpirySeconds(ConnectEvent.NEVER)
                .receiveMaximum(0xFFFF)
                .maximumPacketSize(Integer.MAX_VALUE)
                .clientId(id, 0, id.capacity())
                .finish();
    }

    /** A SUBSCRIBE with one filter. */
    static void subscribe(final MutableDirectBuffer buffer, final long connection, final String filter, final int qos) {
        final UnsafeBuffer bytes = bytes(filter);
        new SubscribeEvent()
                .wrapForWrite(buffer, 0, EventType.SUBSCRIBE, 0, connection, 1, 0)
                .add(qos, 0, bytes, 0, bytes.capacity())
                .finish();
    }

    /** Puts an event that was written elsewhere into the ring; there must be room. */
    static void copy(final UnsafeBuffer event, final SlotRing ring) {
        final int length = EventHeader.length(event, 0);
        final long sequence = ring.tryClaim(length);
        ring.buffer().putBytes(ring.offset(sequence), event, 0, length);
        ring.commit(sequence, length);
    }
}
