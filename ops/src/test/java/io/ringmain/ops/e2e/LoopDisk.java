package io.ringmain.ops.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;

/**
 * A disk of its own: ext4 on a loop device. What is in its image file is what was written to the device; what the file
 * system only has in memory isn't. So a copy of the image is the disk as a power cut leaves it. Needs root.
 */
final class LoopDisk implements AutoCloseable {
    private static final int SECTOR = 512;
    private static final int WRITES_COMPLETED = 4;
    private static final int SECTORS_WRITTEN = 6;
    private static final int IN_FLIGHT = 8;
    private static final int COPY_ATTEMPTS = 50;

    private final Path image;
    private final Path mount;
    private final String device;

    private LoopDisk(final Path image, final Path mount, final String device) {
        this.image = image;
        this.mount = mount;
        this.device = device;
    }

    /** Makes an empty one, or skips the test where that isn't permitted. */
    static LoopDisk make(final Path dir, final int megabytes) throws IOException {
        final Path image = dir.resolve("disk.image");
        Assumptions.assumeTrue(
                Shell.run("truncate", "-s", megabytes + "M", image.toString()) == 0
                        && Shell.run(
                                        "mkfs.ext4",
                                        "-q",
                                        "-E",
                                        "lazy_itable_init=0,lazy_journal_init=0",
                                        image.toString())
                                == 0,
                "needs mkfs.ext4");
        return attach(image, dir.resolve("disk"));
    }

    /** Mounts an image, which puts its file system right by its journal. */
    static LoopDisk attach(final Path image, final Path mount) throws IOException {
        Assumptions.assumeTrue(Shell.run("losetup", "-f") == 0, "needs root and a loop device");
        final String device = Shell.output("losetup", "-f", "--show", image.toString());
        Files.createDirectories(mount);
        if (Shell.run("mount", device, mount.toString()) != 0) {
            Shell.run("losetup", "-d", device);
            Assumptions.abort("needs the right to mount a loop device");
        }
        return new LoopDisk(image, mount, device);
    }

    Path path() {
        return mount;
    }

    /** Bytes written to the device since it is attached. */
    long bytesWritten() throws IOException {
        return statistics()[SECTORS_WRITTEN] * SECTOR;
    }

    private long[] statistics() throws IOException {
        final String name = Path.of(device).getFileName().toString();
        return Arrays.stream(Files.readString(Path.of("/sys/block", name, "stat"))
                        .strip()
                        .split("\\s+"))
                .mapToLong(Long::parseLong)
                .toArray();
    }

    /**
     * Copies the image without a sync. Nobody may write to the file system meanwhile; what the kernel writes of its own
     * accord shows in the figures of the device, and the copy is made again.
     */
    void copyAsOfNow(final Path target) throws Exception {
        for (int attempt = 0; attempt < COPY_ATTEMPTS; attempt++) {
            final long[] before = statistics();
            Shell.output("cp", "--sparse=always", image.toString(), target.toString());
            final long[] after = statistics();
            if (before[IN_FLIGHT] == 0 && before[WRITES_COMPLETED] == after[WRITES_COMPLETED]) {
                return;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("the device was never still");
    }

    /** Takes the image's blocks away: where it lies on a full file system, every write is an input/output error then. */
    void fail() {
        Shell.output("fallocate", "-p", "-o", "0", "-l", "1T", image.toString());
    }

    @Override
    public void close() {
        Shell.run("umount", "-l", mount.toString());
        Shell.run("losetup", "-d", device);
        try {
            Files.deleteIfExists(image);
        } catch (final IOException ex) {
            throw new AssertionError(ex);
        }
    }
}
