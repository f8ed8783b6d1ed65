package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.PeerOptions;
import io.ringmain.perf.broker.Target;
import io.ringmain.perf.report.Report;
import io.ringmain.perf.report.Samples;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringmain bench retained}: retained topics, all to one subscriber. */
@Command(
        name = "retained",
        description = "Publish many retained topics and subscribe to all of them; measure rate, memory, and seconds.",
        mixinStandardHelpOptions = true)
final class RetainedBench implements Callable<Integer> {
    @Mixin
    private BrokerOptions broker;

    @Mixin
    private PeerOptions peers;

    @Option(names = "--topics", description = "Retained topics, default ${DEFAULT-VALUE}.", defaultValue = "100000")
    private int topics;

    @Option(names = "--payload", description = "Bytes of payload, default ${DEFAULT-VALUE}.", defaultValue = "64")
    private int payload;

    @Option(
            names = "--subscribes",
            description = "How often they are subscribed to; the median counts, default ${DEFAULT-VALUE}.",
            defaultValue = "5")
    private int subscribes;

    @Override
    public Integer call() throws Exception {
        final Report report = new Report("retained")
                .fact("topics", topics)
                .fact("payload B", payload)
                .fact("broker", broker.text());
        new Turns(Map.of("to one #, QoS 0, s", "under 0.30", "to one #, QoS 1, s", "under 0.50"))
                .run(broker, peers, BrokerOptions.NO_SNAPSHOTS, this::measure)
                .write(report);
        report.publish(System.out, broker.json());
        return 0;
    }

    private void measure(final Target target, final Figures figures) throws IOException {
        final RetainedStorm.Result result =
                RetainedStorm.measure(target.host(), target.port(), target.memory(), topics, payload, subscribes);
        figures.add("published/s", result.publishedPerSecond())
                .addMemory("retained topic", result.before(), result.after(), topics)
                .add("to one #, QoS 0, s", Samples.median(result.qos0S()))
                .add("to one #, QoS 0, the first, s", result.qos0S()[0])
                .add("to one #, QoS 1, s", Samples.median(result.qos1S()))
                .add("to one #, QoS 1, the first, s", result.qos1S()[0]);
    }
}
