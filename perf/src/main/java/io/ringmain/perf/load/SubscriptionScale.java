package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerMemory;
import io.ringmain.perf.broker.MeasuredBroker;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * What subscriptions of others cost: to make, to keep, and each message that is none of theirs.
 *
 * @param connections that hold them.
 * @param counts ascending numbers of subscriptions, at each of which a flow is measured.
 */
record SubscriptionScale(int connections, List<Long> counts) implements Scenario.Runner {
    /** One filter in so many has a wildcard: 1,000 of 101,000. */
    private static final int WILDCARD_EVERY = 101;

    /** Fewer are made before the code for it is compiled, and weigh less than what else happens meanwhile. */
    private static final long LEAST_WEIGHED = 10_000;

    /** Of the flow beside them; latency is not looked at. */
    private static final int PAYLOAD_LENGTH = 64;

    @Override
    public Outcome run(final MeasuredBroker broker, final Pace pace) throws IOException {
        final Outcome outcome = new Outcome();
        final FlowPlan flow = FlowPlan.of(broker.host(), broker.port(), 0, PAYLOAD_LENGTH);
        // Before any flow, whose garbage would leave pages that the subscriptions then take.
        weigh(broker, outcome);
        pace.warmUp(() -> LiveRate.measure(flow, 0, pace.brokerWarmupS()));
        try (SubscriptionHolders holders = holders(broker)) {
            for (final long count : counts) {
                final long added = count - holders.count();
                final double seconds = holders.growTo(count);
                if (added >= LEAST_WEIGHED) {
                    outcome.figure(subscribed(count), added / seconds);
                }
                outcome.figure(delivered(count), LiveRate.measure(flow, pace.warmupS(), pace.durationS()));
            }
        }
        return outcome;
    }

    private void weigh(final MeasuredBroker broker, final Outcome outcome) throws IOException {
        try (SubscriptionHolders holders = holders(broker)) {
            BrokerMemory before = broker.memory().measure();
            for (final long count : counts) {
                final long added = count - holders.count();
                holders.growTo(count);
                final BrokerMemory after = broker.memory().measure();
                if (added >= LEAST_WEIGHED) {
                    outcome.memory(filters(count), before, after, added);
                }
                before = after;
            }
        }
    }

    private SubscriptionHolders holders(final MeasuredBroker broker) throws IOException {
        return new SubscriptionHolders(broker.host(), broker.port(), connections, SubscriptionScale::filter);
    }

    /** Of a broker of ours. */
    List<String> settings() {
        return List.of("limits.subscriptions_per_session=" + counts.get(counts.size() - 1));
    }

    static String subscribed(final long count) {
        return String.format(Locale.ROOT, "SUBSCRIBE/s, up to %,d", count);
    }

    static String delivered(final long count) {
        return String.format(Locale.ROOT, "messages/s beside %,d", count);
    }

    static String filters(final long count) {
        return String.format(Locale.ROOT, "filter of %,d", count);
    }

    /** Literal ones, and two kinds of wildcards: one that every first level leads to, and whole branches. */
    static String filter(final long number) {
        if (number % WILDCARD_EVERY < WILDCARD_EVERY - 1) {
            return "plant/line" + number / 1000 + "/press" + number % 1000 + "/rpm";
        }
        return number % 2 == 0 ? "+/cell" + number + "/state" : "site/cell" + number + "/#";
    }
}
