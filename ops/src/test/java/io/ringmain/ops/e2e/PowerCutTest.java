package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.client.Message;
import io.ringmain.ops.client.MqttClient;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power is cut. The broker has its data on a disk of its own, clients publish with QoS 1 and 2, the broker is stopped
 * at a random moment, and the image of the disk is copied as it is: what was only in memory is not in it. A broker that
 * starts on the copy must have all that was acknowledged. {@code ops/bin/power-cut} does this twenty times.
 */
@Tag("e2e")
class PowerCutTest {
    private static final int CUTS = Integer.getInteger("ringmain.powercuts", 2);
    private static final int CONTROL_CUTS = 5;
    private static final int DISK_MB = 384;
    private static final int PUBLISHERS = 4;
    private static final int QOS_2_PUBLISHER = 3;
    private static final int PAYLOAD_LENGTH = 4000;
    private static final String[] OPTIONS = {
        "--set", "storage.log.segment=5MB",
        "--set", "storage.snapshot.log_bytes=2MB",
        "--set", "limits.queued_messages_per_session=10000000",
        "--set", "limits.queued_bytes_per_session=10GB"
    };

    @TempDir
    private Path dir;

    private final SplittableRandom random = new SplittableRandom();

    /** What one cut did. */
    private record Outcome(int acknowledged, int lost, int doubles, String recovery) {}

    @Test
    void shouldLoseNothingThatWasAcknowledgedWithSync() throws Exception {
        int acknowledged = 0;
        for (int i = 1; i <= CUTS; i++) {
            final Outcome outcome = cut("sync", i);
            acknowledged += outcome.acknowledged;
            assertEquals(0, outcome.lost, "acknowledged and lost at cut " + i);
            assertEquals(0, outcome.doubles, "QoS 2 messages that came twice at cut " + i);
        }
        System.out.printf("sync: %d cuts, %,d acknowledged, 0 lost%n", CUTS, acknowledged);
    }

    /** The control: a cut that takes nothing away would prove nothing. */
    @Test
    void shouldLoseSomethingWithoutForcing() throws Exception {
        for (final String durability : List.of("append", "none")) {
            int lost = 0;
            for (int i = 1; lost == 0 && i <= CONTROL_CUTS; i++) {
                lost = cut(durability, i).lost;
            }
            assertTrue(lost > 0, "the cuts don't bite: nothing lost with " + durability);
        }
    }

    private Outcome cut(final String durability, final int number) throws Exception {
        final Path copy = dir.resolve("copy.image");
        final int ranMs = random.nextInt(300, 2500);
        final AtomicInteger[] acknowledged = IntStream.range(0, PUBLISHERS)
                .mapToObj(i -> new AtomicInteger())
                .toArray(AtomicInteger[]::new);
        try (LoopDisk disk = LoopDisk.make(dir, DISK_MB);
                BrokerProcess broker = start(disk, durability)) {
            openSession(broker);
            final List<Thread> publishers = new ArrayList<>();
            for (int i = 0; i < PUBLISHERS; i++) {
                publishers.add(publish(broker, i, acknowledged[i]));
            }
            Thread.sleep(ranMs);
            stop(broker);
            awaitStill(acknowledged);
            disk.copyAsOfNow(copy);
            broker.kill();
            for (final Thread publisher : publishers) {
                publisher.join();
            }
        }
        final Outcome outcome = examine(copy, durability, acknowledged);
        System.out.printf(
                "%s cut %2d: after %,5d ms, %,7d acknowledged, %,d lost, %,d double; %s%n",
                durability, number, ranMs, outcome.acknowledged, outcome.lost, outcome.doubles, outcome.recovery);
        return outcome;
    }

    private static BrokerProcess start(final LoopDisk disk, final String durability) throws Exception {
        final List<String> options = new ArrayList<>(List.of(OPTIONS));
        options.addAll(List.of("--durability", durability));
        return BrokerProcess.startOwn(disk.path().resolve("data"), options.toArray(String[]::new));
    }

    private static MqttClient connect(final BrokerProcess broker, final String id) throws IOException {
        return MqttClient.connect(
                BrokerProcess.HOST,
                broker.port(),
                ProtocolVersion.V5,
                60,
                c -> c.clientId(id).cleanStart(false).sessionExpiry(0xFFFF_FFFFL));
    }

    private static void openSession(final BrokerProcess broker) throws IOException {
        try (MqttClient client = connect(broker, "witness")) {
            client.subscribe(List.of("cut/#"), 2);
        }
    }

