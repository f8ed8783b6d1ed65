package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.client.Message;
import io.ringmain.ops.client.MqttClient;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The broker is killed with SIGKILL, again and again, while clients publish with QoS 1 and 2 and others subscribe.
 * Whatever was acknowledged must be there afterwards, once where it must be once, and in order.
 */
@Tag("e2e")
class KillTest {
    private static final int KILLS_SYNC = 30;
    private static final int KILLS_APPEND = 20;

    /** Of retained values, so that segments are used up. */
    private static final String PADDING = " ".repeat(30_000);

    /** Nobody else listens here: while the broker is down, its port may be given to another one on the machine. */
    private static final String HOST = "127.83.46.2";

    /** Kept if something was lost. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path dir;

    private final SplittableRandom random = new SplittableRandom();
    private final AtomicReference<BrokerProcess> broker = new AtomicReference<>();
    private final AtomicBoolean publishing = new AtomicBoolean(true);
    private final AtomicBoolean receiving = new AtomicBoolean(true);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Map<String, List<String>> acknowledged = new ConcurrentHashMap<>();
    private final Map<String, Integer> lastState = new ConcurrentHashMap<>();
    private final List<String> received = new ArrayList<>();
    private final Set<Integer> onlineIds = new HashSet<>();

    @Test
    void shouldKeepEveryPromiseOverKillsWithSync() throws Exception {
        killAgainAndAgain("sync", KILLS_SYNC);
    }

    @Test
    void shouldKeepEveryPromiseOverKillsWithAppend() throws Exception {
        killAgainAndAgain("append", KILLS_APPEND);
    }

    /** With a snapshot every 64 KiB of log, so that most lives begin from one, and segments that last for a moment. */
    private BrokerProcess start(final String durability) throws Exception {
        return BrokerProcess.start(
                List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto"),
                dir,
                "--durability",
                durability,
                "--set",
                "listeners.local.bind=" + HOST + ":0",
                "--set",
                "storage.snapshot.log_bytes=64KB",
                "--set",
                "storage.log.segment=1MB",
                "--set",
                "limits.max_packet_size=64KB");
    }

    private void killAgainAndAgain(final String durability, final int kills) throws Exception {
        broker.set(start(durability));
        try {
            run(durability, kills);
        } finally {
            broker.get().close();
        }
    }

    private void run(final String durability, final int kills) throws Exception {
        openSession("offline");
        openSession("online");
        final List<Thread> publishers = List.of(start(() -> publish("one", 1)), start(() -> publish("two", 2)));
        final Thread subscriber = start(this::receiveOnline);
        for (int i = 0; i < kills; i++) {
            final int before = total();
            Thread.sleep(random.nextInt(20, 250));
            Await.until(() -> total() > before || failure.get() != null);
            broker.get().kill();
            broker.set(start(durability));
        }
        publishing.set(false);
        for (final Thread publisher : publishers) {
            publisher.join(60_000);
        }
        final String last = lastMarker();
        Await.until(60_000, () -> has(last) || failure.get() != null, () -> "the last message never came");
        receiving.set(false);
        subscriber.join(60_000);
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
        check("online", List.copyOf(received));
        check("offline", drainOffline(last));
        checkRetained();
        System.out.println(kills + " kills with " + durability + ": " + total() + " acknowledged messages kept");
    }

    private Thread start(final Action action) {
        final Thread thread = new Thread(() -> {
            try {
                action.run();
            } catch (final Throwable ex) {
                failure.compareAndSet(null, ex);
            }
        });
        thread.start();
        return thread;
    }

    private interface Action {
        void run() throws Exception;
    }

    private int total() {
        return acknowledged.values().stream().mapToInt(List::size).sum();
    }

    private synchronized boolean has(final String payload) {
        return received.contains(payload);
    }

    private MqttClient connect(final String id) throws IOException {
        return connect(id, false);
    }

    private MqttClient connect(final String id, final boolean cleanStart) throws IOException {
        return MqttClient.connect(
                HOST,
                broker.get().port(),
                ProtocolVersion.V5,
                30,
                c -> c.clientId(id).cleanStart(cleanStart).sessionExpiry(0xFFFF_FFFFL));
    }

