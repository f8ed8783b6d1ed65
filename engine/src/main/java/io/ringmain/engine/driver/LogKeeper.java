package io.ringmain.engine.driver;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.event.TickEvent;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.storage.log.LivePositions;
import io.ringmain.storage.log.LogException;
import io.ringmain.storage.log.LogUsage;
import io.ringmain.storage.log.MessageLog;
import io.ringmain.storage.log.Retention;
import io.ringmain.storage.log.SealRequest;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochNanoClock;

/**
 * Keeps the log from holding more than it has to: begins new segments in time, tells when a snapshot would let old ones
 * go, and lets them go when there is one. On the thread of the snapshots, beside the work.
 */
public final class LogKeeper {
    private static final long CHECK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    /** Between two snapshots that are taken for retention alone. */
    private static final long MAX_PASS_INTERVAL_NS = TimeUnit.MINUTES.toNanos(1);

    /** And so many times as long as the last one took, so that they take a twentieth of a core at most. */
    private static final int PASS_SHARE = 20;

    private final MessageLog log;
    private final SlotRing ring;
    private final Sequence commitPosition;
    private final Retention retention;
    private final SealRequest sealRequest;
    private final EpochNanoClock clock;
    private final Counters counters;
    private final long segmentAgeNs;

    private long newsEnd;
    private long lastCheckNs;
    private long sealedBefore = -1;
    private long tickedAt;

    /**
     * @param segmentAgeNs after which the current segment is ended, full or not.
     */
    public LogKeeper(
            final MessageLog log,
            final SlotRing ring,
            final Sequence commitPosition,
            final Retention retention,
            final SealRequest sealRequest,
            final EpochNanoClock clock,
            final Counters counters,
            final long segmentAgeNs) {
        this.log = log;
        this.ring = ring;
        this.commitPosition = commitPosition;
        this.retention = retention;
        this.sealRequest = sealRequest;
        this.clock = clock;
        this.counters = counters;
        this.segmentAgeNs = segmentAgeNs;
        this.newsEnd = log.appendPosition();
        this.lastCheckNs = clock.nanoTime();
        count();
    }

    /**
     * Whether a snapshot now would let something go, now or after the next one.
     *
     * @param lastNs when the last one was finished.
     * @param tookNs how long it took.
     * @param everyNs between snapshots for other reasons.
     */
    boolean isDue(final long lastNs, final long tookNs, final long everyNs) {
        final long nowNs = clock.nanoTime();
        if (nowNs - lastCheckNs < CHECK_INTERVAL_NS) {
            return false;
        }
        lastCheckNs = nowNs;
        count();
        final LogUsage usage = log.usage();
        if (ageNs(usage, nowNs) >= segmentAgeNs) {
            log.requestRoll(usage.activeFirstPosition());
        }
        final long intervalNs = Math.max(Math.min(everyNs, MAX_PASS_INTERVAL_NS), PASS_SHARE * tookNs);
        if (nowNs - lastNs < intervalNs) {
            return false;
        }
        return log.isOverdue(retention, nowNs) || endActiveIfOver(nowNs);
    }

    private static long ageNs(final LogUsage usage, final long nowNs) {
        return usage.segments() == 0 ? -1 : nowNs - usage.activeFirstTimestampNs();
    }

    /**
     * Asks for a new segment if the current one holds what retention doesn't cover: it can't go as long as it is
     * appended to. What snapshots put there themselves is no reason, or an idle broker would never rest.
     */
    private boolean endActiveIfOver(final long nowNs) {
        final LogUsage usage = log.usage();
        final boolean isOver = usage.activeFirstPosition() < newsEnd && retention.isOverAge(ageNs(usage, nowNs));
        if (isOver) {
            log.requestRoll(usage.activeFirstPosition());
        }
        return isOver;
    }

    /**
     * Lets go what a snapshot that was just taken, and the one before it, don't need.
     *
     * @param previousPosition of the one before, -1 if there is none: the start may have to fall back to it.
     * @param position of the one just taken.
     * @param live positions of all messages that either of them refers to.
     * @param hasNews whether it was taken for more than retention.
     * @return the number of segments removed.
     */
    int onSnapshot(final long previousPosition, final long position, final LivePositions live, final boolean hasNews) {
        final long nowNs = clock.nanoTime();
        final int removed = log.truncate(previousPosition, live, retention, nowNs);
        counters.add(CounterId.LOG_SEGMENTS_REMOVED, removed);
        count();
        if (hasNews) {
            newsEnd = position;
        }
        endActiveIfOver(nowNs);
        return removed;
    }

    private void count() {
        final LogUsage usage = log.usage();
        counters.set(CounterId.LOG_SEGMENTS, usage.segments());
        counters.set(CounterId.LOG_KEPT_FILES, usage.keptFiles());
        counters.set(CounterId.LOG_KEPT_RECORDS, usage.keptRecords());
        counters.set(CounterId.LOG_KEPT_BYTES, usage.keptBytes());
    }

    /** Serves a request for a new segment: asks for it, brings a block that begins it, and answers when it is there. */
    int serveSealRequest() {
        if (!sealRequest.isPending()) {
            sealedBefore = -1;
            return 0;
        }
        final long active = log.usage().activeFirstPosition();
        if (sealedBefore < 0) {
            sealedBefore = active;
            tickedAt = -1;
        }
        if (active != sealedBefore) {
            answer();
            return 1;
        }
        log.requestRoll(active);
        return bringBlock();
    }

    private void answer() {
        sealedBefore = -1;
        count();
        try {
            sealRequest.clear();
        } catch (final LogException ignored) {
            // Whoever has asked gets no answer and says so; no reason to stop serving.
        }
    }

    /** A Tick at which nothing is due: it changes nothing, and is appended. Another one when it came too early. */
    private int bringBlock() {
        final long committed = commitPosition.get();
        if (committed == tickedAt) {
            return 0;
        }
        final long sequence = ring.tryClaim(TickEvent.LENGTH);
        if (sequence == SlotRing.FULL) {
            return 0;
        }
        TickEvent.write(ring.buffer(), ring.offset(sequence), 0);
        ring.commit(sequence, TickEvent.LENGTH);
        tickedAt = committed;
        return 1;
    }
}
