package io.ringmain.engine.io.tls;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZII_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** Who has a hand-shake that is computed beside its agent, and how many there are. */
public final class HandshakeStress {
    private HandshakeStress() {}

    private static Handshake begun(final Runnable whenDone) {
        final Handshake handshake = new Handshake(null);
        handshake.begin(whenDone);
        // Nothing is written here, so that all may have the same.
        TlsBuffers.ofThread().give(handshake.out);
        return handshake;
    }

    /** The connection is closed while a step ends. */
    @JCStressTest
    @Outcome(id = "true, 1, 1", expect = ACCEPTABLE, desc = "the step was over, and the agent closed the engine")
    @Outcome(id = "false, 1, 0", expect = ACCEPTABLE, desc = "the step closed the engine, and nobody heard of it")
    @Outcome(expect = FORBIDDEN, desc = "an engine that is closed by both, or by none")
    @State
    public static class Abandon {
        private final AtomicInteger signals = new AtomicInteger();
        private final Handshake handshake = begun(signals::incrementAndGet);
        private final SilentEngine engine = new SilentEngine();

        public Abandon() {
            handshake.engine = engine;
        }

        @Actor
        public void step() {
            handshake.end();
        }

        @Actor
        public void agent(final ZII_Result result) {
            result.r1 = handshake.abandon();
        }

        @Arbiter
        public void count(final ZII_Result result) {
            result.r2 = engine.closed();
            result.r3 = signals.get();
        }
    }

    /** A step ends, and the agent looks whether it has. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "it runs")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "it is over, with what came of it")
    @Outcome(expect = FORBIDDEN, desc = "it is over, and what came of it isn't there")
    @State
    public static class End {
        private final Handshake handshake = begun(() -> {});

        @Actor
        public void step() {
            handshake.failure = "expired";
            handshake.need = Handshake.Need.END;
            handshake.end();
        }

        @Actor
        public void agent(final I_Result result) {
            if (!handshake.isRunning()) {
                result.r1 = handshake.need == Handshake.Need.END && handshake.failure != null ? 1 : -1;
            }
        }
    }

    /** Two agents want the last place. */
    @JCStressTest
    @Outcome(id = "true, false, 1", expect = ACCEPTABLE, desc = "the first got it")
    @Outcome(id = "false, true, 1", expect = ACCEPTABLE, desc = "the second got it")
    @Outcome(id = "false, false, 0", expect = ACCEPTABLE, desc = "each saw the other try; their clients come again")
    @Outcome(expect = FORBIDDEN, desc = "more than there may be, or one that isn't counted")
    @State
    public static class LastPlace {
        private final Handshakes handshakes = new Handshakes(step -> {});

        public LastPlace() {
            handshakes.limit(1);
        }

        private boolean take() {
            final Handshake handshake = new Handshake(null);
            final boolean isTaken = handshakes.tryExecute(handshake, () -> {});
            TlsBuffers.ofThread().give(handshake.out);
            return isTaken;
        }

        @Actor
        public void first(final ZZI_Result result) {
            result.r1 = take();
        }

        @Actor
        public void second(final ZZI_Result result) {
            result.r2 = take();
        }

        @Arbiter
        public void count(final ZZI_Result result) {
            result.r3 = handshakes.inFlight();
        }
    }
}
