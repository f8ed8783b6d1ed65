package io.ringmain.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.storage.snapshot.SnapshotDirectory;
import io.ringmain.storage.snapshot.SnapshotWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotCommandTest {
    @TempDir
    private Path data;

    private void write(final long position) {
        try (SnapshotWriter writer = new SnapshotDirectory(data).newWriter(position, 1_000_000_000L)) {
            writer.section(1, new UnsafeBuffer(new byte[100]), 0, 100);
            writer.finish();
        }
    }

    private String output(final int exitCode, final String verb) {
        final CommandRun run = CommandRun.of("snapshot", verb, "--data", data.toString());
        assertEquals(exitCode, run.exitCode(), run.err());
        return run.out();
    }

    @Test
    void shouldListSnapshotsNewestFirst() {
        write(640);
        write(1280);
        final String[] lines = output(ExitCode.OK, "ls").split("\n");
        assertTrue(lines[0].contains("00000000000000001280.snapshot  156 bytes"), lines[0]);
        assertTrue(lines[1].contains("00000000000000000640.snapshot"), lines[1]);
    }

    @Test
    void shouldVerifyAndNameTheDamage() throws IOException {
        write(640);
        assertTrue(output(ExitCode.OK, "verify").contains(", position 640, 1970-01-01T00:00:01Z, 156 bytes"));
        final Path file = new SnapshotDirectory(data).list().get(0);
        final byte[] bytes = Files.readAllBytes(file);
        bytes[100] ^= 1;
        Files.write(file, bytes);
        assertTrue(output(ExitCode.DAMAGED, "verify").contains("at byte 40: CRC "));
    }

    @Test
    void shouldSayThatThereIsNone() {
        assertEquals("", output(ExitCode.NOT_FOUND, "ls"));
    }

    @Test
    void shouldSayThatNobodyTakesOne() throws IOException {
        assertEquals(
                ExitCode.NOT_FOUND,
                CommandRun.of("snapshot", "take", "--data", data.toString()).exitCode());
        Files.createDirectories(data.resolve("log"));
        assertEquals(
                ExitCode.TIMEOUT,
                CommandRun.of("snapshot", "take", "--data", data.toString(), "--timeout", "0")
                        .exitCode());
        assertEquals(false, new SnapshotDirectory(data).takeRequest(), "the request is taken back");
    }
}
