package io.ringmain.engine.journal;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.storage.log.MessageLog;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;

/**
 * Group commit: one force for all that was appended since the last, then the commit position moves. Runs behind the
 * journal on its thread, or beside it on one of its own ({@link ForceThread}).
 *
 * <p>A failed force ends the agent and is never tried again, as the kernel may have dropped the pages that it couldn't
 * write.
 */
public final class SyncAgent implements Agent {
    private final MessageLog log;
    private final Sequence commitPosition;
    private final Counters counters;
    private final Runnable onCommit;

    /** @param onCommit called when the commit position has moved: wakes who waits for it on another thread. */
    public SyncAgent(
            final MessageLog log, final Sequence commitPosition, final Counters counters, final Runnable onCommit) {
        this.log = log;
        this.commitPosition = commitPosition;
        this.counters = counters;
        this.onCommit = onCommit;
    }

    /** For when who waits for the commit position looks at it anyway. */
    public SyncAgent(final MessageLog log, final Sequence commitPosition, final Counters counters) {
        this(log, commitPosition, counters, () -> {});
    }

    @Override
    public String roleName() {
        return "sync";
    }

    @Override
    public int doWork() throws Exception {
        final long forced = force();
        if (forced == commitPosition.get()) {
            return 0;
        }
        commitPosition.set(forced);
        counters.set(CounterId.LOG_COMMIT_POSITION, forced);
        counters.increment(CounterId.LOG_FORCES);
        onCommit.run();
        return 1;
    }

    private long force() {
        try {
            return log.force();
        } catch (final RuntimeException | InternalError ex) {
            // An InternalError is a fault in mapped memory: a device that fails under it.
            throw new AgentTerminationException(new IllegalStateException(
                    "the log could not be made durable behind position " + commitPosition.get()
                            + "; the broker stops and acknowledges nothing behind it: " + ex.getMessage(),
                    ex));
        }
    }
}
