package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerMemory;
import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.BrokerProcess;
import io.ringmain.perf.broker.PageCache;
import io.ringmain.perf.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code ringmain bench backlog}: what a session that is offline costs in memory while messages wait for it, and how
 * fast they go when it is back, next to live traffic of the same kind.
 */
@Command(
        name = "backlog",
        description = "Queue messages for an offline session; measure memory, and the rate of taking them.",
        mixinStandardHelpOptions = true)
final class BacklogBench implements Callable<Integer> {
    private static final String TOPIC = "bench/backlog";

    @Mixin
    private BrokerOptions broker;

    @Option(names = "--messages", description = "Messages queued, default ${DEFAULT-VALUE}.", defaultValue = "1000000")
    private int messages;

    @Option(names = "--payload", description = "Bytes of payload, default ${DEFAULT-VALUE}.", defaultValue = "1024")
    private int payload;

    @Option(
            names = "--window",
            description = "Messages in flight, queued and live alike, default ${DEFAULT-VALUE}.",
            defaultValue = "100")
    private int window;

    @Option(names = "--durability", description = "Of the broker, default ${DEFAULT-VALUE}.", defaultValue = "sync")
    private String durability;

    @Option(
            names = "--duration",
            description = "Seconds of live traffic, default ${DEFAULT-VALUE}.",
            defaultValue = "5")
    private double durationS;

    @Option(names = "--warmup", description = "Seconds before that, default ${DEFAULT-VALUE}.", defaultValue = "3")
    private double warmupS;

    @Option(names = "--warm", description = "Leave the log in the page cache before it is read.")
    private boolean warm;

    private final Report report = new Report("backlog");

    @Override
    public Integer call() throws Exception {
        final Path data = broker.newData();
        try (BrokerProcess process = broker.start(data, settings())) {
            report.fact("messages", messages).fact("payload B", payload).fact("window", window);
            report.fact("durability", durability).fact("broker", broker.text(settings()));
            measure(process);
        } finally {
            BrokerOptions.delete(data);
        }
        report.publish(System.out, broker.json());
        return 0;
    }

    private List<String> settings() {
        final List<String> settings = new ArrayList<>(BrokerOptions.NO_SNAPSHOTS);
        settings.add("storage.durability=" + durability);
        settings.add("limits.queued_messages_per_session=" + messages);
        settings.add("limits.queued_bytes_per_session=1024GB");
        return settings;
    }

    private void measure(final BrokerProcess process) throws IOException {
        final double before = live(process.port());
        SessionMaker.make(process.port(), 1, number -> TOPIC);
        final BrokerMemory empty = BrokerMemory.measure(process.pid());
        final double queueS =
                BulkPublisher.publish(BrokerProcess.HOST, process.port(), messages, n -> TOPIC, false, payload);
        final BrokerMemory full = BrokerMemory.measure(process.pid());
        final boolean cold = !warm && PageCache.drop();
        final double drainS = MessageDrain.resume(process.port(), SessionMaker.clientId(0), window, messages);
        final double after = live(process.port());
        final double liveRate = (before + after) / 2;
        final double drainRate = messages / drainS;
        report.row()
                .cell("figure", "heap for the backlog, MiB")
                .cell("value", mib(full.heapUsedBytes() - empty.heapUsedBytes()));
        report.row()
                .cell("figure", "anonymous memory for it, MiB")
                .cell("value", mib(full.anonymousBytes() - empty.anonymousBytes()));
        report.row()
                .cell("figure", "resident with the mapped log, MiB")
                .cell("value", mib(full.residentBytes() - empty.residentBytes()));
        report.row().cell("figure", "queued, messages/s").cell("value", messages / queueS);
        report.row()
                .cell("figure", "drained, messages/s, page cache " + (cold ? "cold" : "warm"))
                .cell("value", drainRate);
        report.row().cell("figure", "live 1:1, messages/s, before and after").cell("value", liveRate);
        report.row().cell("figure", "drained / live").cell("value", drainRate / liveRate);
    }

    private static double mib(final long bytes) {
        return bytes / (double) (1 << 20);
    }

    private double live(final int port) throws IOException {
        final FlowPlan plan = FlowPlan.of(BrokerProcess.HOST, port, 1, payload).window(window);
        return LiveRate.measure(plan, warmupS, durationS);
    }
}
