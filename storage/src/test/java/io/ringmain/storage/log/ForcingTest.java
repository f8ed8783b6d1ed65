package io.ringmain.storage.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said to be durable was forced before: bytes, names, the old segment before the new one; and never twice. */
class ForcingTest {
    private final TestRecords records = new TestRecords();

    @TempDir
    private Path dir;

    /**
     * Remembers what a device would have after a power cut: of each file what it held when it was last forced, of each
     * directory the names that it held then. Asks for no more than POSIX promises.
     */
    private static class Device implements Forcing {
        private final Map<Object, byte[]> contents = new HashMap<>();
        private final Map<Path, Map<String, Object>> names = new HashMap<>();

        private static Object inode(final Path file) throws IOException {
            return Files.getAttribute(file, "unix:ino");
        }

        @Override
        public synchronized void file(final Path file, final FileChannel channel, final boolean metaData)
                throws IOException {
            DEVICE.file(file, channel, metaData);
            contents.put(inode(file), Files.readAllBytes(file));
        }

        @Override
        public synchronized void directory(final Path directory) throws IOException {
            DEVICE.directory(directory);
            final Map<String, Object> found = new HashMap<>();
            try (Stream<Path> files = Files.list(directory)) {
                for (final Path file : files.filter(Files::isRegularFile).toList()) {
                    found.put(file.getFileName().toString(), inode(file));
                }
            }
            names.put(directory, found);
        }

        /** Makes a data directory of what is durable now. */
        synchronized void restoreTo(final Path from, final Path to) throws IOException {
            for (final Map.Entry<Path, Map<String, Object>> directory : names.entrySet()) {
                final Path target = to.resolve(from.relativize(directory.getKey()));
                Files.createDirectories(target);
                for (final Map.Entry<String, Object> name : directory.getValue().entrySet()) {
                    final byte[] content = contents.get(name.getValue());
                    Files.write(target.resolve(name.getKey()), content == null ? new byte[0] : content);
                }
            }
        }
    }

    private static List<Long> scan(final Path data) throws IOException {
        final List<Long> numbers = new ArrayList<>();
        try (ChronicleMessageLog log = ChronicleMessageLog.open(TestRecords.context(data));
                LogReader reader = log.newReader()) {
            reader.scan(0, (position, buffer, offset, length) -> {
                numbers.add(TestRecords.number(buffer, offset, length));
                return true;
            });
        }
        return numbers;
    }

    @Test
    void shouldHaveForcedWhatItSaysIsDurableAtAnyMomentAlsoOverRolls() throws IOException {
        final Device device = new Device();
        final Path data = dir.resolve("data");
        int cuts = 0;
        try (ChronicleMessageLog log =
                ChronicleMessageLog.open(TestRecords.context(data).forcing(device))) {
            int next = 0;
            int segments = 0;
            while (segments < 4) {
                records.append(log, next, 100, 10);
                next += 100;
                final long durable = log.force();
                assertEquals(log.appendPosition(), durable);
                final int now = LogInspector.open(data).segments().size();
                if (now != segments || next % 3000 == 0) {
                    segments = now;
                    final Path cut = dir.resolve("cut-" + cuts++);
                    device.restoreTo(data, cut);
                    final List<Long> found = scan(cut);
                    assertEquals(next, found.size());
                    assertTrue(LongStream.range(0, next).boxed().toList().equals(found));
                }
            }
        }
        assertTrue(cuts >= 4, "power cuts: " + cuts);
    }

    /** A device that doesn't come to force rolled segments. */
    private static final class SlowDevice extends Device {
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final CountDownLatch asked = new CountDownLatch(1);

        @Override
        public void file(final Path file, final FileChannel channel, final boolean metaData) throws IOException {
            if (Thread.currentThread().getName().contains("sealer")) {
                asked.countDown();
                await(goOn);
            }
            super.file(file, channel, metaData);
        }
    }

    @Test
    void shouldNotWaitForTheDeviceAtARollThatPromisesNothingAndCutWhatItLost() throws IOException {
        final SlowDevice device = new SlowDevice();
        final Path data = dir.resolve("data");
        final Path cut = dir.resolve("cut");
        final int count = 60_000;
        try (ChronicleMessageLog log = ChronicleMessageLog.open(
                TestRecords.context(data).forcing(device).forcesAtRoll(false))) {
            records.append(log, 0, count, 10);
            await(device.asked);
            assertTrue(LogInspector.open(data).segments().size() >= 3, "nobody has waited");
            device.restoreTo(data, cut);
            device.goOn.countDown();
        }
        assertEquals(count, scan(data).size());
        final List<String> lines = new ArrayList<>();
        final List<Long> found = new ArrayList<>();
        try (ChronicleMessageLog log =
                        ChronicleMessageLog.open(TestRecords.context(cut).eventLog(lines::add));
                LogReader reader = log.newReader()) {
            reader.scan(0, (position, buffer, offset, length) -> found.add(TestRecords.number(buffer, offset, length)));
            records.append(log, found.size(), 10, 10);
        }
        assertTrue(found.size() < count, "the device had lost something");
        assertEquals(LongStream.range(0, found.size()).boxed().toList(), found);
        assertEquals(
                1, lines.stream().filter(line -> line.contains("torn tail cut")).count(), lines::toString);
        assertTrue(lines.stream().anyMatch(line -> line.contains("comes behind a torn tail")), lines::toString);
        assertEquals(found.size() + 10, scan(cut).size());
    }

