package io.ringmain.storage.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
    @TempDir
    private Path data;

    private record Section(int type, String bytes) {}

    private static List<Section> write(final SnapshotDirectory directory, final long position, final int... lengths) {
        final SplittableRandom random = new SplittableRandom(position);
        final List<Section> sections = new ArrayList<>();
        try (SnapshotWriter writer = directory.newWriter(position, position * 10)) {
            for (int i = 0; i < lengths.length; i++) {
                final byte[] bytes = new byte[lengths[i] + 3];
                random.nextBytes(bytes);
                writer.section(i, new UnsafeBuffer(bytes), 3, lengths[i]);
                sections.add(new Section(i, Arrays.toString(Arrays.copyOfRange(bytes, 3, bytes.length))));
            }
            writer.finish();
        }
        return sections;
    }

    private static List<Section> read(final Path file) {
        final List<Section> sections = new ArrayList<>();
        SnapshotReader.read(file, (type, buffer, offset, length) -> {
            final byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            sections.add(new Section(type, Arrays.toString(bytes)));
        });
        return sections;
    }

    @Test
    void shouldReadBackSectionsOfAnyLength() {
        final SnapshotDirectory directory = new SnapshotDirectory(data);
        final List<Section> written = write(directory, 640, 0, 1, 100, 1 << 20, 3_000_000, 7, (1 << 20) - 8);
        assertEquals(written, read(directory.list().get(0)));
        final SnapshotReader.Summary summary =
                SnapshotReader.verify(directory.list().get(0));
        assertEquals(640, summary.position());
        assertEquals(6400, summary.timestampNs());
    }

    @Test
    void shouldHoldASnapshotOfNothing() {
        final SnapshotDirectory directory = new SnapshotDirectory(data);
        write(directory, 0);
        assertEquals(List.of(), read(directory.list().get(0)));
    }

    @Test
    void shouldKeepTheLastTwo() throws IOException {
        final SnapshotDirectory directory = new SnapshotDirectory(data);
        for (final long position : new long[] {8, 16, 99_999_999_999L, 100_000_000_000L}) {
            write(directory, position, 10);
        }
        assertEquals(
                List.of("00000000100000000000.snapshot", "00000000099999999999.snapshot"),
                directory.list().stream()
                        .map(file -> file.getFileName().toString())
                        .toList());
    }

    private static List<Long> positions(final SnapshotDirectory directory) {
        return directory.list().stream()
                .map(file -> SnapshotReader.header(file).position())
                .toList();
    }

    @Test
    void shouldKeepSparseOlderOnesBackToWhereTheLogBegins() {
        final long[] logFirst = {0};
        final SnapshotDirectory directory =
                new SnapshotDirectory(data).history(new SnapshotHistory(300, () -> logFirst[0]));
        for (long position = 8; position <= 160; position += 8) {
            write(directory, position, 10);
        }
        assertEquals(List.of(160L, 152L, 136L, 104L, 72L, 40L, 8L), positions(directory));
        logFirst[0] = 73;
        write(directory, 168, 10);
        assertEquals(List.of(168L, 160L, 136L, 104L, 72L), positions(directory), "72 may be right before the log");
    }

    @Test
    void shouldKeepNoMoreThanSoManyHoweverFarTheLogReachesBack() {
        final SnapshotDirectory directory = new SnapshotDirectory(data).history(new SnapshotHistory(1, () -> 0));
        for (long position = 8; position <= 8 * 200; position += 8) {
            write(directory, position, 10);
            assertTrue(positions(directory).size() <= SnapshotHistory.MAX_KEPT + 2);
        }
        final List<Long> kept = positions(directory);
        assertEquals(8, kept.get(kept.size() - 1), "the oldest stays");
        assertTrue(kept.size() > SnapshotHistory.MAX_KEPT / 2, "and half of the places are used: " + kept);
    }

    @Test
    void shouldChangeNothingUntilItIsFinished() throws IOException {
        final SnapshotDirectory directory = new SnapshotDirectory(data);
        write(directory, 8, 10);
        final SnapshotWriter crashed = directory.newWriter(16, 1);
        crashed.section(1, new UnsafeBuffer(new byte[2 << 20]), 0, 2 << 20);
        assertEquals(1, directory.list().size());
        write(directory, 24, 10);
        crashed.close();
        try (var files = Files.list(directory.path())) {
            assertEquals(2, files.count(), "what was left unfinished is gone");
        }
    }

    @Test
    void shouldTellItsPositionFromTheHeaderAlone() throws IOException {
        final SnapshotDirectory directory = new SnapshotDirectory(data);
        write(directory, 640, 50, 0, 30);
        final Path file = directory.list().get(0);
        assertEquals(SnapshotReader.verify(file), SnapshotReader.header(file));
        final byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertEquals(640, SnapshotReader.header(file).position());
        bytes[SnapshotDescriptor.POSITION_OFFSET] ^= 1;
        Files.write(file, bytes);
        assertThrows(SnapshotException.class, () -> SnapshotReader.header(file));
    }

    @Test
    void shouldFindEveryFlippedByteAndEveryCut() throws IOException {
        final SnapshotDirectory directory = new SnapshotDirectory(data);
        write(directory, 640, 50, 0, 30);
        final Path file = directory.list().get(0);
        final byte[] intact = Files.readAllBytes(file);
        for (int i = 0; i < intact.length; i++) {
            final byte[] flipped = intact.clone();
            flipped[i] ^= 4;
            assertDamaged(file, flipped);
            assertDamaged(file, Arrays.copyOf(intact, i));
        }
        assertDamaged(file, Arrays.copyOf(intact, intact.length + 1));
        Files.write(file, intact);
        SnapshotReader.verify(file);
    }

    private static void assertDamaged(final Path file, final byte[] bytes) throws IOException {
        Files.write(file, bytes);
        final SnapshotException damage = assertThrows(SnapshotException.class, () -> SnapshotReader.verify(file));
        assertTrue(damage.getMessage().contains("at byte "), damage.getMessage());
    }
}
