package io.ringmain.engine.io;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringmain.engine.auth.Authorizer;
import io.ringmain.engine.auth.ClientAccess;
import io.ringmain.engine.auth.ClientIdentity;
import io.ringmain.engine.auth.Permissions;
import io.ringmain.engine.counters.Counters;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** An authorizer fails on two threads at once. */
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "a line for the operator")
@Outcome(expect = FORBIDDEN, desc = "one for each, or none")
@State
public class AuthorizerGuardStress {
    private static final IllegalStateException FAILURE = new IllegalStateException("no database");
    private static final Counters COUNTERS = new Counters();
    private static final ClientIdentity CLIENT =
            ClientAccess.of(Permissions.NONE).identity();
    private static final Authorizer FAILING = client -> {
        throw FAILURE;
    };

    private final AtomicInteger lines = new AtomicInteger();
    private final AuthorizerGuard guard = new AuthorizerGuard(COUNTERS, line -> lines.incrementAndGet());

    @Actor
    public void first() {
        guard.permissionsOf(FAILING, CLIENT);
    }

    @Actor
    public void second() {
        guard.permissionsOf(FAILING, CLIENT);
    }

    @Arbiter
    public void count(final I_Result result) {
        result.r1 = lines.get();
    }
}