    @Test
    void shouldForceRolledSegmentsWhenAskedTo() throws IOException {
        final SlowDevice device = new SlowDevice();
        final Path data = dir.resolve("data");
        final Path cut = dir.resolve("cut");
        try (ChronicleMessageLog log = ChronicleMessageLog.open(
                TestRecords.context(data).forcing(device).forcesAtRoll(false))) {
            records.append(log, 0, 60_000, 10);
            await(device.asked);
            // From here on the sealer is at it as well.
            device.goOn.countDown();
            assertEquals(log.appendPosition(), log.force());
            device.restoreTo(data, cut);
        }
        assertEquals(60_000, scan(cut).size());
    }

    /** Fails from a call on, as a device that has gone; counts all calls that have to do with this segment's data. */
    private static final class FailingDevice implements Forcing {
        private boolean failing;
        private int calls;

        @Override
        public void file(final Path file, final FileChannel channel, final boolean metaData) throws IOException {
            if (!file.toString().endsWith(LogDirectory.SUFFIX)) {
                DEVICE.file(file, channel, metaData);
                return;
            }
            calls++;
            if (failing) {
                failing = false;
                throw new IOException("Input/output error");
            }
            DEVICE.file(file, channel, metaData);
        }

        @Override
        public void directory(final Path directory) throws IOException {
            DEVICE.directory(directory);
        }
    }

    @Test
    void shouldNeverTryAForceAgainThatFailed() {
        final FailingDevice device = new FailingDevice();
        final ChronicleMessageLog log =
                ChronicleMessageLog.open(TestRecords.context(dir).forcing(device));
        records.append(log, 0, 10, 5);
        final long forced = log.force();
        records.append(log, 10, 10, 5);
        device.failing = true;
        final LogException first = assertThrows(LogException.class, log::force);
        assertTrue(first.getMessage().contains("failed at position " + forced), first.getMessage());
        assertTrue(first.getMessage().contains("Input/output error"), first.getMessage());
        final int calls = device.calls;
        final LogException second = assertThrows(LogException.class, log::force);
        assertTrue(second.getMessage().contains("not tried again"), second.getMessage());
        log.close();
        assertEquals(calls, device.calls, "the device would say that all is well");
    }

    @Test
    void shouldFailARollWhoseForceFails() {
        final FailingDevice device = new FailingDevice();
        final ChronicleMessageLog log =
                ChronicleMessageLog.open(TestRecords.context(dir).forcing(device));
        records.append(log, 0, 10, 5);
        device.failing = true;
        assertThrows(LogException.class, () -> records.append(log, 10, 50_000, 50));
        assertEquals(1, LogInspector.open(dir).segments().size(), "nothing went to another segment");
        log.close();
    }

    @Test
    void shouldFailTheRollAfterOneWhoseForceFailedBeside() {
        final Forcing device = new Device() {
            @Override
            public void file(final Path file, final FileChannel channel, final boolean metaData) throws IOException {
                if (Thread.currentThread().getName().contains("sealer")) {
                    throw new IOException("Input/output error");
                }
                super.file(file, channel, metaData);
            }
        };
        final ChronicleMessageLog log = ChronicleMessageLog.open(
                TestRecords.context(dir).forcing(device).forcesAtRoll(false));
        final LogException failure = assertThrows(LogException.class, () -> {
            for (int i = 0; i < 1_000_000; i += 100) {
                records.append(log, i, 100, 10);
            }
        });
        assertTrue(failure.getMessage().contains("not tried again"), failure.getMessage());
        log.close();
    }

    @Test
    void shouldNotCountOnASegmentThatIsOnlyBeingMade() throws Exception {
        final CountDownLatch tried = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        final Forcing device = new Forcing() {
            private int segments;

            @Override
            public void file(final Path file, final FileChannel channel, final boolean metaData) throws IOException {
                if (file.toString().endsWith(".precreated") && ++segments > 1) {
                    tried.countDown();
                    await(goOn);
                    throw new IOException("No space left on device");
                }
            }

            @Override
            public void directory(final Path directory) {}
        };
        try (ChronicleMessageLog log =
                ChronicleMessageLog.open(TestRecords.context(dir).forcing(device))) {
            records.append(log, 0, 10, 5);
            await(tried);
            final long here = log.remainingBytes(0);
            assertTrue(here > 0 && here < 1 << 20, "only what the segment has: " + here);
            goOn.countDown();
            assertEquals(here, log.remainingBytes(2 << 20), "waited for the attempt, which failed");
        }
    }

    private static void await(final CountDownLatch latch) {
        try {
            latch.await();
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }
}
