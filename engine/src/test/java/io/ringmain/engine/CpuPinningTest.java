package io.ringmain.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import net.openhft.affinity.Affinity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class CpuPinningTest {
    @TempDir
    private Path dir;

    private static String allowed(final Path task) throws IOException {
        return Files.readAllLines(task.resolve("status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElseThrow();
    }

    private static String allowedAfter(final Runnable... steps) throws Exception {
        final CompletableFuture<String> allowed = new CompletableFuture<>();
        new Thread(() -> {
                    try {
                        for (final Runnable step : steps) {
                            step.run();
                        }
                        allowed.complete(allowed(Path.of("/proc/thread-self")));
                    } catch (final IOException | RuntimeException ex) {
                        allowed.completeExceptionally(ex);
                    }
                })
                .start();
        return allowed.get();
    }

    @Test
    void shouldPinEachThreadToTheNextCpuAsFarAsTheyGo() throws Exception {
        final String all = allowed(Path.of("/proc/thread-self"));
        final int[] cpus = Affinity.getAffinity().stream().toArray();
        final CpuPinning pinning = CpuPinning.of(cpus[0] + "-" + cpus[0]);
        final Runnable first = pinning.next();
        assertEquals(String.valueOf(cpus[0]), allowedAfter(first));
        assertEquals(all, allowedAfter(pinning.next()));
        assertEquals(all, allowedAfter(first, pinning::release));
        assertEquals(all, allowedAfter(CpuPinning.of(CpuPinning.AUTO).next()));
        assertEquals(all, allowed(Path.of("/proc/thread-self")));
    }

    @Test
    void shouldNameTheKeyWhenACpuIsNotThere() {
        final BrokerContext context = new BrokerContext()
                .dataDir(dir)
                .threadingMode(ThreadingMode.DEDICATED)
                .cpus("0,4095");
        final String message = assertThrows(IllegalArgumentException.class, () -> Broker.launch(context))
                .getMessage();
        assertTrue(message.startsWith("ring.cpus: CPU 4095 is not one of {"), message);
        assertThrows(IllegalArgumentException.class, () -> CpuPinning.of("1-0"));
    }

    @Test
    void shouldPinTheAgentsOfADedicatedBrokerInOrder() throws Exception {
        final String all = allowed(Path.of("/proc/thread-self"));
        final int[] cpus = Affinity.getAffinity().stream().toArray();
        final int last = cpus[Math.min(1, cpus.length - 1)];
        final BrokerContext context = new BrokerContext()
                .dataDir(dir)
                .threadingMode(ThreadingMode.DEDICATED)
                .ioThreads(1)
                .idleStrategy("park")
                .cpus(cpus[0] + "," + last);
        try (Broker broker = Broker.launch(context)) {
            assertEquals(List.of(), broker.listenerAddresses());
            final Map<String, String> expected =
                    new TreeMap<>(Map.of("io-0", String.valueOf(cpus[0]), "core", all, "snapshots", all));
            if (last != cpus[0]) {
                expected.put("journal", String.valueOf(last));
            }
            Map<String, String> found = Map.of();
            // A thread pins itself when it runs, which it may not have done yet.
            for (int i = 0; i < 1000 && !expected.equals(found); i++) {
                Thread.sleep(5);
                found = allowedOf(expected.keySet());
            }
            assertEquals(expected, found);
        }
    }

    private static Map<String, String> allowedOf(final Set<String> threads) throws IOException {
        final Map<String, String> allowed = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (final Path task : (Iterable<Path>) tasks::iterator) {
                try {
                    final String name = Files.readString(task.resolve("comm")).trim();
                    if (threads.contains(name)) {
                        allowed.put(name, allowed(task));
                    }
                } catch (final IOException ignored) {
                    // A thread of somebody else that has ended meanwhile.
                }
            }
        }
        return allowed;
    }
}
