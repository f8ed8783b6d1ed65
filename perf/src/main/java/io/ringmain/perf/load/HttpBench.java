package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.MeasuredBroker;
import io.ringmain.perf.report.Report;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code ringmain bench http}: the same messages by HTTP and by MQTT. The HTTP endpoint throws them away; the broker
 * writes those with QoS 1 to its log.
 */
@Command(
        name = "http",
        description = "Publish by keep-alive HTTP, MQTT QoS 0 and QoS 1; compare bytes, CPU and latency.",
        mixinStandardHelpOptions = true)
final class HttpBench implements Callable<Integer> {
    @Mixin
    private BrokerOptions broker;

    @Option(
            names = "--per-connection",
            split = ",",
            description = "Messages of a connection, default ${DEFAULT-VALUE}.",
            defaultValue = "1,100,1000")
    private List<Integer> perConnection;

    @Option(
            names = "--messages",
            description = "Messages in all of each kind, default ${DEFAULT-VALUE}.",
            defaultValue = "100000")
    private int messages;

    @Option(
            names = "--connections",
            description = "Most connections of each kind, even if that makes fewer messages, default ${DEFAULT-VALUE}.",
            defaultValue = "10000")
    private int connections;

    @Option(names = "--payload", description = "Bytes of payload, default ${DEFAULT-VALUE}.", defaultValue = "64")
    private int payload;

    @Option(
            names = "--durability",
            description = "Of the broker, default ${DEFAULT-VALUE}: the endpoint keeps nothing either.",
            defaultValue = "append")
    private String durability;

    @Mixin
    private WarmupOptions warmup;

    private final Report report = new Report("http");

    @Override
    public Integer call() throws Exception {
        final List<String> settings = StateScenarios.settings(List.of("storage.durability=" + durability));
        report.fact("messages of each kind", messages)
                .fact("connections of each kind, at most", connections)
                .fact("payload B", payload)
                .fact("durability", durability)
                .fact("broker", broker.text(settings))
                .fact("per message", "connecting and disconnecting included, but in p50 and p99")
                .fact("sent B, received B", "by the client, payload of TCP")
                .fact("loopback B", "both ways, with TCP and IP headers, of all that used the interface meanwhile");
        final HttpScenario scenario = new HttpScenario(perConnection, messages, connections, payload);
        try (MeasuredBroker ours = MeasuredBroker.start(Turns.OURS, broker, settings)) {
            scenario.measure(ours, warmup.pace(0, 0, false)).forEach(this::row);
        }
        report.publish(System.out, broker.json());
        return 0;
    }

    private void row(final HttpScenario.Way way) {
        final RequestLoad.Result result = way.result();
        report.row().cell("messages a connection", way.messagesEach()).cell("by", way.by());
        report.cell("sent B", result.sentBytes()).cell("received B", result.receivedBytes());
        report.cell("loopback B", result.loopbackBytes());
        report.cell("client CPU us", result.clientCpuUs()).cell("server CPU us", result.serverCpuUs());
        report.cell("total us", result.totalUs());
        // Without an answer, what it takes to send says nothing about arriving.
        report.cell("p50 us", way.isAnswered() ? result.answerNs().getValueAtPercentile(50) / 1e3 : null);
        report.cell("p99 us", way.isAnswered() ? result.answerNs().getValueAtPercentile(99) / 1e3 : null);
    }
}
