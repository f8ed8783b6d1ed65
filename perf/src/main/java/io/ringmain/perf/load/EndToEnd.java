package io.ringmain.perf.load;

import io.ringmain.perf.broker.MeasuredBroker;
import io.ringmain.perf.report.Report;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code ringmain bench e2e}: publishers and subscribers against a broker that runs already. Without {@code --rate} a
 * closed loop with a window per publisher; with it an open loop, in which latency counts from when a message was to be
 * sent.
 */
@Command(name = "e2e", description = "Publish through a running broker and measure rate, latency and loss.")
final class EndToEnd implements Callable<Integer> {
    // Not picocli's usual ones: its --version would take the place of the protocol's.
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean isHelp;

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

    @Option(names = "--shared", description = "The subscribers of a topic share it: each message goes to one of them.")
    private boolean shared;

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
    private double durationS;

    @Option(names = "--warmup", description = "Seconds before that, default ${DEFAULT-VALUE}.", defaultValue = "3")
    private double warmupS;

    @Option(names = "--version", description = "3.1, 3.1.1 or 5, default ${DEFAULT-VALUE}.", defaultValue = "3.1.1")
    private String version;

    @Option(names = "--tls", description = "Speak TLS, with whatever certificate the broker has.")
    private boolean tls;

    @Mixin
    private GeneratorOptions generator;

    @Override
    public Integer call() throws Exception {
        final FlowScenario scenario = new FlowScenario(
                qos,
                payload,
                plan -> plan.version(LoadClient.version(version))
                        .window(window)
                        .encrypted(tls)
                        .rate(rate)
                        .pairs(pairs)
                        .publishers(publishers)
                        .subscribers(subscribers)
                        .filters(shared ? FlowPlan.Filters.SHARED : FlowPlan.Filters.LITERAL));
        final Outcome outcome = scenario.run(
                MeasuredBroker.running(host + ":" + port, host, port),
                new Pace(0, warmupS, durationS, false, generator.threads()));
        System.out.printf(
                "%d x %d:%d%s, QoS %d, MQTT %s%s, %d B payload, %s%n",
                pairs,
                publishers,
                subscribers,
                shared ? " shared" : "",
                qos,
                version,
                tls ? " over TLS" : "",
                Math.max(FlowPlan.MIN_PAYLOAD_LENGTH, payload),
                rate > 0 ? rate + " msg/s asked for" : "closed loop");
        outcome.figures().forEach((name, value) -> System.out.printf("%18s  %s%n", name, Report.text(value)));
        outcome.warnings().forEach(warning -> System.out.println("warning: " + warning));
        return outcome.faults().exitCode();
    }
}
