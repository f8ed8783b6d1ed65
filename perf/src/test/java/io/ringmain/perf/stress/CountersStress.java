package io.ringmain.perf.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Counters: no addition is lost, no value is half another. */
public final class CountersStress {
    private CountersStress() {}

    /** Two threads count the same. */
    @JCStressTest
    @Outcome(id = "3", expect = ACCEPTABLE, desc = "both were added")
    @Outcome(expect = FORBIDDEN, desc = "one was lost")
    @State
    public static class Additions {
        private final Counters counters = new Counters();

        @Actor
        public void first() {
            counters.increment(CounterId.EVENTS);
        }

        @Actor
        public void second() {
            counters.add(CounterId.EVENTS, 2);
        }

        @Arbiter
        public void sum(final J_Result result) {
            result.r1 = counters.get(CounterId.EVENTS);
        }
    }

    /** A gauge is set twice while it is read twice: no value but those, and never back to an earlier one. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "whole values, in order")
    @Outcome(expect = FORBIDDEN, desc = "a value that was never set, or time that runs backwards")
    @State
    public static class Gauge {
        private static final long FIRST = 0x0000_0001_FFFF_FFFFL;
        private static final long SECOND = 0x0000_0002_0000_0000L;

        private final Counters counters = new Counters();

        @Actor
        public void set() {
            counters.set(CounterId.LOG_COMMIT_POSITION, FIRST);
            counters.set(CounterId.LOG_COMMIT_POSITION, SECOND);
        }

        @Actor
        public void get(final ZZ_Result result) {
            final long earlier = counters.get(CounterId.LOG_COMMIT_POSITION);
            final long later = counters.get(CounterId.LOG_COMMIT_POSITION);
            result.r1 = isWhole(earlier) && isWhole(later);
            result.r2 = earlier <= later;
        }

        private static boolean isWhole(final long value) {
            return value == 0 || value == FIRST || value == SECOND;
        }
    }
}
