package io.ringmain.engine.journal;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.storage.log.MessageLog;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;

/**
 * Group commit: one force for all that was appended since the last, then the commit position moves. Runs on the
 * journal's thread: a force from another thread chases pages that are being dirtied, and is slower.
 *
 * <p>A failed force ends the agent and is never tried again, as the kernel may have dropped the pages that it couldn't
 * write.
 */
public final class SyncAgent implements Agent {
    private final MessageLog log;
    private final Sequence commitPosition;
    private final Counters counters;

    public SyncAgent(final MessageLog log, final Sequence commitPosition, final Counters counters) {
        this.log = log;
        this.commitPosition = commitPosition;
        this.counters = counters;
    }

    @Override
    public String roleName() {
        return "sync";
    }

    @Override
    public int doWork() throws Exception {
        if (log.appendPosition() == commitPosition.get()) {
            return 0;
        }
        try {
            commitPosition.set(log.force());
        } catch (final RuntimeException | InternalError ex) {
            // An InternalError is a fault in mapped memory: a device that fails under it.
            throw new AgentTerminationException(new IllegalStateException(
                    "the log could not be made durable behind position " + commitPosition.get()
                            + "; the broker stops and acknowledges nothing behind it: " + ex.getMessage(),
                    ex));
        }
        counters.set(CounterId.LOG_COMMIT_POSITION, commitPosition.get());
        counters.increment(CounterId.LOG_FORCES);
        return 1;
    }
}
