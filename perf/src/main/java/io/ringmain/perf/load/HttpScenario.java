package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerProcess;
import io.ringmain.perf.broker.EndpointProcess;
import io.ringmain.perf.broker.HttpEndpoint;
import io.ringmain.perf.broker.MeasuredBroker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/**
 * The same messages by HTTP and by MQTT. The HTTP endpoint throws them away; the broker writes those with QoS 1 to its
 * log.
 *
 * @param perConnection messages of a connection.
 * @param messages in all of each kind, unless that would be more than so many connections.
 */
record HttpScenario(List<Integer> perConnection, int messages, int connections, int payloadLength)
        implements Scenario.Runner {
    /**
     * One way to send.
     *
     * @param isAnswered whether there is something to wait for after each message.
     */
    record Way(String by, boolean isAnswered, int messagesEach, RequestLoad.Result result) {}

    static final List<Integer> PER_CONNECTION = List.of(1, 100, 1000);

    private static final String TOPIC = "plant/line3/press-07/rpm";
    private static final String HTTP = "HTTP";
    private static final String BYTES = "loopback B";

    /** What a message costs on the wire. */
    static final List<Goal> COMPARED = PER_CONNECTION.stream()
            .flatMap(each -> Stream.of(HTTP, mqtt(0), mqtt(1)).map(by -> Goal.none(BYTES + suffix(by, each))))
            .toList();

    @Override
    public Outcome run(final MeasuredBroker broker, final Pace pace) throws IOException {
        final Outcome outcome = new Outcome();
        for (final Way way : measure(broker, pace)) {
            final String by = suffix(way.by(), way.messagesEach());
            outcome.figure(BYTES + by, way.result().loopbackBytes())
                    .figure("server CPU us" + by, way.result().serverCpuUs())
                    .figure("total us" + by, way.result().totalUs());
        }
        return outcome;
    }

    private static String suffix(final String by, final int messagesEach) {
        return String.format(Locale.ROOT, ", %s, %,d a connection", by, messagesEach);
    }

    private static String mqtt(final int qos) {
        return "MQTT QoS " + qos;
    }

    /** All ways, each with as many messages a connection as asked for. */
    List<Way> measure(final MeasuredBroker broker, final Pace pace) throws IOException {
        final List<Way> ways = new ArrayList<>();
        final InetSocketAddress mqtt = new InetSocketAddress(broker.host(), broker.port());
        try (EndpointProcess endpoint = HttpEndpoint.start()) {
            final InetSocketAddress http = new InetSocketAddress(BrokerProcess.HOST, endpoint.port());
            final RequestLoad.Connector byHttp =
                    number -> new RequestConnection.Http(http, number, TOPIC, payloadLength);
            pace.warmUp(() -> {
                RequestLoad.measure(byHttp, 1, 100, endpoint::cpuSeconds);
                for (int qos = 0; qos <= 1; qos++) {
                    RequestLoad.measure(byMqtt(mqtt, qos), 1, 100, broker::cpuSeconds);
                }
            });
            for (final int each : perConnection) {
                ways.add(measure(HTTP, true, each, byHttp, endpoint::cpuSeconds));
                for (int qos = 0; qos <= 1; qos++) {
                    ways.add(measure(mqtt(qos), qos > 0, each, byMqtt(mqtt, qos), broker::cpuSeconds));
                }
            }
        }
        return ways;
    }

    private RequestLoad.Connector byMqtt(final InetSocketAddress broker, final int qos) {
        return number -> new RequestConnection.Mqtt(broker, number, TOPIC, payloadLength, qos);
    }

    private Way measure(
            final String by,
            final boolean isAnswered,
            final int each,
            final RequestLoad.Connector connector,
            final DoubleSupplier serverCpu)
            throws IOException {
        final int count = Math.max(1, Math.min(connections, messages / each));
        // Half of it before, so that both ends run compiled code.
        RequestLoad.measure(connector, Math.max(1, count / 2), each, serverCpu);
        return new Way(by, isAnswered, each, RequestLoad.measure(connector, count, each, serverCpu));
    }
}
