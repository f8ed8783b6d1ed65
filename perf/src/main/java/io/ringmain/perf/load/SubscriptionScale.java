package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerMemory;
import io.ringmain.perf.broker.MemoryProbe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What subscriptions of others cost: to make, to keep, and each message that is none of theirs. */
final class SubscriptionScale {
    /** One filter in so many has a wildcard: 1,000 of 101,000. */
    private static final int WILDCARD_EVERY = 101;

    /** The flow beside them; latency is not looked at. */
    private static final int PAYLOAD_LENGTH = 64;

    /**
     * What was found with a number of subscriptions.
     *
     * @param added how many were made to get there from the number before.
     * @param subscribedPerSecond meanwhile.
     * @param before the broker's memory without those, and with whatever the flow of the step before has left behind.
     * @param deliveredPerSecond messages of a 1:1 QoS 0 flow beside them.
     */
    record Step(
            long subscriptions,
            long added,
            double subscribedPerSecond,
            BrokerMemory before,
            BrokerMemory after,
            double deliveredPerSecond) {}

    private SubscriptionScale() {}

    /**
     * Has connections subscribe until there are as many as asked for, and measures there each time.
     *
     * @param counts ascending numbers of subscriptions.
     */
    static List<Step> measure(
            final String host,
            final int port,
            final MemoryProbe memory,
            final int connections,
            final List<Long> counts,
            final double warmupS,
            final double durationS)
            throws IOException {
        final FlowPlan flow = FlowPlan.of(host, port, 0, PAYLOAD_LENGTH);
        final List<Step> steps = new ArrayList<>();
        try (SubscriptionHolders holders =
                new SubscriptionHolders(host, port, connections, SubscriptionScale::filter)) {
            for (final long count : counts) {
                final long added = count - holders.count();
                final BrokerMemory before = memory.measure();
                final double seconds = holders.growTo(count);
                final BrokerMemory after = memory.measure();
                final double rate = LiveRate.measure(flow, warmupS, durationS);
                steps.add(new Step(count, added, added / seconds, before, after, rate));
            }
            return steps;
        }
    }

    /** Literal ones, and two kinds of wildcards: one that every first level leads to, and whole branches. */
    static String filter(final long number) {
        if (number % WILDCARD_EVERY < WILDCARD_EVERY - 1) {
            return "plant/line" + number / 1000 + "/press" + number % 1000 + "/rpm";
        }
        return number % 2 == 0 ? "+/cell" + number + "/state" : "site/cell" + number + "/#";
    }
}
