package io.ringmain.storage.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Seals segments that were rolled, beside the hot path and one after the other: moves them out of Chronicle's folder,
 * reads them through once, and writes their sidecars. It has a thread of its own, so that the next segment file never
 * waits for it. What it doesn't come to, the next start does.
 */
final class SegmentSealer implements AutoCloseable {
    private static final int CLOSE_TIMEOUT_S = 10;

    private final LogContext context;
    private final LogDirectory directory;
    private final SegmentCheck check;
    private final HashChain chain;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(this::newThread);

    /** Forces a segment that was rolled. */
    interface RolledForcing {
        /** @param nextPosition up to which everything is forced then. */
        void force(Path file, FileChannel channel, long nextPosition) throws IOException;
    }

    private final UnforcedSegments unforced;
    private final RolledForcing forcing;
    private boolean isBroken;

    /**
     * @param check and chain, from here on the sealer's, as they are behind the segments of earlier runs.
     * @param unforced where channels are closed, so that nobody forces them meanwhile.
     */
    SegmentSealer(
            final LogContext context,
            final LogDirectory directory,
            final SegmentCheck check,
            final HashChain chain,
            final UnforcedSegments unforced,
            final RolledForcing forcing) {
        this.unforced = unforced;
        this.forcing = forcing;
        this.context = context;
        this.directory = directory;
        this.check = check;
        this.chain = chain;
    }

    private Thread newThread(final Runnable task) {
        final Runnable work = () -> {
            context.onBackgroundThread().run();
            task.run();
        };
        final Thread worker = new Thread(work, "ringmain-segment-sealer");
        worker.setDaemon(true);
        return worker;
    }

    /**
     * Takes over a segment to which nothing is appended any more, also by Chronicle.
     *
     * @param nextPosition behind its last block.
     */
    void seal(final long cycle, final FileChannel channel, final long nextPosition) {
        thread.execute(() -> retire(cycle, channel, nextPosition));
    }

    /** Its pages stay mapped wherever they are. */
    private void retire(final long cycle, final FileChannel channel, final long nextPosition) {
        final String name = LogDirectory.name(cycle) + LogDirectory.SUFFIX;
        final Path file = directory.sealed().resolve(name);
        try {
            forcing.force(directory.active().resolve(name), channel, nextPosition);
            unforced.close(channel);
            // Nobody makes it durable that the name is gone before it is durable that it is here.
            synchronized (directory) {
                Files.move(directory.active().resolve(name), file, StandardCopyOption.ATOMIC_MOVE);
                context.forcing().directory(directory.sealed());
                context.forcing().directory(directory.active());
            }
            writeSidecar(file);
        } catch (final IOException ex) {
            isBroken = true;
            context.eventLog().accept("log: can't move sealed segment " + name + ": " + ex + "; the next start will");
        }
    }

    /** A sidecar that can't be written, on a full disk, is made by the next start; the chain goes on. */
    private void writeSidecar(final Path file) {
        if (isBroken) {
            return;
        }
        final SidecarBuilder builder = new SidecarBuilder(chain, context.keys());
        try {
            try (Segment segment = Segment.map(file)) {
                isBroken = !check.run(segment, builder);
            }
            if (!isBroken) {
                builder.build(file).write(file);
                return;
            }
            context.eventLog()
                    .accept("log: segment " + file + " is not what was written: byte " + check.damageOffset()
                            + ", position " + check.damagePosition() + ": " + check.damage());
        } catch (final IOException ex) {
            context.eventLog().accept("log: no sidecar for segment " + file + ": " + ex + "; the next start makes it");
        }
    }

    /** Waits until all segments that were handed over are sealed. */
    void await() {
        try {
            thread.submit(() -> {}).get();
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new LogException("interrupted while segments are sealed", ex);
        } catch (final ExecutionException ex) {
            throw new LogException(ex.getCause().getMessage(), ex.getCause());
        }
    }

    /** Finishes what was begun; when this returns, nothing touches the directory any more. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_TIMEOUT_S, TimeUnit.SECONDS)) {
                thread.shutdownNow();
                context.eventLog().accept("log: segments were not sealed within " + CLOSE_TIMEOUT_S + " s");
            }
        } catch (final InterruptedException ex) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
