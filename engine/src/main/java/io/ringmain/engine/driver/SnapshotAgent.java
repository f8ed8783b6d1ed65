package io.ringmain.engine.driver;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.core.BrokerCore;
import io.ringmain.engine.core.CoreLimits;
import io.ringmain.engine.core.SilentOutput;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.SnapshotMarkEvent;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.storage.log.LivePositions;
import io.ringmain.storage.log.LogReader;
import io.ringmain.storage.log.MessageLog;
import io.ringmain.storage.log.RecordDescriptor;
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

    /** More than this is news whatever it is. */
    private static final int NO_NEWS_BYTES = 2048;

    /** After a failure: each attempt replays and marks the log, and a full disk stays full for a while. */
    private static final long RETRY_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);

    private final SlotRing ring;
    private final Sequence commitPosition;
    private final SnapshotMark mark;
    private final SnapshotDirectory directory;
    private final MessageLog log;
    private final LogReader reader;
    private final AdminLog admin;
    private final LogKeeper keeper;
    private final EpochNanoClock clock;
    private final Counters counters;
    private final Consumer<String> eventLog;
    private final long everyBytes;
    private final long everyNs;

    private boolean requested;
    private boolean markRequested;
    private long lastPosition;
    private long lastNs;
    private long notBeforeNs;
    private long markedAfter;
    private boolean marked;
    private final long startPosition;
    private long tookNs;

    /** Up to here there is nothing that the last snapshot hasn't got, or that would be worth another. */
    private long quietEnd;

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
            final AdminLog admin,
            final LogKeeper keeper,
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
        this.admin = admin;
        this.keeper = keeper;
        this.clock = clock;
        this.counters = counters;
        this.eventLog = eventLog;
        this.lastPosition = lastPosition;
        this.startPosition = log.appendPosition();
        this.everyBytes = everyBytes;
        this.everyNs = everyNs;
        this.lastNs = clock.nanoTime();
        this.quietEnd = endOf(lastPosition);
    }

    private long endOf(final long position) {
        final long[] end = {position + 1};
        reader.read(position, (at, buffer, offset, length) -> {
            end[0] = at + RecordDescriptor.alignedLength(length);
            return true;
        });
        return end[0];
    }

    /**
     * The start of the run is no reason for a snapshot; what was replayed before it is.
     *
     * @param position behind what the start has put into the log.
     */
    public void onBrokerStarted(final long position) {
        if (quietEnd >= startPosition) {
            quietEnd = position;
        }
    }

    @Override
    public String roleName() {
        return "snapshots";
    }

    @Override
    public int doWork() {
        return admin.doWork() + takeWhatIsDue();
    }

    private int takeWhatIsDue() {
        final int served = keeper.serveSealRequest();
        if (!marked) {
            return isDue() && setMark() ? 1 : served;
        }
        final long position = mark.position();
        if (position <= markedAfter || commitPosition.get() <= position) {
            return served;
        }
        marked = false;
        if (!mark.isUsable()) {
            requested = true;
            return 1;
        }
        final long startNs = clock.nanoTime();
        try {
            take(position, mark.digest());
            lastPosition = position;
            quietEnd = position + RecordDescriptor.alignedLength(SnapshotMarkEvent.LENGTH);
        } catch (final RuntimeException ex) {
            notBeforeNs = lastNs + RETRY_INTERVAL_NS;
            counters.increment(CounterId.SNAPSHOTS_FAILED);
            eventLog.accept("no snapshot at position " + position + ": " + ex.getMessage());
        }
        lastNs = clock.nanoTime();
        tookNs = lastNs - startNs;
        return 1;
    }

    private boolean isDue() {
        if (isRequested()) {
            return true;
        }
        final long nowNs = clock.nanoTime();
        final long committed = commitPosition.get();
        return nowNs >= notBeforeNs
                && (committed - lastPosition >= everyBytes
                        || nowNs - lastNs >= everyNs && hasNews(committed)
                        || keeper.isDue(lastNs, tookNs, everyNs));
    }

    /** Whether the log has grown by more than what snapshots and retention put there themselves. */
    private boolean hasNews(final long end) {
        if (end <= quietEnd) {
            return false;
        }
        if (end - quietEnd > NO_NEWS_BYTES) {
            return true;
        }
        final boolean[] news = {false};
        reader.scan(quietEnd, (position, buffer, offset, length) -> {
            final int type = EventHeader.type(buffer, offset);
            news[0] |= position < end
                    && type != EventType.SNAPSHOT_MARK
                    && type != EventType.ADMIN
                    && type != EventType.TICK;
            return position < end && !news[0];
        });
        return news[0];
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
        markRequested = requested;
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
        final long previousPosition = shadow.position();
        final LivePositions live = new LivePositions();
        shadow.forEachReference(live);
        Recovery.replay(reader, shadow, position, eventLog);
        if (shadow.position() != position || shadow.digest() != digest) {
            counters.increment(CounterId.SNAPSHOTS_DIVERGED);
            throw new IllegalStateException("the state that the log tells at position " + shadow.position()
                    + " has the digest " + Long.toHexString(shadow.digest()) + ", that of the broker is "
                    + Long.toHexString(digest) + ": please report this, with the log");
        }
        final long bytes = write(shadow, directory);
        if (markRequested) {
            admin.record(AdminLog.OPERATOR, "snapshot on command at position " + position);
        }
        counters.increment(CounterId.SNAPSHOTS_TAKEN);
        eventLog.accept("snapshot at position " + position + ": " + bytes + " bytes in "
                + TimeUnit.NANOSECONDS.toMillis(clock.nanoTime() - startNs) + " ms, digest "
                + Long.toHexString(digest));
        // What is being sent now may be older than the newest snapshot knows: what the one before refers to stays, too.
        shadow.forEachReference(live);
        final int removed = keeper.onSnapshot(previousPosition, position, live, hasNews(position));
        if (removed > 0) {
            admin.record(
                    AdminLog.BROKER,
                    "retention removed " + removed + " segments, the log begins at position " + log.firstPosition());
        }
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
