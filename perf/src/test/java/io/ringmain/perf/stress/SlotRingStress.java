package io.ringmain.perf.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.ring.SlotRing;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** The ring: claims don't overlap, what is published is whole, what was not consumed is not written over. */
public final class SlotRingStress {
    private static final int SLOTS = NumberedEvents.SLOTS;
    private static final int PLACES = SLOTS / 2;

    private SlotRingStress() {}

    /** Two producers, and a look at the ring after both. */
    @JCStressTest
    @Outcome(id = "2, 1, 2", expect = ACCEPTABLE, desc = "both events, the first producer's first")
    @Outcome(id = "2, 2, 1", expect = ACCEPTABLE, desc = "both events, the second producer's first")
    @Outcome(expect = FORBIDDEN, desc = "an event is lost, doubled or torn")
    @State
    public static class TwoProducers {
        private final SlotRing ring = NumberedEvents.newRing();
        private final NumberedEvents consumer = new NumberedEvents(ring);

        @Actor
        public void first() {
            NumberedEvents.publish(ring, 1, EventHeader.TRANSIENT);
        }

        @Actor
        public void second() {
            NumberedEvents.publish(ring, 2, EventHeader.TRANSIENT);
        }

        @Arbiter
        public void look(final III_Result result) {
            result.r1 = consumer.poll(SLOTS);
            result.r2 = consumer.firstNumber();
            result.r3 = consumer.lastNumber();
        }
    }

    /** Room for one more event, and two producers who want it. */
    @JCStressTest
    @Outcome(id = "1, 0, 8", expect = ACCEPTABLE, desc = "the first producer got it")
    @Outcome(id = "0, 1, 8", expect = ACCEPTABLE, desc = "the second producer got it")
    @Outcome(expect = FORBIDDEN, desc = "both, none, or an event that was not consumed is gone")
    @State
    public static class LastPlace {
        private final SlotRing ring = NumberedEvents.newRing();
        private final NumberedEvents consumer = new NumberedEvents(ring);

        public LastPlace() {
            fill(ring, PLACES - 1);
        }

        @Actor
        public void first(final III_Result result) {
            result.r1 = NumberedEvents.publish(ring, PLACES, EventHeader.TRANSIENT) ? 1 : 0;
        }

        @Actor
        public void second(final III_Result result) {
            result.r2 = NumberedEvents.publish(ring, PLACES, EventHeader.TRANSIENT) ? 1 : 0;
        }

        @Arbiter
        public void look(final III_Result result) {
            result.r3 = consumer.poll(SLOTS);
        }
    }

    /** A producer of two events, and a consumer that looks once. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "nothing yet")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the first event, whole")
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "both events, whole")
    @Outcome(expect = FORBIDDEN, desc = "an event that is not whole, or not in order")
    @State
    public static class HandOver {
        private final SlotRing ring = NumberedEvents.newRing();
        private final NumberedEvents consumer = new NumberedEvents(ring);

        @Actor
        public void produce() {
            NumberedEvents.publish(ring, 1, EventHeader.TRANSIENT);
            NumberedEvents.publish(ring, 2, EventHeader.TRANSIENT);
        }

        @Actor
        public void consume(final I_Result result) {
            final int seen = consumer.poll(SLOTS);
            result.r1 = seen == consumer.lastNumber() ? seen : -1;
        }
    }

    /** A full ring: the producer may write over what was consumed, and over nothing else. */
    @JCStressTest
    @Outcome(id = "0, 8", expect = ACCEPTABLE, desc = "the ring was full")
    @Outcome(id = "1, 8", expect = ACCEPTABLE, desc = "the place of a consumed event was used")
    @Outcome(id = "1, 9", expect = ACCEPTABLE, desc = "and the new event was seen")
    @Outcome(expect = FORBIDDEN, desc = "an event was written over before it was consumed")
    @State
    public static class NextLap {
        private final SlotRing ring = NumberedEvents.newRing();
        private final NumberedEvents consumer = new NumberedEvents(ring);

        public NextLap() {
            fill(ring, PLACES);
        }

        @Actor
        public void produce(final II_Result result) {
            result.r1 = NumberedEvents.publish(ring, PLACES + 1, EventHeader.TRANSIENT) ? 1 : 0;
        }

        @Actor
        public void consume(final II_Result result) {
            int seen = consumer.poll(1);
            final boolean first = consumer.lastNumber() == 1;
            seen = consumer.poll(SLOTS);
            result.r2 = first && seen == consumer.lastNumber() ? seen : -1;
        }
    }

    private static void fill(final SlotRing ring, final int events) {
        for (int i = 1; i <= events; i++) {
            NumberedEvents.publish(ring, i, EventHeader.TRANSIENT);
        }
    }
}