    /** Publishes 1, 2, 3 and so on until the broker is gone, and notes the last that was acknowledged. */
    private static Thread publish(final BrokerProcess broker, final int publisher, final AtomicInteger acknowledged)
            throws IOException {
        final MqttClient client = connect(broker, "publisher-" + publisher);
        final int qos = publisher == QOS_2_PUBLISHER ? 2 : 1;
        final String padding = " ".repeat(PAYLOAD_LENGTH);
        final Thread thread = new Thread(() -> {
            try (client) {
                while (true) {
                    final int number = acknowledged.get() + 1;
                    final String payload = publisher + ":" + number + ":" + padding;
                    final int code = client.publish("cut/" + publisher, bytes(payload), qos, publisher == 0);
                    if (ReasonCode.isError(code)) {
                        return;
                    }
                    acknowledged.set(number);
                }
            } catch (final IOException ex) {
                // The broker is gone.
            }
        });
        thread.start();
        return thread;
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Stops every thread of the process where it stands. */
    private static void stop(final BrokerProcess broker) throws IOException {
        Shell.output("kill", "-STOP", String.valueOf(broker.pid()));
        final Path tasks = Path.of("/proc", String.valueOf(broker.pid()), "task");
        Await.until(() -> isStopped(tasks));
    }

    private static boolean isStopped(final Path tasks) {
        try (var list = Files.list(tasks)) {
            for (final Path task : list.toList()) {
                final String stat = Files.readString(task.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        } catch (final IOException ex) {
            return false;
        }
    }

    /** Acknowledgements that had left are on their way to the publishers; they count. */
    private static void awaitStill(final AtomicInteger[] acknowledged) throws InterruptedException {
        int before = -1;
        int now = sum(acknowledged);
        while (now != before) {
            Thread.sleep(100);
            before = now;
            now = sum(acknowledged);
        }
    }

    private static int sum(final AtomicInteger[] counts) {
        int sum = 0;
        for (final AtomicInteger count : counts) {
            sum += count.get();
        }
        return sum;
    }

    private Outcome examine(final Path copy, final String durability, final AtomicInteger[] acknowledged)
            throws Exception {
        try (LoopDisk disk = LoopDisk.attach(copy, dir.resolve("copy"));
                BrokerProcess broker = start(disk, durability)) {
            final List<String> found = drain(broker);
            final Set<String> distinct = new HashSet<>(found);
            int lost = 0;
            for (int publisher = 0; publisher < PUBLISHERS; publisher++) {
                for (int number = 1; number <= acknowledged[publisher].get(); number++) {
                    lost += distinct.contains(publisher + ":" + number) ? 0 : 1;
                }
            }
            final String recovery = broker.output()
                    .lines()
                    .filter(line -> line.contains(" recovered "))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf("recovered ")).replaceAll(", digest.*", ""))
                    .orElse("");
            lost += lostRetained(broker, acknowledged[0].get());
            return new Outcome(sum(acknowledged), lost, doubles(found), recovery);
        }
    }

    /** All that waits for the session, which may be gone in the control, up to a last message of ours. */
    private static List<String> drain(final BrokerProcess broker) throws IOException {
        final List<String> found = new ArrayList<>();
        try (MqttClient witness = connect(broker, "witness");
                MqttClient publisher = connect(broker, "last")) {
            if (!witness.sessionPresent()) {
                return found;
            }
            publisher.publish("cut/last", bytes("last:1:"), 1, false);
            String payload = "";
            while (!payload.startsWith("last:")) {
                final Message message = witness.receive(30_000);
                assertTrue(message != null, "the session got " + found.size() + " and then nothing");
                payload = new String(message.payload(), StandardCharsets.UTF_8);
                found.add(payload.substring(0, payload.lastIndexOf(':')));
            }
        }
        return found;
    }

    private static int doubles(final List<String> found) {
        final List<String> once =
                found.stream().filter(p -> p.startsWith(QOS_2_PUBLISHER + ":")).toList();
        return once.size() - new HashSet<>(once).size();
    }

    /** 1 if the retained value is older than what was acknowledged. */
    private static int lostRetained(final BrokerProcess broker, final int acknowledged) throws IOException {
        try (MqttClient client = connect(broker, "reader")) {
            client.subscribe(List.of("cut/0"), 0);
            final Message message = client.receive(acknowledged > 0 ? 2_000 : 1);
            final int kept = message == null
                    ? 0
                    : Integer.parseInt(new String(message.payload(), StandardCharsets.UTF_8).split(":")[1]);
            return kept < acknowledged ? 1 : 0;
        }
    }
}
