package io.ringmain.engine.io.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.io.AddressSet;
import io.ringmain.engine.io.ChannelException;
import io.ringmain.engine.io.websocket.WebSocketLayer;
import io.ringmain.engine.io.websocket.WebSocketOptions;
import io.ringmain.protocol.websocket.AllowedOrigins;
import io.ringmain.protocol.websocket.UpgradeRules;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TlsChannelTest {
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Counters counters = new Counters();
    private final Handshakes handshakes = new Handshakes();

    /** Steps that the test has computed itself. */
    private final ArrayDeque<Runnable> steps = new ArrayDeque<>();

    private final Handshakes stepped = new Handshakes(steps::add);

    @BeforeAll
    static void needConscrypt() {
        assertTrue(TlsProvider.hasConscrypt(), "Conscrypt has a library for this machine");
    }

    static Stream<Arguments> both() {
        return Stream.of(TlsProvider.JDK, TlsProvider.CONSCRYPT)
                .flatMap(provider -> Stream.of("TLSv1.2", "TLSv1.3").map(version -> Arguments.of(provider, version)));
    }

    /** A server's channel, a client, and the network between them, stepped by one thread. */
    private final class Pair {
        final TestNetwork network;
        final TlsChannel channel;
        final TestClient client;
        final ByteArrayOutputStream received = new ByteArrayOutputStream();
        final ByteBuffer target = ByteBuffer.allocateDirect(256 << 10);
        final SplittableRandom random;
        final AtomicBoolean signalled = new AtomicBoolean();
        boolean ended;

        Pair(final TlsProvider provider, final String version, final long seed) {
            this(provider, version, seed, handshakes);
        }

        Pair(final TlsProvider provider, final String version, final long seed, final Handshakes handshakes) {
            network = new TestNetwork(seed);
            random = new SplittableRandom(seed);
            channel = (TlsChannel)
                    new TlsLayer(handshakes, counters, TestIdentity.INSTANCE.settings(provider)).over(network);
            channel.attach(() -> signalled.set(true));
            client = new TestClient(network, version);
        }

        /** What the agent does: reads where it may, flushes where it is told to. */
        void serve() throws IOException {
            if (network.writeInterest) {
                channel.flush();
            }
            if (signalled.getAndSet(false) || network.readInterest || channel.hasBuffered()) {
                target.clear().limit(random.nextInt(3) == 0 ? 1 + random.nextInt(500) : target.capacity());
                final int count = channel.read(target);
                assertEquals(Math.max(0, count), target.position());
                ended |= count < 0;
                target.flip();
                while (target.hasRemaining()) {
                    received.write(target.get());
                }
            }
        }

        Pair connect() throws IOException {
            final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
            client.engine.beginHandshake();
            client.send(NOTHING);
            while (channel.isHandshaking()) {
                assertTrue(System.nanoTime() < deadlineNs, "no hand-shake");
                serve();
                client.receive();
            }
            return this;
        }

        void serveUntilEnd() throws IOException {
            final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
            while (!ended) {
                assertTrue(System.nanoTime() < deadlineNs, "no end");
                serve();
            }
        }

        ChannelException fails() {
            return assertThrows(ChannelException.class, this::serveUntilEnd);
        }
    }

    private static byte[] bytes(final int length, final SplittableRandom random) {
        final byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @MethodSource("both")
    void shouldCarryAllBytesBothWaysHoweverTheNetworkCutsThem(final TlsProvider provider, final String version)
            throws IOException {
        for (long seed = 1; seed <= 5; seed++) {
            final Pair pair = new Pair(provider, version, seed).connect();
            final byte[] up = bytes(700_000, pair.random);
            final byte[] down = bytes(700_000, pair.random);
            final ByteBuffer toSend = ByteBuffer.wrap(up);
            final ByteBuffer toWrite =
                    ByteBuffer.allocateDirect(down.length).put(down).flip();
            final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
            while (pair.received.size() < up.length || pair.client.received.size() < down.length) {
                assertTrue(System.nanoTime() < deadlineNs, "not all has come, seed " + seed);
                if (toSend.hasRemaining() && pair.network.underway() < 100_000) {
                    final int length = Math.min(toSend.remaining(), 1 + pair.random.nextInt(40_000));
                    pair.client.send(toSend.slice(toSend.position(), length));
                    toSend.position(toSend.position() + length);
                }
                pair.channel.write(toWrite);
                pair.channel.flush();
                pair.serve();
                pair.client.receive();
            }
            while (pair.network.underway() > 0 || !pair.channel.flush()) {
                assertTrue(System.nanoTime() < deadlineNs, "new keys and tickets have not gone, seed " + seed);
                pair.serve();
                pair.client.receive();
            }
            assertArrayEquals(up, pair.received.toByteArray(), "seed " + seed);
            assertArrayEquals(down, pair.client.received.toByteArray(), "seed " + seed);
            assertFalse(pair.channel.hasBuffered());
            assertTrue(pair.channel.holdsNothing(), "an idle connection has no buffers");
            assertEquals(0, pair.channel.heldBytes());
        }
        assertEquals(5, counters.get(CounterId.TLS_HANDSHAKES_COMPLETED));
        assertEquals(0, handshakes.inFlight());
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "CONSCRYPT"})
    void shouldTakeNoMoreThanItMayHoldWhileTheNetworkTakesNothing(final TlsProvider provider) throws IOException {
        final Pair pair = new Pair(provider, "TLSv1.3", 7).connect();
        pair.client.receive();
        pair.network.capacity = 0;
        final byte[] down = bytes(1 << 20, pair.random);
        final ByteBuffer source =
                ByteBuffer.allocateDirect(down.length).put(down).flip();
        final int taken = pair.channel.write(source);
        assertTrue(taken > 0 && taken <= 128 << 10, "took " + taken);
        assertEquals(0, pair.channel.write(source));
        assertFalse(pair.channel.flush());
        pair.network.capacity = 1 << 21;
        pair.network.whole = true;
        assertTrue(pair.channel.flush());
        assertEquals(down.length - taken, pair.channel.write(source));
        pair.client.receive();
        assertArrayEquals(down, pair.client.received.toByteArray());
    }

    @ParameterizedTest
    @MethodSource("both")
    void shouldRefuseAFlippedByteAndTellTheClient(final TlsProvider provider, final String version) throws IOException {
        final Pair pair = new Pair(provider, version, 3).connect();
        pair.network.capacity = 1 << 20;
        pair.network.whole = true;
        pair.client.send(ByteBuffer.wrap(bytes(1000, pair.random)));
        final ByteBuffer record = ByteBuffer.allocate(4096);
        pair.network.read(record);
        record.put(500, (byte) (record.get(500) ^ 1));
        pair.network.clientSends(Arrays.copyOf(record.array(), record.position()));
        final ChannelException fault = pair.fails();
        assertEquals(CounterId.TLS_RECORDS_BAD, fault.counter(), fault.getMessage());
        assertEquals(0, pair.received.size(), "nothing of it reaches MQTT");
        final SSLException alert = assertThrows(SSLException.class, pair.client::receive);
        assertTrue(alert.getMessage().contains("bad_record_mac"), alert.getMessage());
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "CONSCRYPT"})
    void shouldRefuseARenegotiation(final TlsProvider provider) throws IOException {
        final Pair pair = new Pair(provider, "TLSv1.2", 3).connect();
        pair.client.engine.beginHandshake();
        pair.client.send(NOTHING);
        assertEquals(CounterId.TLS_RENEGOTIATIONS_REFUSED, pair.fails().counter());
        pair.channel.close();
        assertTrue(pair.network.closed);
    }

    @ParameterizedTest
    @MethodSource("both")
    void shouldEndWithCloseNotifyEitherWay(final TlsProvider provider, final String version) throws IOException {
        final Pair theirs = new Pair(provider, version, 3).connect();
        theirs.client.send(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        theirs.client.engine.closeOutbound();
        theirs.client.send(NOTHING);
        theirs.serveUntilEnd();
        assertArrayEquals(new byte[] {1, 2, 3}, theirs.received.toByteArray(), "what came before counts");
        assertEquals(0, counters.get(CounterId.TLS_TRUNCATED));

        final Pair ours = new Pair(provider, version, 3).connect();
        ours.network.whole = true;
        ours.client.receive();
        ours.channel.close();
        ours.client.receive();
        assertTrue(ours.client.engine.isInboundDone());
        assertTrue(ours.network.closed);
    }

    @ParameterizedTest
    @MethodSource("both")
    void shouldCountAnEndThatNobodyVouchesFor(final TlsProvider provider, final String version) throws IOException {
        final Pair pair = new Pair(provider, version, 3).connect();
        pair.client.send(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        pair.network.clientEnded = true;
        pair.serveUntilEnd();
        assertArrayEquals(new byte[] {1, 2, 3}, pair.received.toByteArray());
        assertEquals(1, counters.get(CounterId.TLS_TRUNCATED));
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "CONSCRYPT"})
    void shouldCloseOnWhatIsNoTls(final TlsProvider provider) {
        final Pair plain = new Pair(provider, "TLSv1.3", 3);
        plain.network.clientSends(new byte[] {0x10, 0x0C, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 0});
        assertEquals(CounterId.TLS_HANDSHAKES_FAILED, plain.fails().counter());

        final Pair garbage = new Pair(provider, "TLSv1.3", 3);
        final byte[] bytes = bytes(300, garbage.random);
        System.arraycopy(new byte[] {22, 3, 1, 1, 39}, 0, bytes, 0, 5);
        garbage.network.clientSends(bytes);
        assertEquals(CounterId.TLS_HANDSHAKES_FAILED, garbage.fails().counter());
        garbage.channel.close();

        final Pair endless = new Pair(provider, "TLSv1.3", 3);
        endless.network.clientSends(new byte[] {22, 3, 1, (byte) 0xFF, (byte) 0xFF});
        assertEquals(CounterId.TLS_HANDSHAKES_FAILED, endless.fails().counter());
        assertEquals(0, handshakes.inFlight());
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "CONSCRYPT"})
    void shouldSayWhatItKeepsWhileAHandshakeIsUnderWay(final TlsProvider provider) throws IOException {
        final Pair pair = new Pair(provider, "TLSv1.3", 1);
        assertEquals(0, pair.channel.heldBytes());
        pair.client.engine.beginHandshake();
        pair.client.send(NOTHING);
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (pair.channel.heldBytes() == 0) {
            assertTrue(System.nanoTime() < deadlineNs, "it keeps nothing");
            pair.serve();
        }
        assertTrue(pair.channel.isHandshaking());
        pair.channel.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "CONSCRYPT"})
    void shouldEndQuietlyWhenAClientOnlyLooksWhetherThePortIsOpen(final TlsProvider provider) throws IOException {
        final Pair pair = new Pair(provider, "TLSv1.3", 3);
        pair.network.clientEnded = true;
        pair.serveUntilEnd();
        assertEquals(0, handshakes.inFlight());
    }

    private void computeAll() {
        while (!steps.isEmpty()) {
            steps.poll().run();
        }
    }

    private Pair begun(final TlsProvider provider, final long seed) throws IOException {
        final Pair pair = new Pair(provider, "TLSv1.3", seed, stepped);
        pair.network.whole = true;
        pair.client.engine.beginHandshake();
        pair.client.send(NOTHING);
        pair.serve();
        return pair;
    }

    private void finish(final Pair pair) throws IOException {
        for (int i = 0; i < 20 && pair.channel.isHandshaking(); i++) {
            computeAll();
            pair.serve();
            pair.client.receive();
        }
        assertFalse(pair.channel.isHandshaking());
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "CONSCRYPT"})
    void shouldHoldAPlaceOnlyWhileAStepIsComputed(final TlsProvider provider) throws IOException {
        stepped.limit(1);
        final Pair silent = begun(provider, 3);
        assertEquals(1, stepped.inFlight());
        final ChannelException refused = assertThrows(ChannelException.class, () -> begun(provider, 4));
        assertEquals(CounterId.TLS_HANDSHAKES_REFUSED, refused.counter());
        assertEquals(1, stepped.inFlight(), "the one that was refused is not counted");

        computeAll();
        assertEquals(0, stepped.inFlight());
        assertTrue(silent.channel.isHandshaking(), "it waits for its client, and keeps nobody out");
        finish(begun(provider, 5));

        final Pair next = begun(provider, 6);
        assertEquals(1, stepped.inFlight());
        silent.serve();
        silent.client.receive();
        silent.serve();
        assertEquals(2, stepped.inFlight(), "what has begun goes on");
        finish(silent);
        finish(next);
        assertEquals(0, stepped.inFlight());
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "CONSCRYPT"})
    void shouldCloseTheEngineOfAHandshakeThatIsGivenUp(final TlsProvider provider) throws IOException {
        final Pair waiting = begun(provider, 3);
        computeAll();
        waiting.channel.close();
        assertClosed(waiting.channel.engine());

        final Pair computed = begun(provider, 4);
        computeAll();
        computed.serve();
        computed.client.receive();
        computed.serve();
        assertEquals(1, steps.size());
        computed.channel.close();
        assertFalse(computed.channel.engine().isOutboundDone(), "the step has it");
        computeAll();
        assertClosed(computed.channel.engine());
        assertEquals(0, stepped.inFlight());
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "CONSCRYPT"})
    void shouldCloseTheEngineThoughNobodyHearsItsGoodbye(final TlsProvider provider) throws IOException {
        final Pair pair = new Pair(provider, "TLSv1.3", 3).connect();
        pair.network.takesNothing = true;
        pair.channel.close();
        assertClosed(pair.channel.engine());
        assertTrue(pair.network.closed);
    }

    private static void assertClosed(final SSLEngine engine) {
        assertTrue(engine.isOutboundDone(), "outbound");
        assertTrue(engine.isInboundDone(), "inbound");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "CONSCRYPT"})
    void shouldBeginNothingWhenAWebSocketOverItIsClosed(final TlsProvider provider) throws IOException {
        final Pair pair = new Pair(provider, "TLSv1.3", 3, stepped);
        pair.network.whole = true;
        pair.client.engine.beginHandshake();
        pair.client.send(NOTHING);
        final WebSocketOptions options = new WebSocketOptions(
                new UpgradeRules("/mqtt", new AllowedOrigins(List.of())), AddressSet.NONE, 1024, 20, 1024, 1024, 5);
        new WebSocketLayer(options, counters).over(pair.channel).close();
        assertEquals(0, stepped.inFlight());
        assertEquals(0, pair.network.underway(), "what is unread would make a reset of the end");
        assertTrue(pair.network.closed);
    }

    /** What one read gives, and that it has more to say. */
    private static byte[] readOnce(final Pair pair) throws IOException {
        final int count = pair.channel.read(pair.target.clear());
        assertEquals(count, pair.target.position());
        assertTrue(pair.channel.hasBuffered(), "why it failed is still to come");
        final byte[] bytes = new byte[count];
        pair.target.flip().get(bytes);
        return bytes;
    }

    @ParameterizedTest
    @MethodSource("both")
    void shouldGiveWhatCameBeforeABadRecordAndThenTheFault(final TlsProvider provider, final String version)
            throws IOException {
        final Pair pair = new Pair(provider, version, 3).connect();
        pair.network.capacity = 1 << 20;
        pair.network.whole = true;
        final byte[] good = bytes(1000, pair.random);
        pair.client.send(ByteBuffer.wrap(good));
        pair.network.clientSends(new byte[] {23, 3, 3, 0, 40});
        pair.network.clientSends(new byte[40]);
        assertArrayEquals(good, readOnce(pair));
        final ChannelException fault =
                assertThrows(ChannelException.class, () -> pair.channel.read(pair.target.clear()));
        assertEquals(CounterId.TLS_RECORDS_BAD, fault.counter());
    }

    @ParameterizedTest
    @MethodSource("both")
    void shouldGiveWhatCameBeforeTheNetworkFailed(final TlsProvider provider, final String version) throws IOException {
        final Pair pair = new Pair(provider, version, 3).connect();
        pair.network.whole = true;
        // More than one read of the network takes, and the second fails.
        pair.network.readsLeft = 1;
        final byte[] sent = bytes(200_000, pair.random);
        pair.client.send(ByteBuffer.wrap(sent));
        final byte[] given = readOnce(pair);
        assertTrue(given.length > 100_000, "gave " + given.length);
        assertArrayEquals(Arrays.copyOf(sent, given.length), given);
        assertThrows(IOException.class, () -> pair.channel.read(pair.target.clear()));
    }

    /** New keys are due in the middle of it, and the network takes nothing any more. */
    @Test
    void shouldGiveWhatHasComeThoughItsAnswerIsNotTaken() throws IOException {
        final Pair pair = new Pair(TlsProvider.JDK, "TLSv1.3", 3).connect();
        pair.network.whole = true;
        pair.network.takesNothing = true;
        final byte[] sent = bytes(300_000, pair.random);
        pair.client.send(ByteBuffer.wrap(sent));
        assertThrows(IOException.class, pair::serveUntilEnd);
        assertArrayEquals(sent, pair.received.toByteArray());
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "CONSCRYPT"})
    void shouldKeepRoomForWhatHasComeAndNotForWhatIsAnnounced(final TlsProvider provider) throws IOException {
        final Pair pair = new Pair(provider, "TLSv1.3", 3);
        pair.network.whole = true;
        pair.network.clientSends(new byte[] {22, 3, 3, 0x48, 0});
        pair.serve();
        assertEquals(4 << 10, pair.channel.heldBytes());
        pair.network.clientSends(new byte[10_000]);
        for (int i = 0; i < 10; i++) {
            pair.serve();
        }
        assertEquals(0, pair.network.underway());
        assertEquals(16 << 10, pair.channel.heldBytes());
    }
}
