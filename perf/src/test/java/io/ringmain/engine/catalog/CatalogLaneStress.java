package io.ringmain.engine.catalog;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringmain.engine.auth.ClientAccess;
import io.ringmain.engine.auth.Permissions;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** What passes between an I/O agent and the catalogue: requests and answers are whole, in order, and none is lost. */
public final class CatalogLaneStress {
    private static final int CAPACITY = 2;
    private static final int FAULT = -1;

    private CatalogLaneStress() {}

    private static CatalogRequest request(final int number) {
        return new CatalogRequest(
                number, ClientAccess.of(Permissions.ALL), new byte[] {(byte) number, (byte) number}, number);
    }

    private static boolean isWhole(final CatalogRequest request, final int number) {
        return request.connectionId() == number
                && request.notBefore() == number
                && request.filter()[0] == number
                && request.filter()[1] == number;
    }

    private static CatalogAnswer answer(final CatalogRequest request) {
        final CatalogAnswer.Builder builder = new CatalogAnswer.Builder();
        builder.add(new CatalogEntry(request.filter(), 0));
        return builder.build(request, request.notBefore(), request.notBefore());
    }

    /** The I/O agent asks while the catalogue is asleep. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "not woken yet")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "woken, and the request is there")
    @Outcome(expect = FORBIDDEN, desc = "woken for nothing, so that it sleeps again, or for half a request")
    @State
    public static class Asked {
        private volatile boolean isWoken;
        private final CatalogLane lane = new CatalogLane(CAPACITY, new AtomicLong(), () -> isWoken = true);

        @Actor
        public void ask() {
            lane.request(request(1));
        }

        @Actor
        public void catalogue(final I_Result result) {
            if (isWoken) {
                final CatalogRequest request = lane.peekRequest();
                result.r1 = request != null && isWhole(request, 1) ? 1 : FAULT;
            }
        }
    }

    /** As many requests as there may be are answered while the I/O agent takes what is there, and asks again. */
    @JCStressTest
    @Outcome(id = "0, 2, 0", expect = ACCEPTABLE, desc = "no answer yet; both came later")
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "one answer, for which there was room to ask again")
    @Outcome(
            expect = FORBIDDEN,
            desc = "an answer is lost or not whole, no room, or memory that was let go but not held")
    @State
    public static class Answered {
        private final AtomicLong heldBytes = new AtomicLong();
        private final CatalogLane lane = new CatalogLane(CAPACITY, heldBytes, () -> {});
        private int answered;

        public Answered() {
            lane.request(request(1));
            lane.request(request(2));
        }

        private int take() {
            final CatalogAnswer answer = lane.pollAnswer();
            if (answer == null) {
                return 0;
            }
            answered++;
            lane.release(answer);
            final boolean isRight = isWhole(answer.request(), answered)
                    && answer.asOf() == answered
                    && answer.topic(0)[0] == answered
                    && heldBytes.get() >= 0;
            return isRight ? 1 : FAULT;
        }

        @Actor
        public void agent(final III_Result result) {
            try {
                result.r1 = take();
                if (result.r1 == 1) {
                    lane.request(request(CAPACITY + 1));
                }
            } catch (final IllegalStateException ex) {
                result.r1 = FAULT;
            }
        }

        @Actor
        public void catalogue(final III_Result result) {
            for (int i = 0; i < CAPACITY; i++) {
                lane.answer(answer(lane.peekRequest()));
            }
        }

        @Arbiter
        public void rest(final III_Result result) {
            for (int taken = take(); taken != 0; taken = take()) {
                result.r2 += taken;
            }
            result.r3 = (int) heldBytes.get();
        }
    }
}
