package io.ringmain.perf.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringmain.engine.auth.ClientAccess;
import io.ringmain.engine.auth.Permissions;
import org.agrona.DirectBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A reload gives a client other rights while another thread asks twice what it may do. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "the rights of before")
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "the reload came in between")
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "the rights of now")
@Outcome(expect = FORBIDDEN, desc = "rights that are not complete, or that come back")
@State
public class ClientAccessStress {
    /** Whose content is no constant: only {@link ClientAccess} publishes it. */
    private static final class Closed implements Permissions {
        private boolean isClosed;

        Closed() {
            isClosed = true;
        }

        @Override
        public boolean mayPublish(final DirectBuffer topic, final int offset, final int length) {
            return !isClosed;
        }

        @Override
        public boolean maySubscribe(final DirectBuffer filter, final int offset, final int length) {
            return !isClosed;
        }

        @Override
        public boolean mayReceive(final DirectBuffer topic, final int offset, final int length) {
            return !isClosed;
        }
    }

    private final ClientAccess access = ClientAccess.of(Permissions.ALL);

    /** The same object, under a name of which the compiler doesn't know that. */
    private final ClientAccess same = access;

    @Actor
    public void reload() {
        access.permissions(new Closed());
    }

    @Actor
    public void ask(final ZZ_Result result) {
        result.r1 = access.permissions().mayReceive(null, 0, 0);
        result.r2 = same.permissions().mayReceive(null, 0, 0);
    }
}
