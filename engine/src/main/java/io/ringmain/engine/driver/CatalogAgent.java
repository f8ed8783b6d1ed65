package io.ringmain.engine.driver;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.catalog.CatalogAnswer;
import io.ringmain.engine.catalog.CatalogFeed;
import io.ringmain.engine.catalog.CatalogFile;
import io.ringmain.engine.catalog.CatalogLane;
import io.ringmain.engine.catalog.CatalogLimits;
import io.ringmain.engine.catalog.CatalogRequest;
import io.ringmain.engine.catalog.TopicCatalog;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.storage.log.LogException;
import io.ringmain.storage.log.LogReader;
import io.ringmain.storage.log.MessageLog;
import io.ringmain.storage.snapshot.SnapshotException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;

/**
 * Keeps the catalogue of topics beside the broker's work: follows the log as far as it is committed, answers the I/O
 * agents, and writes the file that spares the next start the way through the whole log. Nobody waits for it but whoever
 * has asked; and when it can't go on, nobody else is worse off.
 */
public final class CatalogAgent implements Agent {
    /** For how long it sleeps when there is nothing to do; a request ends that. */
    public static final long SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final int MAX_RECORDS = 16_384;
    private static final long SAVE_AFTER_BYTES = 64 << 20;
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(10);

    private final MessageLog log;
    private final LogReader reader;
    private final Sequence commitPosition;
    private final Path file;
    private final CatalogLimits limits;
    private final EpochNanoClock clock;
    private final Counters counters;
    private final Consumer<String> eventLog;
    private final IntConsumer wakeLane;
    private final CatalogLane[] lanes;
    private final AtomicLong heldBytes = new AtomicLong();

    private volatile Thread thread;
    private TopicCatalog catalog;
    private CatalogFeed feed;
    private long savedPosition = -1;
    private long fileBytes;
    private boolean stuck;
    private long retryNs;
    private boolean delayed;

    /**
     * @param commitPosition up to where the log is followed.
     * @param dataDir of the broker.
     * @param laneCount number of I/O agents.
     * @param wakeLane tells an I/O agent that an answer is there; called from this agent's thread.
     */
    public CatalogAgent(
            final MessageLog log,
            final Sequence commitPosition,
            final Path dataDir,
            final CatalogLimits limits,
            final EpochNanoClock clock,
            final Counters counters,
            final Consumer<String> eventLog,
            final int laneCount,
            final IntConsumer wakeLane) {
        this.log = log;
        this.reader = log.newReader();
        this.commitPosition = commitPosition;
        this.file = CatalogFile.in(dataDir);
        this.limits = limits;
        this.clock = clock;
        this.counters = counters;
        this.eventLog = eventLog;
        this.wakeLane = wakeLane;
        this.lanes = new CatalogLane[laneCount];
        for (int lane = 0; lane < laneCount; lane++) {
            lanes[lane] = new CatalogLane(limits.maxRequests(), heldBytes, this::wake);
        }
    }

    /** One for each I/O agent. */
    public CatalogLane[] lanes() {
        return lanes;
    }

    private void wake() {
        LockSupport.unpark(thread);
    }

    @Override
    public String roleName() {
        return "catalog";
    }

    @Override
    public void onStart() {
        thread = Thread.currentThread();
    }

    @Override
    public int doWork() {
        if (catalog == null) {
            load();
            return 1;
        }
        int work = follow();
        for (int lane = 0; lane < lanes.length; lane++) {
            work += answer(lane);
        }
        if (catalog.nextPosition() - savedPosition >= Math.max(SAVE_AFTER_BYTES, 2 * fileBytes)) {
            save();
        }
        if (work == 0) {
            catalog.settle();
        }
        return work;
    }

    private void load() {
        TopicCatalog found = new TopicCatalog(limits.maxTopics());
        try {
            final TopicCatalog stored = CatalogFile.read(file, limits.maxTopics());
            if (isOfThisLog(stored)) {
                found = stored;
                savedPosition = stored.nextPosition();
            } else {
                eventLog.accept("catalogue: " + file + " ends at position " + stored.position()
                        + ", where the log has no such record: it is made anew from the log");
            }
        } catch (final SnapshotException | LogException ex) {
            counters.increment(CounterId.CATALOG_FAILURES);
            eventLog.accept("catalogue: " + ex.getMessage() + ": it is made anew from the log");
        }
        catalog = found;
        feed = new CatalogFeed(found);
        showGauges();
    }

    /** Whether the last record that it knows is in the log, with the same time. */
    private boolean isOfThisLog(final TopicCatalog stored) {
        final boolean[] same = {stored.position() < 0};
        if (!same[0]) {
            reader.read(stored.position(), (position, buffer, offset, length) -> {
                same[0] = CatalogFeed.isLast(stored, buffer, offset);
                return false;
            });
        }
        return same[0];
    }

    private int follow() {
        final long from = catalog.nextPosition();
        final long commit = commitPosition.get();
        if (commit <= from || stuck && clock.nanoTime() < retryNs) {
            return 0;
        }
        final long first = log.firstPosition();
        if (first > from) {
            eventLog.accept("catalogue: the records from position " + from + " to " + first
                    + " are not in the log any more, and not in the catalogue");
        }
        try {
            reader.scan(Math.max(first, from), feed.slice(commit, MAX_RECORDS));
            stuck = false;
        } catch (final RuntimeException ex) {
            onStuck(ex);
        }
        showGauges();
        return catalog.nextPosition() > from ? 1 : 0;
    }

    /** A damaged record is in the way, or the segment was just removed. What is known up to here stays true. */
    private void onStuck(final RuntimeException ex) {
        if (!stuck) {
            counters.increment(CounterId.CATALOG_FAILURES);
            eventLog.accept("catalogue: stays at position " + catalog.nextPosition() + ": " + ex.getMessage());
        }
        stuck = true;
        retryNs = clock.nanoTime() + RETRY_NS;
    }

    private void showGauges() {
        counters.set(CounterId.CATALOG_TOPICS, catalog.size());
        counters.set(CounterId.CATALOG_BEYOND_CAP, catalog.messagesBeyondCap());
        counters.set(CounterId.CATALOG_POSITION, catalog.nextPosition());
    }

    private int answer(final int lane) {
        final CatalogRequest request = lanes[lane].peekRequest();
        if (request == null || !stuck && request.notBefore() > catalog.nextPosition()) {
            return 0;
        }
        if (heldBytes.get() >= limits.maxAnswerBytes()) {
            if (!delayed) {
                counters.increment(CounterId.CATALOG_DELAYED);
            }
            delayed = true;
            return 0;
        }
        delayed = false;
        final CatalogAnswer answer = catalog.answer(request);
        lanes[lane].answer(answer);
        wakeLane.accept(lane);
        counters.increment(CounterId.CATALOG_ANSWERS);
        return 1;
    }

    private void save() {
        savedPosition = catalog.nextPosition();
        try {
            fileBytes = CatalogFile.write(catalog, file);
        } catch (final SnapshotException ex) {
            counters.increment(CounterId.CATALOG_FAILURES);
            eventLog.accept("catalogue: " + ex.getMessage());
        }
    }

    @Override
    public void onClose() {
        if (catalog != null && catalog.nextPosition() > savedPosition) {
            save();
        }
        reader.close();
    }
}
