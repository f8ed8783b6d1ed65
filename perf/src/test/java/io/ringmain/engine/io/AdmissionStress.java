package io.ringmain.engine.io;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** One agent lets a client in while another sees the last one of the same address off. */
@JCStressTest
@Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "one connection, half-open, of one address")
@Outcome(expect = FORBIDDEN, desc = "a connection is counted twice or not at all")
@State
public class AdmissionStress {
    private static final long ADDRESS = AddressKey.of("192.0.2.1");
    private static final IoLimits LIMITS = new IoLimits();

    private final Admission admission = new Admission(1);

    public AdmissionStress() {
        admission.enter(ADDRESS, LIMITS, 0);
        admission.opened(ADDRESS);
    }

    @Actor
    public void accept() {
        admission.enter(ADDRESS, LIMITS, 0);
    }

    @Actor
    public void close() {
        admission.leave(ADDRESS, false);
    }

    @Arbiter
    public void count(final III_Result result) {
        result.r1 = admission.openCount();
        result.r2 = admission.halfOpenCount();
        result.r3 = admission.addressCount();
    }
}
