package io.ringmain.engine.driver;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.core.BrokerCore;
import io.ringmain.engine.core.CoreLimits;
import io.ringmain.engine.core.SilentOutput;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.event.SnapshotMarkEvent;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.storage.log.LogReader;
import io.ringmain.storage.log.MessageLog;
import io.ringmain.storage.log.Retention;
import io.ringmain.storage.snapshot.SnapshotDirectory;
import io.ringmain.storage.snapshot.SnapshotException;
import io.ringmain.storage.snapshot.SnapshotWriter;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;

/**
 * Takes snapshots beside the broker's work: puts a mark into the order, lets a core of its own replay the log up to the
 * mark, and writes that one's state, when its digest is that of the core that serves. So nothing pauses, and every
 * snapshot is a proof that the log tells the state.
 */
public final class SnapshotAgent implements Agent {
    /** What a byte of a snapshot file takes as objects, from above. */
    private static final int HEAP_BYTES_PER_BYTE = 5;

    private final SlotRing ring;
    private final Sequence commitPosition;
    private final SnapshotMark mark;
    private final SnapshotDirectory directory;
    private final MessageLog log;
    private final LogReader reader;
    private final Retention retention;
    private final EpochNanoClock clock;
    private final Counters counters;
    private final Consumer<String> eventLog;
    private final long everyBytes;
    private final long everyNs;

    private boolean requested;
    private long lastPosition;
    private long lastNs;
    private long markedAfter;
    private boolean marked;
    private long lowWater = -1;

    /**
     * @param lastPosition of the newest snapshot, -1 for none.
     * @param everyBytes a snapshot is due when the log has grown by so much.
     * @param everyNs or after this time, if it has grown at all.
     */
    public SnapshotAgent(
            final SlotRing ring,
            final Sequence commitPosition,
            final SnapshotMark mark,
            final SnapshotDirectory directory,
            final MessageLog log,
            final Retention retention,
            final EpochNanoClock clock,
            final Counters counters,
            final Consumer<String> eventLog,
            final long lastPosition,
            final long everyBytes,
            final long everyNs) {
        this.ring = ring;
        this.commitPosition = commitPosition;
        this.mark = mark;
        this.directory = directory;
        this.log = log;
        this.reader = log.newReader();
        this.retention = retention;
        this.clock = clock;
        this.counters = counters;
        this.eventLog = eventLog;
        this.lastPosition = lastPosition;
        this.everyBytes = everyBytes;
        this.everyNs = everyNs;
        this.lastNs = clock.nanoTime();
    }

    @Override
    public String roleName() {
        return "snapshots";
    }

    @Override
    public int doWork() {
        if (!marked) {
            return isDue() && setMark() ? 1 : 0;
        }
        final long position = mark.position();
        if (position <= markedAfter || commitPosition.get() <= position) {
            return 0;
        }
        marked = false;
        lastNs = clock.nanoTime();
        try {
            take(position, mark.digest());
            lastPosition = position;
        } catch (final RuntimeException ex) {
            counters.increment(CounterId.SNAPSHOTS_FAILED);
            eventLog.accept("no snapshot at position " + position + ": " + ex.getMessage());
        }
        return 1;
    }

    private boolean isDue() {
        final long grown = commitPosition.get() - lastPosition;
        // The mark of the last snapshot, and the start of the run, are no reason for another.
        final boolean hasNews = grown > 4 * SnapshotMarkEvent.LENGTH;
        return isRequested() || grown >= everyBytes || hasNews && clock.nanoTime() - lastNs >= everyNs;
    }

    private boolean isRequested() {
        try {
            requested |= directory.takeRequest();
        } catch (final SnapshotException ex) {
            // The file stays, and whoever has asked gets no answer; no reason to stop serving.
            counters.increment(CounterId.SNAPSHOTS_FAILED);
        }
        return requested;
    }

    private boolean setMark() {
        final long sequence = ring.tryClaim(SnapshotMarkEvent.LENGTH);
        if (sequence == SlotRing.FULL) {
            return false;
        }
        requested = false;
        markedAfter = mark.position();
        SnapshotMarkEvent.write(ring.buffer(), ring.offset(sequence));
        ring.commit(sequence, SnapshotMarkEvent.LENGTH);
        marked = true;
        return true;
    }

    private void take(final long position, final long digest) {
        final long startNs = clock.nanoTime();
        checkMemory();
        final BrokerCore shadow = Recovery.load(
                new SnapshotFiles(directory, eventLog).newestFirst(),
                position,
                () -> new BrokerCore(new CoreLimits(), new SilentOutput()),
                eventLog);
        Recovery.checkBeginning(log, shadow);
        Recovery.replay(reader, shadow, position, eventLog);
        if (shadow.position() != position || shadow.digest() != digest) {
            counters.increment(CounterId.SNAPSHOTS_DIVERGED);
            throw new IllegalStateException("the state that the log tells at position " + shadow.position()
                    + " has the digest " + Long.toHexString(shadow.digest()) + ", that of the broker is "
                    + Long.toHexString(digest) + ": please report this, with the log");
        }
        final long bytes = write(shadow, directory);
        counters.increment(CounterId.SNAPSHOTS_TAKEN);
        eventLog.accept("snapshot at position " + position + ": " + bytes + " bytes in "
                + TimeUnit.NANOSECONDS.toMillis(clock.nanoTime() - startNs) + " ms, digest "
                + Long.toHexString(digest));
        truncate(Math.min(position, shadow.oldestReference()));
    }

    /**
     * Removes what neither the last snapshot but one nor a message that was live then needs: what is being sent now may
     * be older than the newest snapshot knows.
     */
    private void truncate(final long newLowWater) {
        if (lowWater >= 0) {
            counters.add(CounterId.LOG_SEGMENTS_REMOVED, log.truncate(lowWater, retention, clock.nanoTime()));
        }
        lowWater = newLowWater;
    }

    /** The second core needs room beside the first; a broker that runs out of memory ends, and this is no reason to. */
    private void checkMemory() {
        final Runtime runtime = Runtime.getRuntime();
        final long free = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
        final long needed = HEAP_BYTES_PER_BYTE * directory.newestBytes();
        if (needed > free) {
            throw new IllegalStateException("a second core may need " + (needed >> 20) + " MB of heap, and "
                    + (free >> 20) + " MB are free: give the broker more (-Xmx)");
        }
    }

    /** Writes the state of a core that nobody drives meanwhile; returns the bytes. */
    public static long write(final BrokerCore core, final SnapshotDirectory directory) {
        try (SnapshotWriter writer = directory.newWriter(core.position(), core.timestampNs())) {
            core.takeSnapshot(writer::section);
            return writer.finish();
        }
    }

    @Override
    public void onClose() {
        reader.close();
    }
}
