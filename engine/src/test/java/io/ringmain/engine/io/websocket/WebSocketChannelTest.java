package io.ringmain.engine.io.websocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.io.AddressSet;
import io.ringmain.engine.io.Channel;
import io.ringmain.engine.io.ChannelException;
import io.ringmain.protocol.websocket.AllowedOrigins;
import io.ringmain.protocol.websocket.UpgradeRules;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketChannelTest {
    private static final int FIRST_FRAME = 1024;
    private static final int MAX_FRAME = 1 << 20;
    private static final int MAX_HEADER = 2048;
    private static final String REQUEST = """
            GET /mqtt HTTP/1.1
            Host: broker:9001
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Protocol: mqtt
            Sec-WebSocket-Version: 13

            """;

    private final Counters counters = new Counters();
    private final ScriptedChannel network = new ScriptedChannel("192.0.2.1");
    private final Channel channel = over(network);
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);

    private Channel over(final ScriptedChannel socket) {
        final WebSocketOptions options = new WebSocketOptions(
                new UpgradeRules("/mqtt", new AllowedOrigins(List.of("https://ops.example.com"))),
                AddressSet.parse(List.of("10.0.0.0/8", "127.0.0.1")),
                MAX_HEADER,
                20,
                FIRST_FRAME,
                MAX_FRAME,
                5);
        return new WebSocketLayer(options, counters).over(socket);
    }

    /** A frame of a client whose key is zero: what it carries can be read as it is. */
    private static byte[] frame(final int firstByte, final byte[] payload) {
        final ByteBuffer frame = ByteBuffer.allocate(payload.length + 14).put((byte) firstByte);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length <= 0xFFFF) {
            frame.put((byte) 0xFE).putShort((short) payload.length);
        } else {
            frame.put((byte) 0xFF).putLong(payload.length);
        }
        return Arrays.copyOf(frame.putInt(0).put(payload).array(), frame.position());
    }

    private static byte[] frame(final int firstByte, final String payload) {
        return frame(firstByte, payload.getBytes());
    }

    private static byte[] concat(final byte[]... parts) {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (final byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** One read: the bytes that it gave, null for the end of the stream. */
    private byte[] read() throws IOException {
        buffer.clear();
        final int count = channel.read(buffer);
        if (count < 0) {
            return null;
        }
        assertEquals(count, buffer.position());
        final byte[] bytes = new byte[count];
        buffer.flip().get(bytes);
        return bytes;
    }

    private void open() throws IOException {
        network.arrives(REQUEST);
        assertEquals(0, read().length);
        assertTrue(new String(network.sent()).startsWith("HTTP/1.1 101 "));
    }

    private int write(final byte[] bytes) throws IOException {
        final ByteBuffer source = ByteBuffer.allocateDirect(bytes.length + 3).position(3);
        source.put(bytes).flip().position(3);
        final int count = channel.write(source);
        assertEquals(3 + count, source.position());
        return count;
    }

    private static String hex(final byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void shouldAnswerARequestThatComesInPieces() throws IOException {
        final String request = REQUEST.replace("\n", "\r\n");
        for (int i = 0; i < request.length(); i++) {
            assertEquals(0, network.sent().length);
            network.arrives(request.substring(i, i + 1).getBytes());
            assertEquals(0, read().length);
        }
        assertTrue(new String(network.sent()).contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        assertEquals(1, counters.get(CounterId.WEBSOCKET_UPGRADES));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /mqtt        | GET /other          | 404 | WEBSOCKET_REFUSED_PATH",
                "GET /mqtt        | POST /mqtt          | 405 | WEBSOCKET_REFUSED_REQUEST",
                "Version: 13      | Version: 7          | 426 | WEBSOCKET_REFUSED_VERSION",
                "Protocol: mqtt   | Protocol: chat      | 400 | WEBSOCKET_REFUSED_SUB_PROTOCOL",
                "Host: broker     | Origin: https://a.b | 400 | WEBSOCKET_REFUSED_REQUEST",
                "Upgrade: web     | Origin: https://a.b~Upgrade: web | 403 | WEBSOCKET_REFUSED_ORIGIN",
                "Upgrade: web     | Content-Length: 1~Upgrade: web   | 400 | WEBSOCKET_REFUSED_REQUEST",
            })
    void shouldRefuse(final String part, final String replacement, final int status, final CounterId counter) {
        network.arrives(REQUEST.replace(part.strip(), replacement.strip().replace('~', '\n')));
        final ChannelException refusal = assertThrows(ChannelException.class, this::read);
        assertEquals(counter, refusal.counter());
        channel.close();
        assertTrue(new String(network.sent()).startsWith("HTTP/1.1 " + status + " "));
        assertTrue(network.closed);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 100_000})
    void shouldBoundARequestInPiecesOfAnySize(final int piece) throws IOException {
        final byte[] flood = new byte[100_000];
        Arrays.fill(flood, (byte) 'A');
        int read = 0;
        for (int at = 0;
                at < flood.length && counters.get(CounterId.WEBSOCKET_REFUSED_HEADER_LIMIT) == 0;
                at += piece) {
            network.arrives(Arrays.copyOfRange(flood, at, Math.min(flood.length, at + piece)));
            read = at;
            try {
                read();
            } catch (final ChannelException ex) {
                counters.increment(ex.counter());
            }
        }
        assertEquals(1, counters.get(CounterId.WEBSOCKET_REFUSED_HEADER_LIMIT));
        assertTrue(read <= MAX_HEADER, () -> "only after many bytes");
        assertTrue(new String(network.sent()).startsWith("HTTP/1.1 431 "));
    }

    @Test
    void shouldGiveWhatFramesCarryAndGoOnBehindWhatIsThere() throws IOException {
        open();
        network.arrives(concat(frame(2, "ab"), frame(0x80, "cd"), frame(0x82, "ef")));
        buffer.clear().put((byte) 'x');
        assertEquals(6, channel.read(buffer));
        assertEquals('x', buffer.get(0));
        assertEquals(7, buffer.position());
        final byte[] all = new byte[7];
        buffer.flip().get(all);
        assertEquals("xabcdef", new String(all));
    }

    @Test
    void shouldGiveWhatCameBeforeTheEndAndThenTheEnd() throws IOException {
        open();
        network.arrives(concat(frame(0x82, "last"), frame(0x88, new byte[] {0x03, (byte) 0xE9}), frame(0x82, "late")));
        assertFalse(channel.hasBuffered());
        assertEquals("last", new String(read()));
        assertTrue(channel.hasBuffered());
        assertNull(read());
        channel.close();
        assertEquals("880203e9", hex(network.sent()));
    }

    @Test
    void shouldAnswerACloseWithoutACodeWithOne() throws IOException {
        open();
        network.arrives(frame(0x88, ""));
        assertNull(read());
        channel.close();
        assertEquals("8800", hex(network.sent()));
    }

    @ParameterizedTest
    @CsvSource({
        "81 81 00000000 61, WEBSOCKET_CLOSED_TEXT, 03eb",
        "82 01 61, WEBSOCKET_CLOSED_PROTOCOL_FAULT, 03ea",
        "82 fe 0401, WEBSOCKET_CLOSED_FRAME_TOO_LARGE, 03f1",
    })
    void shouldGiveWhatCameBeforeAFaultAndThenTheFault(final String hex, final CounterId counter, final String code)
            throws IOException {
        open();
        network.arrives(concat(frame(0x82, "good"), HexFormat.of().parseHex(hex.replace(" ", ""))));
        assertEquals("good", new String(read()));
        assertTrue(channel.hasBuffered());
        assertEquals(counter, assertThrows(ChannelException.class, this::read).counter());
        channel.close();
        assertEquals("8802" + code, hex(network.sent()));
    }

    @Test
    void shouldCloseAfterManyFramesWithoutPayload() throws IOException {
        open();
        for (int i = 0; i < 5; i++) {
            network.arrives(frame(0x82, ""));
            assertEquals(0, read().length);
        }
        network.arrives(frame(0x82, ""));
        assertEquals(
                CounterId.WEBSOCKET_CLOSED_EMPTY_FRAMES,
                assertThrows(ChannelException.class, this::read).counter());
    }

    @Test
    void shouldTakeLargerFramesFromClientsThatAreConnected() throws IOException {
        open();
        channel.opened();
        assertTrue(network.opened);
        network.arrives(frame(0x82, new byte[FIRST_FRAME + 1]));
        assertEquals(FIRST_FRAME + 1, read().length);
    }

    @Test
    void shouldSayGoodbye() throws IOException {
        open();
        channel.close();
        channel.close();
        assertEquals("880203e8", hex(network.sent()));
    }

    @Test
    void shouldSayNothingToWhoIsNoWebSocket() {
        channel.close();
        assertEquals(0, network.sent().length);
        assertTrue(network.closed);
    }

    @Test
    void shouldGoOnWithAnAnswerThatTheNetworkTookInPart() throws IOException {
        network.room = 10;
        network.arrives(REQUEST);
        assertEquals(0, read().length);
        assertTrue(network.writeInterest);
        final StringBuilder answer = new StringBuilder(new String(network.sent()));
        while (!answer.toString().endsWith("\r\n\r\n")) {
            network.room = 10;
            channel.flush();
            answer.append(new String(network.sent()));
        }
        assertTrue(answer.toString().startsWith("HTTP/1.1 101 Switching Protocols\r\n"));
        channel.interest(true, false);
        assertFalse(network.writeInterest);
    }

    @Test
    void shouldAnswerTheLastOfManyPingsOnceTheNetworkTakesIt() throws IOException {
        open();
        network.room = 3;
        for (int i = 0; i < 50; i++) {
            network.arrives(frame(0x89, "ping" + i / 10));
            assertEquals(0, read().length);
            channel.flush();
        }
        assertTrue(network.writeInterest);
        network.room = Integer.MAX_VALUE;
        assertTrue(channel.flush());
        // The first answer had begun, and nothing else may come before its end.
        assertEquals("8a0570696e67308a0570696e6734", hex(network.sent()));
    }

    /** Such as a DISCONNECT: without it the client's will would be published. */
    @Test
    void shouldGiveWhatCameBeforeAPingThoughTheAnswerCannotBeSent() throws IOException {
        open();
        network.broken = true;
        network.arrives(concat(frame(0x82, "last words"), frame(0x89, "ping")));
        assertEquals("last words", new String(read()));
        assertTrue(network.writeInterest, "the answer is due");
        channel.interest(true, false);
        assertTrue(network.writeInterest);
        assertThrows(IOException.class, channel::flush);
    }

    @Test
    void shouldAnswerNoPingWithinAFrame() throws IOException {
        open();
        network.room = 3;
        assertEquals(1, write("abc".getBytes()));
        network.arrives(frame(0x89, "p"));
        assertEquals(0, read().length);
        network.room = Integer.MAX_VALUE;
        assertTrue(channel.flush());
        assertEquals("820361", hex(network.sent()));
        assertEquals(2, write("bc".getBytes()));
        assertTrue(channel.flush());
        assertEquals("62638a0170", hex(network.sent()));
    }

    @Test
    void shouldPutNoCloseIntoAFrame() throws IOException {
        open();
        network.room = 1;
        assertEquals(0, write("abc".getBytes()));
        network.room = Integer.MAX_VALUE;
        channel.close();
        assertEquals("82", hex(network.sent()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 11, 125, 126, 130, 65_535, 65_536, 70_000})
    void shouldWriteTheSameFramesHoweverMuchTheNetworkTakesAtOnce(final int length) throws IOException {
        final byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        open();
        assertEquals(length, write(bytes));
        final byte[] whole = network.sent();
        for (final int atOnce : new int[] {1, 2, 3, 9, 10, 11, 1000, 65_540}) {
            if (length / atOnce > 2000) {
                continue;
            }
            final ByteArrayOutputStream sent = new ByteArrayOutputStream();
            for (int at = 0; at < length; sent.writeBytes(network.sent())) {
                network.room = atOnce;
                at += write(Arrays.copyOfRange(bytes, at, length));
            }
            assertArrayEquals(whole, sent.toByteArray(), "at once " + atOnce);
            network.room = Integer.MAX_VALUE;
        }
    }

    @Test
    void shouldBeWhereATrustedProxySaysOnceThatIsKnown() throws IOException {
        final ScriptedChannel proxy = new ScriptedChannel("10.1.2.3");
        final Channel client = over(proxy);
        assertNull(client.address());
        assertNull(client.inetAddress());
        assertEquals("10.1.2.3:4711", client.peer());
        proxy.arrives(REQUEST.replace("Upgrade: web", "X-Forwarded-For: 203.0.113.7\nUpgrade: web"));
        client.read(buffer.clear());
        assertEquals("203.0.113.7", client.address());
        assertEquals("203.0.113.7", client.inetAddress().getHostAddress());
        assertEquals("203.0.113.7 by 10.1.2.3:4711", client.peer());
    }

    @Test
    void shouldBeWhereItIsForEverybodyElse() throws IOException {
        assertEquals("192.0.2.1", channel.address());
        network.arrives(REQUEST.replace("Upgrade: web", "X-Forwarded-For: 203.0.113.7\nUpgrade: web"));
        read();
        assertEquals("192.0.2.1", channel.address());
        assertEquals("192.0.2.1", channel.inetAddress().getHostAddress());
        assertEquals("192.0.2.1:4711", channel.peer());
    }

    @Test
    void shouldTellWhatItKeepsOfARequestAndNothingLater() throws IOException {
        network.arrives("GET /mqtt HTTP/1.1\n");
        read();
        assertTrue(channel.heldBytes() > 0);
        network.arrives(REQUEST.substring(REQUEST.indexOf("Host")));
        read();
        assertEquals(0, channel.heldBytes());
    }

    @Test
    void shouldReadAndWriteWithoutAllocation() throws IOException {
        open();
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final LoopChannel loop = new LoopChannel(frame(0x82, "some bytes of MQTT"), frame(0x89, "ping"));
        final Channel steady = new WebSocketLayer(
                        new WebSocketOptions(
                                new UpgradeRules("/mqtt", new AllowedOrigins(List.of())),
                                AddressSet.NONE,
                                MAX_HEADER,
                                20,
                                FIRST_FRAME,
                                MAX_FRAME,
                                5),
                        counters)
                .over(loop);
        loop.request(REQUEST);
        steady.read(buffer.clear());
        final ByteBuffer out = ByteBuffer.allocateDirect(100);
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1000; i++) {
                steady.read(buffer.clear());
                steady.write(out.clear());
                steady.flush();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertTrue(loop.written > 5_000 * 102, "it wrote nothing");
        // What the measurement itself costs, which some JVMs count.
        assertTrue(least < 1000, "allocated " + least);
    }

    /** Gives the same two frames again and again, and takes everything. */
    private static final class LoopChannel extends io.ringmain.engine.io.LayeredChannel {
        private final byte[] frames;
        private byte[] request;
        long written;

        LoopChannel(final byte[]... frames) {
            super(new ScriptedChannel(null));
            this.frames = concat(frames);
        }

        void request(final String text) {
            request = text.replace("\n", "\r\n").getBytes();
        }

        @Override
        public int read(final ByteBuffer target) {
            final byte[] given = request == null ? frames : request;
            request = null;
            target.put(given);
            return given.length;
        }

        @Override
        public int write(final ByteBuffer source) {
            final int count = source.remaining();
            source.position(source.limit());
            written += count;
            return count;
        }
    }
}
