package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.BrokerProcess;
import io.ringmain.perf.broker.HttpEndpoint;
import io.ringmain.perf.report.Report;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.DoubleSupplier;
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
    private static final String TOPIC = "plant/line3/press-07/rpm";

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

    private final Report report = new Report("http");

    @Override
    public Integer call() throws Exception {
        final Path data = broker.newData();
        final List<String> settings = new ArrayList<>(BrokerOptions.NO_SNAPSHOTS);
        settings.add("storage.durability=" + durability);
        report.fact("messages of each kind", messages)
                .fact("connections of each kind, at most", connections)
                .fact("payload B", payload)
                .fact("durability", durability)
                .fact("broker", broker.text())
                .fact("per message", "connecting and disconnecting included, but in p50 and p99")
                .fact("sent B, received B", "by the client, payload of TCP")
                .fact("loopback B", "both ways, with TCP and IP headers, of all that used the interface meanwhile");
        try (BrokerProcess process = broker.start(data, settings);
                HttpEndpoint endpoint = HttpEndpoint.start()) {
            final InetSocketAddress http = new InetSocketAddress(BrokerProcess.HOST, endpoint.port());
            final InetSocketAddress mqtt = new InetSocketAddress(BrokerProcess.HOST, process.port());
            for (final int each : perConnection) {
                measure(
                        "HTTP",
                        true,
                        each,
                        number -> new RequestConnection.Http(http, number, TOPIC, payload),
                        endpoint::cpuSeconds);
                for (int qos = 0; qos <= 1; qos++) {
                    final int q = qos;
                    measure(
                            "MQTT QoS " + qos,
                            qos > 0,
                            each,
                            number -> new RequestConnection.Mqtt(mqtt, number, TOPIC, payload, q),
                            process::cpuSeconds);
                }
            }
        } finally {
            BrokerOptions.delete(data);
        }
        report.publish(System.out, broker.json());
        return 0;
    }

    private void measure(
            final String by,
            final boolean isAnswered,
            final int each,
            final RequestLoad.Connector connector,
            final DoubleSupplier serverCpu)
            throws IOException {
        final int count = Math.max(1, Math.min(connections, messages / each));
        // Half of it before, so that both ends run compiled code.
        RequestLoad.measure(connector, Math.max(1, count / 2), each, serverCpu);
        final RequestLoad.Result result = RequestLoad.measure(connector, count, each, serverCpu);
        report.row().cell("messages a connection", each).cell("by", by);
        report.cell("sent B", result.sentBytes()).cell("received B", result.receivedBytes());
        report.cell("loopback B", known(result.loopbackBytes()));
        report.cell("client CPU us", result.clientCpuUs()).cell("server CPU us", result.serverCpuUs());
        report.cell("total us", result.totalUs());
        // Without an answer, what it takes to send says nothing about arriving.
        report.cell("p50 us", isAnswered ? result.answerNs().getValueAtPercentile(50) / 1e3 : null);
        report.cell("p99 us", isAnswered ? result.answerNs().getValueAtPercentile(99) / 1e3 : null);
    }

    private static Double known(final double value) {
        return Double.isNaN(value) ? null : value;
    }
}
