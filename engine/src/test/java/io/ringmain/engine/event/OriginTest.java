package io.ringmain.engine.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class OriginTest {
    private static final int OFFSET = 24;

    private final ExpandableArrayBuffer event = new ExpandableArrayBuffer();
    private final Origin origin = new Origin();

    private static UnsafeBuffer utf8(final String text) {
        return new UnsafeBuffer(text.getBytes(UTF_8));
    }

    private static UnsafeBuffer origin(
            final int level,
            final String client,
            final String user,
            final String certificate,
            final String listener,
            final String peer) {
        final int texts = (client + user + certificate + listener + peer).getBytes(UTF_8).length;
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[Origin.length(texts)]);
        final int length =
                Origin.write(bytes, 0, level, utf8(client), utf8(user), utf8(certificate), utf8(listener), utf8(peer));
        assertEquals(bytes.capacity(), length);
        return bytes;
    }

    private void publish(final String topic, final String payload) {
        final byte[] name = topic.getBytes(UTF_8);
        final byte[] content = payload.getBytes(UTF_8);
        final int at = PublishEvent.write(event, OFFSET, 0, 3, 7, 9, 1, 0, 0, 5, 0, 0, name.length, 0, content.length);
        event.putBytes(at, name);
        event.putBytes(at + name.length, content);
    }

    private void assertOrigin(final String expected) {
        origin.wrap(event, OFFSET);
        assertTrue(origin.isPresent());
        assertEquals(
                expected,
                origin.protocolLevel() + " " + origin.clientId() + " " + origin.username() + " " + origin.certificate()
                        + " " + origin.listener() + " " + origin.peer());
    }

    @Test
    void shouldBeFoundBehindTheBodyOfAnEvent() {
        publish("a/b", "payload");
        final int length = EventHeader.length(event, OFFSET);
        Origin.append(event, OFFSET, origin(5, "gërät", "alice", "CN=alice", "tls", "10.0.0.7:5123"));
        assertOrigin("5 gërät alice CN=alice tls 10.0.0.7:5123");
        assertEquals(length, Origin.lengthWithout(event, OFFSET));
        assertEquals("10.0.0.7:5123", event.getStringWithoutLengthUtf8(origin.peerOffset(), origin.peerLength()));
    }

    @Test
    void shouldNotBeTakenForPayload() {
        publish("a/b", "payload");
        Origin.append(event, OFFSET, origin(5, "c", "", "", "local", "p"));
        final MessageView message = new MessageView().wrap(event, OFFSET);
        assertEquals("payload", event.getStringWithoutLengthUtf8(message.payloadOffset(), message.payloadLength()));
        assertEquals(0, message.propertiesLength());
    }

    @Test
    void shouldLeaveTheOtherHeaderFlagsAlone() {
        publish("a", "");
        event.putByte(OFFSET + EventHeader.FLAGS_OFFSET, (byte) EventHeader.TRANSIENT);
        Origin.append(event, OFFSET, origin(4, "c", "", "", "l", "p"));
        assertEquals(EventHeader.TRANSIENT | EventHeader.ORIGIN, EventHeader.flags(event, OFFSET));
    }

    @Test
    void shouldBeTheBodyOfAConnect() {
        final UnsafeBuffer will = utf8("the will");
        final ConnectEvent connect = new ConnectEvent()
                .wrapForWrite(event, OFFSET, 0, 0, 1)
                .protocolLevel(4)
                .clientId(utf8("c1"), 0, 2)
                .username(utf8("bob"), 0, 3)
                .certificate(utf8("CN=b"), 0, 4)
                .listener(utf8("local"), 0, 5)
                .peer(utf8("peer"), 0, 4)
                .willTopic(utf8("w"), 0, 1)
                .willProperties(utf8(""), 0, 0)
                .willPayload(will, 0, will.capacity());
        connect.finish();
        assertOrigin("4 c1 bob CN=b local peer");
        final MessageView message = new MessageView().wrap(event, OFFSET);
        assertEquals("the will", event.getStringWithoutLengthUtf8(message.payloadOffset(), message.payloadLength()));
    }

    @Test
    void shouldBeAbsentWhereNoClientIsTheCause() {
        publish("a", "x");
        origin.wrap(event, OFFSET);
        assertFalse(origin.isPresent());
        assertEquals("", origin.clientId());
        assertEquals(0, origin.peerLength());
        TickEvent.write(event, OFFSET, 1);
        assertFalse(origin.wrap(event, OFFSET).isPresent());
    }

    @Test
    void shouldRefuseMoreThanItsLengthCanSay() {
        final UnsafeBuffer long1 = new UnsafeBuffer(new byte[0x8000]);
        final UnsafeBuffer none = new UnsafeBuffer(new byte[0]);
        assertThrows(IllegalArgumentException.class, () -> Origin.write(event, 0, 5, long1, long1, none, none, none));
    }
}
