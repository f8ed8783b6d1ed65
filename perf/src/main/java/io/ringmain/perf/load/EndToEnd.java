package io.ringmain.perf.load;

import java.util.List;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ringmain bench e2e}: publishers and subscribers against a broker that runs already. Without {@code --rate} a
 * closed loop with a window per publisher; with it an open loop, in which latency counts from when a message was to be
 * sent.
 */
@Command(
        name = "e2e",
        description = "Publish through a running broker and measure rate, latency and loss.",
        mixinStandardHelpOptions = true)
final class EndToEnd implements Callable<Integer> {
    @Option(names = "--host", description = "Broker, default ${DEFAULT-VALUE}.", defaultValue = "127.0.0.1")
    private String host;

    @Option(names = "--port", description = "Port, default ${DEFAULT-VALUE}.", defaultValue = "1883")
    private int port;

    @Option(
            names = "--qos",
            description = "QoS of publishers and subscribers, default ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private int qos;

    @Option(
            names = "--pairs",
            description = "Topics, each with publishers and subscribers of its own, default ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int pairs;

    @Option(
            names = "--publishers",
            description = "Publishers to each topic, default ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int publishers;

    @Option(
            names = "--subscribers",
            description = "Subscribers of each topic, default ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int subscribers;

    @Option(
            names = "--payload",
            description = "Bytes of payload, at least 16, default ${DEFAULT-VALUE}.",
            defaultValue = "64")
    private int payload;

    @Option(
            names = "--window",
            description = "Messages on their way for each publisher; default 10000 in all for QoS 0, else 100 each.")
    private int window;

    @Option(
            names = "--rate",
            description = "Messages a second over all publishers; 0, the default, as fast as the window allows.")
    private long rate;

    @Option(names = "--duration", description = "Seconds that count, default ${DEFAULT-VALUE}.", defaultValue = "5")
    private int durationS;

    @Option(names = "--warmup", description = "Seconds before that, default ${DEFAULT-VALUE}.", defaultValue = "3")
    private int warmupS;

    @Option(names = "--version", description = "3.1, 3.1.1 or 5, default ${DEFAULT-VALUE}.", defaultValue = "3.1.1")
    private String version;

    @Override
    public Integer call() throws Exception {
        final FlowPlan plan = FlowPlan.of(host, port, qos, payload)
                .version(LoadClient.version(version))
                .window(window)
                .rate(rate)
                .pairs(pairs)
                .publishers(publishers)
                .subscribers(subscribers);
        final Flow flow = new Flow(plan);
        try (LoadRun run = new LoadRun(List.of(flow))) {
            final LoadRun.Measure measure = run.measure(warmupS, durationS);
            final long lost = run.drain();
            report(measure, flow, lost);
            return lost == 0 && flow.outOfOrder() == 0 ? 0 : 1;
        }
    }

    private void report(final LoadRun.Measure measure, final Flow flow, final long lost) {
        final Statistics statistics = flow.statistics();
        final double seconds = measure.seconds();
        System.out.printf(
                "%d x %d:%d, QoS %d, MQTT %s, %d B payload, %s%n",
                pairs,
                publishers,
                subscribers,
                qos,
                version,
                flow.plan().payloadLength(),
                rate > 0 ? rate + " msg/s asked for" : "window " + flow.plan().window());
        System.out.printf(
                "sent %,.0f msg/s  delivered %,.0f msg/s  over %.1f s%n",
                measure.sentPerSecond(0), measure.receivedPerSecond(0), seconds);
        System.out.println(text("latency us", statistics.latencyNs()));
        if (qos > 0) {
            System.out.println(text("acknowledged us", statistics.acknowledgedNs()));
        }
        System.out.printf(
                "lost %d  missing in between %d  duplicated %d  out of order %d  generator %.0f %% of a core%n",
                lost, statistics.missing(), statistics.duplicated(), flow.outOfOrder(), measure.generatorCores() * 100);
        if (rate > 0 && measure.sentPerSecond(0) < rate * 0.99) {
            System.out.println("warning: the rate was not reached");
        }
        if (rate == 0 && measure.generatorCores() > 0.95) {
            System.out.println("warning: the generator was at the limit of its core; the broker may do more");
        }
    }

    private static String text(final String name, final Histogram latencyNs) {
        return String.format(
                "%s  p50 %,.0f  p90 %,.0f  p99 %,.0f  p99.9 %,.0f  max %,.0f",
                name,
                latencyNs.getValueAtPercentile(50) / 1e3,
                latencyNs.getValueAtPercentile(90) / 1e3,
                latencyNs.getValueAtPercentile(99) / 1e3,
                latencyNs.getValueAtPercentile(99.9) / 1e3,
                latencyNs.getMaxValue() / 1e3);
    }
}
