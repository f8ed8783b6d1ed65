package io.ringmain.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class ThreadPriorityTest {
    /** Fields of {@code /proc/.../stat} behind the name of the thread, which ends with a parenthesis. */
    private static final int NICE_BEHIND_NAME = 16;

    @TempDir
    private Path dir;

    private static int nice(final Path task) {
        try {
            final String stat = Files.readString(task.resolve("stat"));
            return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[NICE_BEHIND_NAME]);
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static int niceAfter(final int... lowered) throws Exception {
        final CompletableFuture<Integer> nice = new CompletableFuture<>();
        new Thread(() -> {
                    for (final int value : lowered) {
                        ThreadPriority.lower(value);
                    }
                    nice.complete(nice(Path.of("/proc/thread-self")));
                })
                .start();
        return nice.get();
    }

    @Test
    void shouldLowerTheCallingThreadAlone() throws Exception {
        final int own = nice(Path.of("/proc/thread-self"));
        assertEquals(own, niceAfter());
        assertEquals(own, niceAfter(0));
        assertEquals(19, niceAfter(19));
        assertEquals(own, nice(Path.of("/proc/thread-self")));
    }

    @Test
    void shouldAskForAShortSliceForTheCallingThreadAlone() throws Exception {
        final long own = ThreadPriority.slice();
        assumeTrue(own > 0, "this kernel knows no slices of threads");
        final CompletableFuture<Long> slice = new CompletableFuture<>();
        new Thread(() -> {
                    ThreadPriority.shortenSlice(100_000);
                    slice.complete(ThreadPriority.slice());
                })
                .start();
        assertEquals(100_000, slice.get());
        assertEquals(own, ThreadPriority.slice());
    }

    @Test
    void shouldLowerTheThreadsOfABrokerThatDoWhatCanWait() throws Exception {
        final int own = nice(Path.of("/proc/thread-self"));
        final BrokerContext context = new BrokerContext()
                .dataDir(dir)
                .threadingMode(ThreadingMode.DEDICATED)
                .ioThreads(1)
                .idleStrategy("park")
                .backgroundNice(17);
        try (Broker broker = Broker.launch(context)) {
            assertEquals(List.of(), broker.listenerAddresses());
            final TreeMap<String, Integer> nice = niceOfThreads();
            // A thread lowers itself when it runs, which it may not have done yet.
            for (int i = 0; i < 1000 && !Integer.valueOf(17).equals(nice.get("snapshots")); i++) {
                Thread.sleep(5);
                nice.putAll(niceOfThreads());
            }
            assertEquals(17, nice.get("snapshots"), nice.toString());
            assertEquals(own, nice.get("journal"), nice.toString());
            assertEquals(own, nice.get("core"), nice.toString());
        }
    }

    private static TreeMap<String, Integer> niceOfThreads() throws IOException {
        final TreeMap<String, Integer> nice = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (final Path task : (Iterable<Path>) tasks::iterator) {
                try {
                    nice.put(Files.readString(task.resolve("comm")).trim(), nice(task));
                } catch (final IOException | UncheckedIOException ignored) {
                    // A thread of somebody else that has ended meanwhile.
                }
            }
        }
        return nice;
    }
}
