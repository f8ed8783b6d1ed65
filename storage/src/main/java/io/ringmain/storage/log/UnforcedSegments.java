package io.ringmain.storage.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Segments that were rolled before they were forced, oldest first. The lock of everybody who forces or closes a segment:
 * what is wrong with the device is told once by the kernel, to whoever asks first, so only one asks at a time. Who rolls
 * doesn't wait for the lock.
 */
final class UnforcedSegments {
    private record Rolled(Path file, FileChannel channel) {}

    private final Queue<Rolled> segments = new ConcurrentLinkedQueue<>();

    void add(final Path file, final FileChannel channel) {
        segments.add(new Rolled(file, channel));
    }

    /** Forces them all; the caller holds this lock. */
    void force(final Forcing forcing) throws IOException {
        for (Rolled rolled = segments.peek(); rolled != null; rolled = segments.peek()) {
            forcing.file(rolled.file, rolled.channel, false);
            segments.poll();
        }
    }

    /** Closes the channel of a segment that was forced. */
    synchronized void close(final FileChannel channel) throws IOException {
        segments.removeIf(rolled -> rolled.channel == channel);
        channel.close();
    }
}
