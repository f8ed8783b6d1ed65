package io.ringmain.engine.journal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringmain.perf.jmh.DiscardingLog;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The journal appends while the thread that forces has found nothing to do, and is about to sleep for the first time. */
@JCStressTest
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "it is woken")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "it finds the bytes when it looks once more")
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "both")
@Outcome(expect = FORBIDDEN, desc = "it sleeps, though there is something to force")
@State
public class ForceSignalStress {
    /** Publishes like the real one: at the end of a block, for whoever forces. */
    private static final class PublishingLog extends DiscardingLog {
        private volatile long published;

        @Override
        public void endBlock() {
            published = appendPosition();
        }

        @Override
        public long force() {
            return published;
        }
    }

    private final PublishingLog log = new PublishingLog();
    private final ForceSignal signal = new ForceSignal(log);

    @Actor
    public void journal(final ZZ_Result result) {
        log.append(null, 0, 64);
        log.endBlock();
        result.r1 = signal.wakeIfAppended();
    }

    @Actor
    public void force(final ZZ_Result result) {
        signal.idle(0);
        result.r2 = log.force() > 0;
    }
}
