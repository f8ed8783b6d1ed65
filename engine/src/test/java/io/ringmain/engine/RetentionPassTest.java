package io.ringmain.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.io.IoLimits;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.journal.Durability;
import io.ringmain.storage.log.Retention;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When an idle broker lets go of what retention doesn't cover, and that it rests then; time is the test's. */
@Timeout(60)
class RetentionPassTest {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);
    private static final String PAYLOAD = "nobody needs this any more";

    @TempDir
    private Path dir;

    private long nowNs = TimeUnit.DAYS.toNanos(20_000);

    private BrokerContext context(final long maxAgeNs) {
        return new BrokerContext()
                .dataDir(dir)
                .clock(() -> nowNs)
                .ioLimits(new IoLimits().maxPacketSize(64 << 10))
                .segmentBytes(1 << 20)
                .listeners(List.of(new ListenerConfig("test", new InetSocketAddress("127.0.0.1", 0))))
                .threadingMode(ThreadingMode.INVOKER)
                .durability(Durability.APPEND)
                .snapshotOnStop(false)
                .sysTopicsIntervalNs(BrokerContext.NO_SYS_TOPICS)
                .retention(new Retention(maxAgeNs, Long.MAX_VALUE, 0));
    }

    /** A client publishes with QoS 1 and goes. */
    private void publish(final Broker broker) {
        final int port = ((InetSocketAddress) broker.listenerAddresses().get(0)).getPort();
        final CompletableFuture<Void> done = CompletableFuture.runAsync(() -> {
            try (HexClient client = new HexClient(port)) {
                client.send("10 0e 0004 4d515454 04 02 0000 0002 6161").expect("20020000");
                final byte[] payload = PAYLOAD.getBytes(StandardCharsets.US_ASCII);
                client.send("32 %02x 0003 612f62 0001".formatted(7 + payload.length)
                                + java.util.HexFormat.of().formatHex(payload))
                        .expect("40 02 0001");
                client.send("e000").untilClosed();
            } catch (final IOException ex) {
                throw new java.io.UncheckedIOException(ex);
            }
        });
        while (!done.isDone()) {
            broker.doWork();
        }
        done.join();
    }

    private boolean isOnDisk() throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(PAYLOAD)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Lets time pass, a few seconds at a time. */
    private void pass(final Broker broker, final long ns) {
        for (long end = nowNs + ns; nowNs < end; nowNs += 5 * SECOND_NS) {
            broker.doWork();
            broker.doWork();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 5})
    void shouldLetAnIdleBrokerLoseWhatRetentionDoesNotCoverAndRest(final long hours) throws IOException {
        final BrokerContext context = context(hours * HOUR_NS);
        try (Broker broker = Broker.launch(context)) {
            publish(broker);
            final long startNs = nowNs;
            while (isOnDisk()) {
                pass(broker, 60 * SECOND_NS);
            }
            assertTrue(nowNs - startNs >= hours * HOUR_NS, "gone after " + (nowNs - startNs) / SECOND_NS + " s");
            pass(broker, HOUR_NS);
            final long snapshots = context.counters().get(CounterId.SNAPSHOTS_TAKEN);
            final long position = context.counters().get(CounterId.LOG_APPEND_POSITION);
            pass(broker, 24 * HOUR_NS);
            assertEquals(snapshots, context.counters().get(CounterId.SNAPSHOTS_TAKEN), "an idle broker rests");
            assertEquals(position, context.counters().get(CounterId.LOG_APPEND_POSITION));
            assertEquals(1, context.counters().get(CounterId.LOG_SEGMENTS));
        }
    }

    @Test
    void shouldTakeNoSnapshotForTheStartOfARunAlone() {
        for (int run = 0; run < 2; run++) {
            final BrokerContext context = context(HOUR_NS * 24 * 365).snapshotOnStop(true);
            try (Broker broker = Broker.launch(context)) {
                pass(broker, 3 * HOUR_NS);
                assertEquals(0, context.counters().get(CounterId.SNAPSHOTS_TAKEN));
                publish(broker);
                pass(broker, 3 * HOUR_NS);
                final long snapshots = context.counters().get(CounterId.SNAPSHOTS_TAKEN);
                assertTrue(snapshots > 0);
                pass(broker, 10 * HOUR_NS);
                assertEquals(snapshots, context.counters().get(CounterId.SNAPSHOTS_TAKEN));
            }
        }
    }
}