    private void openSession(final String id) throws IOException {
        try (MqttClient client = connect(id)) {
            assertEquals(2, client.subscribe(List.of("kill/#"), 2)[0]);
        }
    }

    /**
     * Publishes numbers. What was not acknowledged when the connection broke is not sent again with QoS 2, as nobody
     * knows whether the broker has it; with QoS 1 it is. Hence a clean start: packet ids of hand-shakes that were broken
     * off are free again.
     */
    private void publish(final String name, final int qos) throws Exception {
        final List<String> kept = Collections.synchronizedList(new ArrayList<>());
        acknowledged.put(name, kept);
        int number = 0;
        while (publishing.get()) {
            try (MqttClient client = connect("pub-" + name, true)) {
                while (publishing.get()) {
                    final String payload = name + ":" + number;
                    final int code = client.publish("kill/" + name, bytes(payload), qos, false);
                    if (!ReasonCode.isError(code)) {
                        kept.add(payload);
                    }
                    number++;
                    client.publish("state/" + name, bytes(number + PADDING), 1, true);
                    lastState.put(name, number);
                }
            } catch (final IOException ex) {
                // Killed. With QoS 1 the number is sent again; with QoS 2 it may be there, and must not be there twice.
                number += qos == 2 ? 1 : 0;
                Thread.sleep(5);
            }
        }
    }

    private String lastMarker() throws IOException {
        try (MqttClient client = connect("pub-marker")) {
            client.publish("kill/marker", bytes("marker:0"), 2, false);
        }
        return "marker:0";
    }

    private void receiveOnline() throws Exception {
        while (receiving.get()) {
            try (MqttClient client = connect("online").resume(onlineIds)) {
                assertTrue(client.sessionPresent(), "the session was lost");
                while (receiving.get()) {
                    final Message message = client.receive(200);
                    if (message != null) {
                        add(new String(message.payload(), StandardCharsets.UTF_8));
                    }
                }
            } catch (final IOException ex) {
                Thread.sleep(5);
            }
        }
    }

    private synchronized void add(final String payload) {
        received.add(payload);
    }

    private List<String> drainOffline(final String last) throws IOException {
        final List<String> got = new ArrayList<>();
        try (MqttClient client = connect("offline")) {
            assertTrue(client.sessionPresent(), "the offline session was lost");
            while (!got.contains(last)) {
                final Message message = client.receive(20_000);
                assertTrue(message != null, "the offline session got " + got.size() + " and then nothing");
                got.add(new String(message.payload(), StandardCharsets.UTF_8));
            }
        }
        return got;
    }

    private void check(final String who, final List<String> got) {
        final Set<String> distinct = new LinkedHashSet<>(got);
        acknowledged.forEach((name, payloads) -> {
            final Set<String> missing = new HashSet<>(payloads);
            missing.removeAll(distinct);
            assertTrue(missing.isEmpty(), who + " never got what was acknowledged: " + missing);
        });
        final List<String> exactlyOnce =
                got.stream().filter(p -> p.startsWith("two:")).toList();
        assertEquals(new LinkedHashSet<>(exactlyOnce).size(), exactlyOnce.size(), who + " got a QoS 2 message twice");
        final Map<String, Integer> lastNumber = new LinkedHashMap<>();
        for (final String payload : distinct) {
            final String name = payload.substring(0, payload.indexOf(':'));
            final int number = Integer.parseInt(payload.substring(payload.indexOf(':') + 1));
            final Integer before = lastNumber.put(name, number);
            assertTrue(before == null || before < number, who + " got " + payload + " after " + name + ":" + before);
        }
    }

    private void checkRetained() throws IOException {
        final Map<String, Integer> kept = new LinkedHashMap<>();
        try (MqttClient client = connect("retained-reader")) {
            client.subscribe(List.of("state/#"), 1);
            while (kept.size() < lastState.size()) {
                final Message message = client.receive(20_000);
                assertTrue(message != null && message.retain(), "retained values: " + kept);
                kept.put(
                        message.topic().substring("state/".length()),
                        Integer.parseInt(new String(message.payload(), StandardCharsets.UTF_8).strip()));
            }
        }
        lastState.forEach((name, number) ->
                assertTrue(kept.get(name) >= number, "state/" + name + ": " + number + " acknowledged, kept " + kept));
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
