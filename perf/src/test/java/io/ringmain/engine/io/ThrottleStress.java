package io.ringmain.engine.io;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIZ_Result;

/** A subscriber of one agent falls behind and catches up, and its publisher belongs to another. */
@JCStressTest
@Outcome(id = "0, 0, true", expect = ACCEPTABLE, desc = "nothing known of it yet, but that there is something")
@Outcome(id = "1, 0, true", expect = ACCEPTABLE, desc = "paused, and to be resumed in the next cycle")
@Outcome(id = "0, 0, false", expect = ACCEPTABLE, desc = "paused and resumed")
@Outcome(expect = FORBIDDEN, desc = "resumed before it was paused, paused for ever, or left waiting")
@State
public class ThrottleStress {
    private static final int AGENTS = 2;
    private static final IoContext CONTEXT = QuietNetwork.context();

    private final QuietNetwork[] networks = {new QuietNetwork(), new QuietNetwork()};
    private final IoAgent[] agents = {
        QuietNetwork.agent(CONTEXT, 0, AGENTS, networks[0]), QuietNetwork.agent(CONTEXT, 1, AGENTS, networks[1])
    };
    private final Connection publisher =
            new Connection(new QuietNetwork.Client(ByteBuffer.allocate(0)), "quiet", new BufferPool(), 0);
    private final Connection subscriber =
            new Connection(new QuietNetwork.Client(ByteBuffer.allocate(0)), "quiet", new BufferPool(), 0);

    public ThrottleStress() {
        for (final IoAgent agent : agents) {
            agent.peers(agents);
        }
        agents[0].register(publisher);
    }

    @Actor
    public void subscriber() {
        agents[1].throttle().keeps(subscriber, publisher.id, 1);
        agents[1].throttle().release(subscriber);
    }

    @Actor
    public void publisher(final IIZ_Result result) {
        agents[0].pollTransport(0);
        result.r1 = publisher.pauses;
    }

    @Arbiter
    public void look(final IIZ_Result result) {
        result.r3 = networks[0].isWoken();
        agents[0].pollTransport(0);
        result.r2 = publisher.pauses;
    }
}
