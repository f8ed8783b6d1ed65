package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.PublishEncoder;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Opcode;
import org.java_websocket.framing.PingFrame;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.protocols.Protocol;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our frames as another reader of RFC 6455 reads them, and its frames as we do. */
@Tag("e2e")
@Timeout(60)
class WebSocketPeerTest {
    @TempDir
    private static Path data;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws Exception {
        broker = BrokerProcess.startOwn(
                data, "--set", "listeners.ws.bind=127.0.0.1:0", "--set", "listeners.ws.protocol=websocket");
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    /** Keeps what comes. */
    private static final class Peer6455 extends WebSocketClient implements AutoCloseable {
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private final CountDownLatch pong = new CountDownLatch(1);
        private final CountDownLatch closed = new CountDownLatch(1);
        private volatile String pongPayload;
        private volatile int closeCode;
        private volatile boolean closedByBroker;

        Peer6455() throws Exception {
            super(
                    URI.create("ws://127.0.0.1:" + broker.port("ws") + PeerOptions.WEB_SOCKET_PATH),
                    new Draft_6455(List.of(), List.of(new Protocol("mqtt"))));
            assertTrue(connectBlocking(20, TimeUnit.SECONDS));
            send(bytes(RawWebSocket.connect()));
            await("20020000");
        }

        static byte[] bytes(final String hex) {
            return HexFormat.of().parseHex(hex.replace(" ", ""));
        }

        void await(final String hex) {
            Await.until(() -> HexFormat.of().formatHex(received()).equals(hex.replace(" ", "")));
            synchronized (received) {
                received.reset();
            }
        }

        byte[] received() {
            synchronized (received) {
                return received.toByteArray();
            }
        }

        @Override
        public void onOpen(final ServerHandshake handshake) {}

        @Override
        public void onMessage(final String message) {
            throw new AssertionError("text: " + message);
        }

        @Override
        public void onMessage(final ByteBuffer bytes) {
            synchronized (received) {
                received.write(bytes.array(), bytes.position(), bytes.remaining());
            }
        }

        @Override
        public void onWebsocketPong(
                final org.java_websocket.WebSocket socket, final org.java_websocket.framing.Framedata frame) {
            pongPayload = new String(frame.getPayloadData().array());
            pong.countDown();
        }

        @Override
        public void onClose(final int code, final String reason, final boolean remote) {
            closeCode = code;
            closedByBroker = remote;
            closed.countDown();
        }

        @Override
        public void onError(final Exception ex) {
            throw new AssertionError(ex);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 125, 126, 127, 1000, 65_530, 65_536, 70_000, 500_000})
    void shouldUnderstandEachOtherAtEveryLength(final int length) throws Exception {
        final byte[] payload = new byte[length];
        new Random(length).nextBytes(payload);
        final UnsafeBuffer topic = new UnsafeBuffer("t".getBytes());
        final UnsafeBuffer packet = new UnsafeBuffer(new byte[length + 100]);
        final int packetLength = PublishEncoder.encode(
                packet,
                0,
                ProtocolVersion.V3_1_1,
                0,
                0,
                topic,
                0,
                1,
                topic,
                0,
                0,
                PublishEncoder.NO_EXPIRY,
                new UnsafeBuffer(payload),
                0,
                length);
        final byte[] publish = Arrays.copyOf(packet.byteArray(), packetLength);
        try (Peer6455 peer = new Peer6455()) {
            peer.send(Peer6455.bytes("82 06 0001 0001 74 00"));
            peer.await("90 03 0001 00");
            peer.send(publish);
            Await.until(() -> peer.received().length >= publish.length);
            assertArrayEquals(publish, peer.received());
        }
    }

    @Test
    void shouldTakeFragmentsAndAnswerAPingBetweenThem() throws Exception {
        try (Peer6455 peer = new Peer6455()) {
            final PingFrame ping = new PingFrame();
            ping.setPayload(ByteBuffer.wrap("between".getBytes()));
            peer.sendFragmentedFrame(Opcode.BINARY, ByteBuffer.wrap(new byte[] {(byte) 0xC0}), false);
            peer.sendFrame(ping);
            peer.sendFragmentedFrame(Opcode.BINARY, ByteBuffer.wrap(new byte[] {0}), true);
            peer.await("d000");
            assertTrue(peer.pong.await(20, TimeUnit.SECONDS));
            assertEquals("between", peer.pongPayload);
        }
    }

    @Test
    void shouldCloseAsTheRfcWantsIt() throws Exception {
        try (Peer6455 peer = new Peer6455()) {
            peer.close(4001, "enough");
            assertTrue(peer.closed.await(20, TimeUnit.SECONDS));
            assertEquals(4001, peer.closeCode);
        }
        try (Peer6455 peer = new Peer6455()) {
            peer.send("text");
            assertTrue(peer.closed.await(20, TimeUnit.SECONDS));
            assertEquals(1003, peer.closeCode);
            assertTrue(peer.closedByBroker);
        }
    }
}
