package io.ringmain.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.io.ChannelLayer;
import io.ringmain.engine.io.LayeredChannel;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.journal.Durability;
import io.ringmain.engine.journal.ForceThread;
import io.ringmain.storage.log.LogException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The broker in this process, in every threading mode and durability. */
class BrokerTest {
    @TempDir
    private Path dir;

    private final AtomicReference<Throwable> halted = new AtomicReference<>();
    private ForceThread forceThread = ForceThread.JOURNAL;

    private BrokerContext context(final ThreadingMode mode, final Durability durability, final int lanes) {
        return new BrokerContext()
                .dataDir(dir)
                .segmentBytes(8 << 20)
                .listeners(List.of(new ListenerConfig("test", new InetSocketAddress("127.0.0.1", 0))))
                .threadingMode(mode)
                .forceThread(forceThread)
                .durability(durability)
                .ioThreads(lanes)
                .idleStrategy("back-off")
                .haltHandler(halted::set);
    }

    static Stream<Arguments> modes() {
        return Stream.of(ThreadingMode.SHARED, ThreadingMode.DEDICATED, ThreadingMode.INVOKER)
                .flatMap(mode -> Stream.of(Durability.values()).map(durability -> Arguments.of(mode, durability)));
    }

    /** MQTT 3.1.1 CONNECT with a client id of two characters and the session kept. */
    private static HexClient connect(final int port, final String twoCharacters, final boolean sessionPresent)
            throws IOException {
        final String id = HexFormat.of().formatHex(twoCharacters.getBytes());
        return new HexClient(port)
                .send("10 0e 0004 4d515454 04 00 0000 0002" + id)
                .expect(sessionPresent ? "20020100" : "20020000");
    }

    @ParameterizedTest
    @EnumSource(
            value = ThreadingMode.class,
            names = {"SHARED", "DEDICATED", "INVOKER"})
    void shouldPublishItsFiguresSoonAfterSomebodyAskedForThem(final ThreadingMode mode) throws IOException {
        final BrokerContext hourly =
                context(mode, Durability.SYNC, 1).ringSlots(1 << 16).sysTopicsIntervalNs(TimeUnit.HOURS.toNanos(1));
        try (RunningBroker broker = new RunningBroker(hourly);
                HexClient client = connect(broker.port(), "s1", false)) {
            final String topic = HexFormat.of().formatHex("$SYS/broker/ringmain/ring/capacity".getBytes());
            client.send("82 27 0001 0022" + topic + "00").expect("90 03 0001 00");
            client.expect("30 29 0022" + topic + "3635353336");
        }
        assertNull(halted.get());
    }

    @ParameterizedTest
    @EnumSource(
            value = ThreadingMode.class,
            names = {"SHARED", "DEDICATED", "INVOKER"})
    void shouldDoTheSameWithAThreadOfItsOwnForTheDevice(final ThreadingMode mode) throws IOException {
        forceThread = ForceThread.OWN;
        shouldDeliverEveryQosAndComeBackAfterARestart(mode, Durability.SYNC);
    }

    @ParameterizedTest
    @MethodSource("modes")
    void shouldDeliverEveryQosAndComeBackAfterARestart(final ThreadingMode mode, final Durability durability)
            throws IOException {
        final int lanes = mode == ThreadingMode.SHARED ? 1 : 3;
        try (RunningBroker broker = new RunningBroker(context(mode, durability, lanes))) {
            try (HexClient subscriber = connect(broker.port(), "s1", false);
                    HexClient publisher = connect(broker.port(), "p1", false)) {
                subscriber.send("82 08 0001 0003 612f23 02").expect("90 03 0001 02");
                publisher.send("30 06 0003 612f30 78");
                subscriber.expect("30 06 0003 612f30 78");
                publisher.send("32 08 0003 612f31 0005 79").expect("40 02 0005");
                subscriber.expect("32 08 0003 612f31 0001 79").send("40 02 0001");
                publisher
                        .send("34 08 0003 612f32 0006 7a")
                        .expect("50 02 0006")
                        .send("62 02 0006")
                        .expect("70 02 0006");
                subscriber
                        .expect("34 08 0003 612f32 0002 7a")
                        .send("50 02 0002")
                        .expect("62 02 0002")
                        .send("70 02 0002");
                subscriber.send("c000").expect("d000").send("e000");
                // The broker closes when the goodbye is sequenced: what comes now finds nobody there.
                assertEquals("", subscriber.untilClosed());
            }
            try (HexClient publisher = connect(broker.port(), "p1", true)) {
                publisher.send("33 08 0003 612f71 0007 71").expect("40 02 0007");
            }
        }
        try (RunningBroker broker = new RunningBroker(context(mode, durability, lanes));
                HexClient subscriber = connect(broker.port(), "s1", true);
                HexClient reader = connect(broker.port(), "r1", false)) {
            subscriber.expect("32 08 0003 612f71 0003 71");
            reader.send("82 08 0001 0003 612f2b 01").expect("90 03 0001 01").expect("33 08 0003 612f71 0001 71");
        }
        assertEquals(null, halted.get());
    }

    @Test
    void shouldCloseOneConnectionAndServeTheOthersAfterAFaultOfItsOwn() throws IOException {
        final AtomicInteger channels = new AtomicInteger();
        final ChannelLayer faultyForTheSecond = lower -> new LayeredChannel(lower) {
            private final boolean isFaulty = channels.incrementAndGet() == 2;

            @Override
            public int read(final ByteBuffer target) throws IOException {
                if (isFaulty) {
                    throw new IllegalStateException("a fault of ours");
                }
                return lower.read(target);
            }

            @Override
            public int write(final ByteBuffer source) throws IOException {
                return lower.write(source);
            }
        };
        final BrokerContext faulty = context(ThreadingMode.SHARED, Durability.APPEND, 1)
                .listeners(List.of(new ListenerConfig(
                        "test", new InetSocketAddress("127.0.0.1", 0), false, List.of(faultyForTheSecond))));
        try (RunningBroker broker = new RunningBroker(faulty);
                HexClient good = connect(broker.port(), "ok", false);
                HexClient bad = new HexClient(broker.port())) {
            bad.send("10 0e 0004 4d515454 04 00 0000 0002 7878");
            assertEquals("", bad.untilClosed());
            good.send("c000").expect("d000");
            assertEquals(1, faulty.counters().get(CounterId.CONNECTIONS_CLOSED_EXCEPTION));
        }
    }

    @Test
    void shouldRefuseASecondBrokerOnTheSameDirectory() {
        try (RunningBroker broker = new RunningBroker(context(ThreadingMode.SHARED, Durability.SYNC, 1))) {
            assertTrue(broker.port() > 0);
            final LogException refused = assertThrows(
                    LogException.class, () -> Broker.launch(context(ThreadingMode.SHARED, Durability.SYNC, 1)));
            assertTrue(refused.getMessage().contains("in use"), refused.getMessage());
        }
    }

    @Test
    void shouldReleaseTheDirectoryWhenAListenerCantBeOpened() throws IOException {
        try (ServerSocket other = new ServerSocket(0)) {
            final BrokerContext taken = context(ThreadingMode.SHARED, Durability.SYNC, 1)
                    .listeners(List.of(
                            new ListenerConfig("taken", new InetSocketAddress("127.0.0.1", other.getLocalPort()))));
            final UncheckedIOException refused = assertThrows(UncheckedIOException.class, () -> Broker.launch(taken));
            assertTrue(refused.getCause().getMessage().contains("listener taken"), refused.getMessage());
        }
        new RunningBroker(context(ThreadingMode.SHARED, Durability.SYNC, 1)).close();
    }
}
