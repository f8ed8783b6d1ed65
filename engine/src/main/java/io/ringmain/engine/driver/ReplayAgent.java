package io.ringmain.engine.driver;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.ReplayBatchEvent;
import io.ringmain.engine.ring.ReplayRequest;
import io.ringmain.engine.ring.ReplayRequests;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.storage.log.LogException;
import io.ringmain.storage.log.LogReader;
import io.ringmain.storage.log.MessageLog;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads the log for subscribers that travel through it, beside the broker's work: slice by slice, in turn, and not more
 * bytes a second than it may. What it finds goes into the ring as events. A full ring lets it wait; nobody waits for it.
 */
public final class ReplayAgent implements Agent {
    private static final int SLICE_BYTES = 256 << 10;
    private static final long BURST_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long BUSY_WAIT_NS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long IDLE_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final SlotRing ring;
    private final ReplayRequests requests;
    private final Sequence commitPosition;
    private final Sequence toldPosition;
    private final MessageLog log;
    private final LogReader reader;
    private final LogReader wills;
    private final EpochNanoClock clock;
    private final Counters counters;
    private final Consumer<String> eventLog;
    private final long bytesPerSecond;
    private final Runnable wakeup;
    private final Int2ObjectHashMap<ReplayTask> tasks = new Int2ObjectHashMap<>();
    private long budgetBytes;
    private long lastNs;

    /**
     * @param toldPosition up to where the log has all notes of what is before it.
     * @param bytesPerSecond of the log, most that is read for all replays together.
     * @param wakeup called when there is something new in the ring.
     */
    public ReplayAgent(
            final SlotRing ring,
            final ReplayRequests requests,
            final Sequence commitPosition,
            final Sequence toldPosition,
            final MessageLog log,
            final EpochNanoClock clock,
            final Counters counters,
            final Consumer<String> eventLog,
            final long bytesPerSecond,
            final Runnable wakeup) {
        this.ring = ring;
        this.requests = requests;
        this.commitPosition = commitPosition;
        this.toldPosition = toldPosition;
        this.log = log;
        this.reader = log.newReader();
        this.wills = log.newReader();
        this.clock = clock;
        this.counters = counters;
        this.eventLog = eventLog;
        this.bytesPerSecond = bytesPerSecond;
        this.wakeup = wakeup;
        this.lastNs = clock.nanoTime();
    }

    @Override
    public String roleName() {
        return "replay";
    }

    @Override
    public void onStart() {
        requests.reader(Thread.currentThread());
    }

    @Override
    public int doWork() {
        if (requests.waiting().isEmpty()) {
            return 0;
        }
        refill();
        int work = 0;
        for (final ReplayRequest request : requests.waiting()) {
            work += serve(request);
        }
        return work;
    }

    private void refill() {
        final long nowNs = clock.nanoTime();
        final long passedNs = Math.max(0, Math.min(BURST_NS, nowNs - lastNs));
        final long most = Math.max(SLICE_BYTES, (long) (bytesPerSecond * (BURST_NS / 1e9)));
        budgetBytes = Math.min(most, budgetBytes + (long) (bytesPerSecond * (passedNs / 1e9)));
        lastNs = nowNs;
    }

    private int serve(final ReplayRequest request) {
        final ReplayTask task = task(request);
        int work = 0;
        if (!task.isComplete() && budgetBytes > 0) {
            final long bytes = look(task);
            budgetBytes -= bytes;
            counters.add(CounterId.REPLAY_BYTES_READ, bytes);
            work = bytes > 0 ? 1 : 0;
        }
        return task.isComplete() && send(task) ? 1 : work;
    }

    /** A replay keeps its task from request to request; one that begins gets a new one. */
    private ReplayTask task(final ReplayRequest request) {
        final ReplayTask known = tasks.get(request.number());
        if (known != null && known.request() == request) {
            return known;
        }
        final boolean goesOn = known != null
                && request.fromPosition() >= 0
                && known.request().filter().equals(request.filter())
                && known.request().clientId().equals(request.clientId());
        if (goesOn) {
            known.begin(request);
            return known;
        }
        final ReplayTask made =
                new ReplayTask(request, log, wills, 2L * ring.buffer().capacity(), clock.nanoTime());
        tasks.put(request.number(), made);
        return made;
    }

    private long look(final ReplayTask task) {
        try {
            return task.advance(reader, commitPosition.get(), toldPosition.get(), SLICE_BYTES);
        } catch (final LogException ex) {
            counters.increment(CounterId.REPLAYS_FAILED);
            eventLog.accept("replay of " + task.request().clientId() + ": " + ex.getMessage());
            task.fail();
            return 0;
        }
    }

    private boolean send(final ReplayTask task) {
        final UnsafeBuffer answer = task.answer();
        final int length = EventHeader.length(answer, 0);
        final long sequence = ring.tryClaim(length);
        if (sequence == SlotRing.FULL) {
            return false;
        }
        final int offset = ring.offset(sequence);
        ring.buffer().putBytes(offset, answer, 0, length);
        counters.add(
                CounterId.REPLAY_MESSAGES,
                new ReplayBatchEvent().wrap(answer, 0).count());
        ring.commit(sequence, length);
        requests.remove(task.request());
        wakeup.run();
        return true;
    }

    /** Waits until somebody asks, or, for a commit or for room, a moment. */
    public IdleStrategy idleStrategy() {
        return new IdleStrategy() {
            @Override
            public void idle(final int workCount) {
                if (workCount <= 0) {
                    idle();
                }
            }

            @Override
            public void idle() {
                LockSupport.parkNanos(requests.waiting().isEmpty() ? IDLE_WAIT_NS : BUSY_WAIT_NS);
            }

            @Override
            public void reset() {}
        };
    }

    @Override
    public void onClose() {
        reader.close();
        wills.close();
    }
}
