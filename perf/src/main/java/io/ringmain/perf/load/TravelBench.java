package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.BrokerProcess;
import io.ringmain.perf.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringmain bench travel}: how fast the past comes to a subscriber of {@code $replay}. */
@Command(
        name = "travel",
        description = "Publish, and have the whole log replayed to a subscriber; measure messages a second.",
        mixinStandardHelpOptions = true)
final class TravelBench implements Callable<Integer> {
    private static final String FILTER = "$replay/@0/#";

    @Mixin
    private BrokerOptions broker;

    @Option(
            names = "--messages",
            description = "Messages in the log, default ${DEFAULT-VALUE}.",
            defaultValue = "1000000")
    private int messages;

    @Option(names = "--payload", description = "Bytes of payload, default ${DEFAULT-VALUE}.", defaultValue = "64")
    private int payload;

    @Option(
            names = "--rounds",
            description = "How often it is replayed; the table has median and (best), default ${DEFAULT-VALUE}.",
            defaultValue = "3")
    private int rounds;

    @Override
    public Integer call() throws Exception {
        final Report report = new Report("travel")
                .fact("messages", messages)
                .fact("payload B", payload)
                .fact("filter", FILTER)
                .fact("broker", broker.text());
        final Path data = broker.newData();
        try (BrokerProcess process = broker.start(data, settings())) {
            final double seconds = BulkPublisher.publish(
                    BrokerProcess.HOST, process.port(), messages, TravelBench::topic, false, payload);
            report.fact("published messages/s, QoS 1", messages / seconds);
            final Turns turns = new Turns(Map.of());
            for (int i = 0; i < rounds; i++) {
                for (int qos = 0; qos <= 1; qos++) {
                    final double rate = measure(BrokerProcess.HOST, process.port(), qos, messages);
                    turns.add("ringmain", new Figures().add("replayed messages/s, QoS " + qos, rate));
                }
            }
            turns.write(report);
        } finally {
            BrokerOptions.delete(data);
        }
        report.publish(System.out, broker.json());
        return 0;
    }

    /**
     * Has a broker replay all of its log to one subscriber; messages a second.
     *
     * @param messages that its log has.
     */
    static double measure(final String host, final int port, final int qos, final long messages) throws IOException {
        return messages / MessageDrain.subscribe(host, port, FILTER, qos, messages);
    }

    private static String topic(final long number) {
        return "bench/travel/" + number % 1000;
    }

    private static List<String> settings() {
        final List<String> settings = new ArrayList<>(BrokerOptions.NO_SNAPSHOTS);
        settings.add("replay.enabled=true");
        settings.add("replay.rate=64GB");
        return settings;
    }
}
