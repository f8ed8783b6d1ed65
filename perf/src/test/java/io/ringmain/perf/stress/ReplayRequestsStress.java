package io.ringmain.perf.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringmain.engine.auth.ClientAccess;
import io.ringmain.engine.auth.Permissions;
import io.ringmain.engine.ring.ReplayRequest;
import io.ringmain.engine.ring.ReplayRequests;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/** What a replay wants next: the latest request stays, however it crosses with an answer or with another request. */
public final class ReplayRequestsStress {
    private static final ReplayRequest EARLIER = request(1);
    private static final ReplayRequest LATER = request(2);

    private ReplayRequestsStress() {}

    private static ReplayRequest request(final long askedAt) {
        return new ReplayRequest(1, 1, askedAt, 0, -1, false, "$replay/-1h/a", ClientAccess.of(Permissions.ALL));
    }

    private static long waiting(final ReplayRequests requests) {
        return requests.waiting().stream().mapToLong(ReplayRequest::askedAt).sum();
    }

    /** An I/O agent asks for more while the answer to what was asked before goes out. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "the later request waits")
    @Outcome(expect = FORBIDDEN, desc = "it was taken for answered")
    @State
    public static class AskedAndAnswered {
        private final ReplayRequests requests = new ReplayRequests();

        public AskedAndAnswered() {
            requests.put(EARLIER);
        }

        @Actor
        public void ask() {
            requests.put(LATER);
        }

        @Actor
        public void answered() {
            requests.remove(EARLIER);
        }

        @Arbiter
        public void look(final J_Result result) {
            result.r1 = waiting(requests);
        }
    }

    /** Two requests of one replay. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "the later request waits")
    @Outcome(expect = FORBIDDEN, desc = "the earlier one replaced it")
    @State
    public static class AskedTwice {
        private final ReplayRequests requests = new ReplayRequests();

        @Actor
        public void earlier() {
            requests.put(EARLIER);
        }

        @Actor
        public void later() {
            requests.put(LATER);
        }

        @Arbiter
        public void look(final J_Result result) {
            result.r1 = waiting(requests);
        }
    }
}
