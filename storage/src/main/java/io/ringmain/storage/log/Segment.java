package io.ringmain.storage.log;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** A segment file mapped read-only. Confined to one thread. */
final class Segment implements AutoCloseable {
    private final Path file;
    private final MappedByteBuffer mapping;
    private final UnsafeBuffer buffer;

    private Segment(final Path file, final MappedByteBuffer mapping) {
        this.file = file;
        this.mapping = mapping;
        this.buffer = new UnsafeBuffer(mapping);
    }

    /** Maps the segment of a cycle, wherever it lies at the moment. */
    static Segment map(final LogDirectory directory, final long cycle) {
        for (int attempt = 0; ; attempt++) {
            final Path file = directory.locate(cycle);
            try {
                return map(file);
            } catch (final NoSuchFileException ex) {
                // It may have been sealed, and so moved, between the two calls; but only once.
                if (attempt > 0) {
                    throw new LogException("no segment " + LogDirectory.name(cycle) + " in " + directory.sealed(), ex);
                }
            } catch (final IOException ex) {
                throw new LogException("can't map segment " + file + ": " + ex, ex);
            }
        }
    }

    static Segment map(final Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new Segment(file, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
        }
    }

    Path file() {
        return file;
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    int length() {
        return buffer.capacity();
    }

    @Override
    public void close() {
        IoUtil.unmap(mapping);
    }
}
