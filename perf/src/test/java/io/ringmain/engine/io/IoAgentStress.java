package io.ringmain.engine.io;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * What other threads tell an I/O agent while it is about to wait for the network: it is seen before, or ends the waiting.
 */
public final class IoAgentStress {
    /** Nothing of it changes in the tests that share it. */
    private static final IoContext CONTEXT = QuietNetwork.context();

    private IoAgentStress() {}

    /** Another thread hands over something to do. */
    @JCStressTest
    @Outcome(id = "1, true", expect = ACCEPTABLE, desc = "it is done, and the agent will look in vain once")
    @Outcome(id = "1, false", expect = ACCEPTABLE, desc = "it is done")
    @Outcome(id = "0, true", expect = ACCEPTABLE, desc = "it is done in the next cycle, which waits for nothing")
    @Outcome(expect = FORBIDDEN, desc = "the agent waits, though there is something to do, or sees half of it")
    @State
    public static class Execute {
        private final QuietNetwork network = new QuietNetwork();
        private final IoAgent agent = QuietNetwork.agent(CONTEXT, 0, 1, network);
        private int handed;
        private int seen;

        @Actor
        public void other() {
            handed = 1;
            agent.execute(() -> seen = handed == 1 ? seen + 1 : -1);
        }

        @Actor
        public void agent() {
            agent.pollTransport(0);
        }

        @Arbiter
        public void look(final IZ_Result result) {
            result.r1 = seen;
            result.r2 = network.isWoken();
        }
    }

    /** Two threads hand over two things each. */
    @JCStressTest
    @Outcome(id = "4", expect = ACCEPTABLE, desc = "all are done, those of a thread in their order")
    @Outcome(expect = FORBIDDEN, desc = "one is lost, done twice, or too early")
    @State
    public static class ExecuteTwo {
        private final IoAgent agent = QuietNetwork.agent(CONTEXT, 0, 1, new QuietNetwork());
        private int count;
        private int first;
        private int second;

        @Actor
        public void first() {
            agent.execute(() -> count += ++first == 1 ? 1 : 0);
            agent.execute(() -> count += ++first == 2 ? 1 : 0);
        }

        @Actor
        public void second() {
            agent.execute(() -> count += ++second == 1 ? 1 : 0);
            agent.execute(() -> count += ++second == 2 ? 1 : 0);
        }

        @Arbiter
        public void agent(final I_Result result) {
            agent.pollTransport(0);
            result.r1 = count;
        }
    }

    /** A reload puts another policy in force. */
    @JCStressTest
    @Outcome(id = "1, true", expect = ACCEPTABLE, desc = "it holds, and the agent will look in vain once")
    @Outcome(id = "1, false", expect = ACCEPTABLE, desc = "it holds")
    @Outcome(id = "0, true", expect = ACCEPTABLE, desc = "it holds from the next cycle on, which waits for nothing")
    @Outcome(expect = FORBIDDEN, desc = "the agent waits with the policy of before, or has half of the new one")
    @State
    public static class Reload {
        private static final int FEW = 7;

        private final QuietNetwork network = new QuietNetwork();
        private final IoContext context = QuietNetwork.context();
        private final IoAgent agent = QuietNetwork.agent(context, 0, 1, network);
        private int seen;

        @Actor
        public void reload() {
            context.limits(new IoLimits().maxConnections(FEW).maxHalfOpen(FEW));
            agent.wakeup();
        }

        /** Any timeout but 0 makes it look again behind the poll. */
        @Actor
        public void agent() {
            network.pollUntilWoken(agent, 1);
            final IoLimits limits = agent.limits();
            final boolean isNew = limits.maxConnections() == FEW;
            seen = isNew == (limits.maxHalfOpen() == FEW) ? isNew ? 1 : 0 : -1;
        }

        @Arbiter
        public void look(final IZ_Result result) {
            result.r1 = seen;
            result.r2 = network.isWoken();
        }
    }

    /** The broker stops. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "the agent is done, and will look in vain once")
    @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "the agent is done")
    @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "it is in the next cycle, which waits for nothing")
    @Outcome(expect = FORBIDDEN, desc = "the agent waits and doesn't know")
    @State
    public static class Shutdown {
        private final QuietNetwork network = new QuietNetwork();
        private final IoAgent agent = QuietNetwork.agent(CONTEXT, 0, 1, network);

        @Actor
        public void broker() {
            agent.requestShutdown();
        }

        @Actor
        public void agent() {
            network.pollUntilWoken(agent, 0);
            agent.flush();
        }

        @Arbiter
        public void look(final ZZ_Result result) {
            result.r1 = agent.isDrained();
            result.r2 = network.isWoken();
        }
    }
}
