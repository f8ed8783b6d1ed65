package io.ringmain.storage.log;

import io.ringmain.storage.DataFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file {@code metadata.cq4t} that Chronicle keeps for itself, sparse and mapped. A full disk would show as a fault in
 * its memory, so its room is made sure of before Chronicle writes to it, and taken right after.
 */
final class ChronicleTable {
    private static final int LENGTH = 128 << 10;

    private final Path file;
    private final Forcing forcing;

    ChronicleTable(final LogDirectory directory, final Forcing forcing) {
        this.file = directory.active().resolve("metadata.cq4t");
        this.forcing = forcing;
    }

    /**
     * Called before Chronicle makes the file; it doesn't take one that we made.
     *
     * @throws IOException when there is no room for it.
     */
    void checkRoom() throws IOException {
        final Path trial = file.resolveSibling("metadata.trial");
        try {
            SegmentAllocator.fill(trial, 2 * LENGTH, SegmentAllocator.FORCED_WRITE_LENGTH, forcing);
        } finally {
            Files.deleteIfExists(trial);
        }
    }

    /** Called when Chronicle has made the file, before anything else runs: writes every byte of it once more. */
    void takeRoom() throws IOException {
        DataFiles.restrict(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            final ByteBuffer content = ByteBuffer.allocate((int) channel.size());
            while (content.hasRemaining() && channel.read(content, content.position()) >= 0) {
                // Until it is read as a whole.
            }
            content.flip();
            while (content.hasRemaining()) {
                channel.write(content, content.position());
            }
            forcing.file(file, channel, true);
        }
    }
}
