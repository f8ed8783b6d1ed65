package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.PeerOptions;
import io.ringmain.perf.broker.Target;
import io.ringmain.perf.report.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringmain bench subs}: subscriptions of others. */
@Command(
        name = "subs",
        description = "Have others hold many subscriptions; measure making them, their memory, and a flow beside them.",
        mixinStandardHelpOptions = true)
final class SubsBench implements Callable<Integer> {
    /** The number of subscriptions that the goals are about: 100,000 literal ones and 1,000 with wildcards. */
    private static final long GOAL_COUNT = 101_000;

    /** Fewer are made before the code for it is compiled, and weigh less than what else happens meanwhile. */
    private static final long LEAST_WEIGHED = 10_000;

    @Mixin
    private BrokerOptions broker;

    @Mixin
    private PeerOptions peers;

    @Option(
            names = "--counts",
            split = ",",
            description = "Subscriptions, ascending, one in 101 with a wildcard; default ${DEFAULT-VALUE}.",
            defaultValue = "1,1000,101000,1010000")
    private List<Long> counts;

    @Option(
            names = "--connections",
            description = "Connections that hold them, default ${DEFAULT-VALUE}.",
            defaultValue = "10")
    private int connections;

    @Option(
            names = "--duration",
            description = "Seconds of the flow that count, default ${DEFAULT-VALUE}.",
            defaultValue = "2")
    private double durationS;

    @Option(names = "--warmup", description = "Seconds before that, default ${DEFAULT-VALUE}.", defaultValue = "1")
    private double warmupS;

    @Override
    public Integer call() throws Exception {
        final Report report = new Report("subs")
                .fact("connections", connections)
                .fact("flow", "1:1 QoS 0, 64 B, window 10,000, on topics that none of them matches")
                .fact("broker", broker.text());
        new Turns(goals()).run(broker, peers, settings(), this::measure).write(report);
        report.publish(System.out, broker.json());
        return 0;
    }

    private List<String> settings() {
        final List<String> settings = new ArrayList<>(BrokerOptions.NO_SNAPSHOTS);
        settings.add("limits.subscriptions_per_session=" + counts.get(counts.size() - 1));
        return settings;
    }

    private static Map<String, String> goals() {
        final Map<String, String> goals = new HashMap<>();
        goals.put(subscribed(GOAL_COUNT), "1 times mosquitto");
        goals.put(delivered(GOAL_COUNT), "8 times mosquitto");
        goals.put(Figures.resident(memory(GOAL_COUNT)), "at most 600");
        return goals;
    }

    private static String subscribed(final long count) {
        return String.format(Locale.ROOT, "SUBSCRIBE/s, up to %,d", count);
    }

    private static String delivered(final long count) {
        return String.format(Locale.ROOT, "messages/s beside %,d", count);
    }

    private static String memory(final long count) {
        return String.format(Locale.ROOT, "of %,d", count);
    }

    private void measure(final Target target, final Figures figures) throws IOException {
        final List<SubscriptionScale.Step> steps = SubscriptionScale.measure(
                target.host(), target.port(), target.memory(), connections, counts, warmupS, durationS);
        for (final SubscriptionScale.Step step : steps) {
            figures.add(delivered(step.subscriptions()), step.deliveredPerSecond());
        }
        for (final SubscriptionScale.Step step : steps) {
            if (step.added() >= LEAST_WEIGHED) {
                figures.add(subscribed(step.subscriptions()), step.subscribedPerSecond())
                        .addMemory(memory(step.subscriptions()), step.before(), step.after(), step.added());
            }
        }
    }
}
