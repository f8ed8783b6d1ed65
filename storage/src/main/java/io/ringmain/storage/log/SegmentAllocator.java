package io.ringmain.storage.log;

import io.ringmain.storage.DataFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Makes the next segment file beside the hot path: written with zeroes from end to end, so that the device has the room
 * before the log counts on it. A full disk shows here, as an exception, and never as a fault in mapped memory.
 *
 * <p>The length of the writes is that of the folios, the pieces in which the kernel keeps the file, and a folio goes to
 * the device as a whole. Who forces for each batch wants them small; who doesn't saves most of the work with larger ones,
 * up to a length where a fault, which looks at a whole folio, costs more than that.
 */
final class SegmentAllocator implements AutoCloseable {
    /** Of a file that is forced again and again, in bytes. */
    static final int FORCED_WRITE_LENGTH = 4 << 10;

    private static final int UNFORCED_WRITE_LENGTH = 64 << 10;

    private static final int CLOSE_TIMEOUT_S = 10;
    private static final long RETRY_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final LogDirectory directory;
    private final int segmentBytes;
    private final int writeLength;
    private final Forcing forcing;
    private final Consumer<String> eventLog;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        final Thread worker = new Thread(task, "ringmain-segment-allocator");
        worker.setDaemon(true);
        return worker;
    });

    private CompletableFuture<Void> pending = CompletableFuture.completedFuture(null);
    private boolean failureReported;
    private long nextAttemptNs;
    private long nextCycle;

    /** @param forcesOften whether the segments are forced for each batch. */
    SegmentAllocator(
            final LogDirectory directory,
            final int segmentBytes,
            final boolean forcesOften,
            final Forcing forcing,
            final Consumer<String> eventLog) {
        this.forcing = forcing;
        this.directory = directory;
        this.segmentBytes = segmentBytes;
        this.writeLength = forcesOften ? FORCED_WRITE_LENGTH : UNFORCED_WRITE_LENGTH;
        this.eventLog = eventLog;
    }

    /** Starts to make the file of a cycle. */
    void prepare(final long cycle) {
        nextCycle = cycle;
        nextAttemptNs = System.nanoTime() + RETRY_INTERVAL_NS;
        pending = CompletableFuture.runAsync(() -> allocate(cycle), thread);
    }

    /** The file is there, whole and durable. */
    boolean isReady() {
        return pending.isDone() && !pending.isCompletedExceptionally();
    }

    /** Waits while the file is being made, and not longer: it may turn out that there is no room for it. */
    void awaitAttempt() {
        try {
            pending.get();
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        } catch (final ExecutionException ex) {
            // Told by the attempt; isReady() answers false.
        }
    }

    long nextCycle() {
        return nextCycle;
    }

    /**
     * Waits until the file is there.
     *
     * @throws LogException when the device has no room for it. A second call tries again.
     */
    void await() {
        try {
            if (pending.isCompletedExceptionally()) {
                prepare(nextCycle);
            }
            pending.get();
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new LogException("interrupted while waiting for the next segment", ex);
        } catch (final ExecutionException ex) {
            throw new LogException(ex.getCause().getMessage(), ex.getCause());
        }
    }

    /** Tries again a while after a failure, in the background; nothing happens if none is due. */
    void retryIfFailed() {
        if (pending.isCompletedExceptionally() && System.nanoTime() - nextAttemptNs >= 0) {
            prepare(nextCycle);
        }
    }

    private void allocate(final long cycle) {
        final Path file = file(cycle);
        try {
            if (SpareSegment.take(directory.active(), file, segmentBytes)) {
                forceNames();
            } else {
                fill(file);
            }
            failureReported = false;
        } catch (final IOException ex) {
            deleteQuietly(file);
            final String message = "can't allocate the next segment of " + segmentBytes + " bytes in "
                    + directory.active() + ": " + ex.getMessage();
            if (!thread.isShutdown() && !failureReported) {
                failureReported = true;
                eventLog.accept(message);
            }
            throw new LogException(message, ex);
        }
    }

    private void fill(final Path file) throws IOException {
        final long free = Files.getFileStore(directory.active()).getUsableSpace();
        if (free < segmentBytes) {
            // Not even tried: to fill the rest of the device every second would take it from everybody else.
            throw new IOException("No space left on device: " + free + " bytes are free");
        }
        fill(file, segmentBytes, writeLength, forcing);
        forceNames();
    }

    private Path file(final long cycle) {
        return directory.active().resolve(LogDirectory.name(cycle) + ".precreated");
    }

    private void forceNames() throws IOException {
        synchronized (directory) {
            forcing.directory(directory.active());
        }
    }

    /** Makes a file of zeroes, of which every byte has its place on the device. */
    static void fill(final Path file, final long length, final int writeLength, final Forcing forcing)
            throws IOException {
        try (FileChannel channel = DataFiles.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            final ByteBuffer zeroes = ByteBuffer.allocateDirect(writeLength);
            long left = length;
            while (left > 0) {
                zeroes.clear().limit((int) Math.min(left, writeLength));
                left -= channel.write(zeroes);
            }
            forcing.file(file, channel, true);
        }
    }

    private void keepSpare() {
        final Path file = file(nextCycle);
        try {
            if (Files.exists(file)) {
                SpareSegment.keep(file);
            }
        } catch (final IOException ignored) {
            // The next start makes one, as after a crash.
        }
    }

    private static void deleteQuietly(final Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (final IOException ignored) {
            // The disk is in trouble already, which is being reported.
        }
    }

    /**
     * Breaks off what is under way; when this returns, nothing touches the directory any more. What is ready is kept for
     * the next start.
     */
    @Override
    public void close() {
        if (isReady()) {
            keepSpare();
        }
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(CLOSE_TIMEOUT_S, TimeUnit.SECONDS)) {
                eventLog.accept("log: the segment allocator did not stop within " + CLOSE_TIMEOUT_S + " s");
            }
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }
}
