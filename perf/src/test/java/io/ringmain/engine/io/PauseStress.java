package io.ringmain.engine.io;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringmain.engine.ring.EgressRecord;
import io.ringmain.engine.ring.EgressType;
import java.nio.ByteBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * The core pauses a publisher and tells the agent of the subscriber behind that, which takes the pause over and ends it.
 */
@JCStressTest
@Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "paused and resumed")
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "nothing known of it yet")
@Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "paused, and nothing known yet of who will end that")
@Outcome(expect = FORBIDDEN, desc = "resumed before it was paused, or paused for ever")
@State
public class PauseStress {
    private static final int AGENTS = 2;
    private static final IoContext CONTEXT = QuietNetwork.context();

    private final RingBuffer lane = QuietNetwork.ringBuffer();
    private final IoAgent[] agents = {
        QuietNetwork.agent(CONTEXT, 0, AGENTS, new QuietNetwork()),
        QuietNetwork.agent(CONTEXT, 1, AGENTS, new QuietNetwork(), lane)
    };
    private final Connection publisher =
            new Connection(new QuietNetwork.Client(ByteBuffer.allocate(0)), "quiet", new BufferPool(), 0);
    private final Connection subscriber =
            new Connection(new QuietNetwork.Client(ByteBuffer.allocate(0)), "quiet", new BufferPool(), 0);

    public PauseStress() {
        for (final IoAgent agent : agents) {
            agent.peers(agents);
        }
        agents[0].register(publisher);
        agents[1].register(subscriber);
    }

    @Actor
    public void core() {
        agents[0].pausePublisher(publisher.id);
        final int index = lane.tryClaim(EgressType.BEHIND, EgressRecord.BEHIND_LENGTH);
        EgressRecord.writeBehind(lane.buffer(), index, subscriber.id, publisher.id);
        lane.commit(index);
    }

    /** The agents of both, on one thread, as jcstress wants a processor for each actor. */
    @Actor
    public void agents(final III_Result result) {
        endPause();
        agents[0].pollTransport(0);
        result.r1 = publisher.pauses;
    }

    private void endPause() {
        agents[1].drainLane();
        agents[1].throttle().release(subscriber);
    }

    @Arbiter
    public void look(final III_Result result) {
        agents[0].pollTransport(0);
        result.r2 = publisher.pauses;
        endPause();
        agents[0].pollTransport(0);
        result.r3 = publisher.pauses;
    }
}
