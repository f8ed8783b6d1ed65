package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerMemory;
import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.BrokerProcess;
import io.ringmain.perf.broker.Loopback;
import io.ringmain.perf.broker.PageCache;
import io.ringmain.perf.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code ringmain bench recovery}: how long a broker with a large state is out of service, after kill -9 and after a
 * clean stop. The state is built through the broker, over MQTT.
 */
@Command(
        name = "recovery",
        description = "Build a large state, end the broker both ways, and measure until the first CONNACK.",
        mixinStandardHelpOptions = true)
final class RecoveryBench implements Callable<Integer> {
    private static final long TIMEOUT_S = 600;

    @Mixin
    private BrokerOptions broker;

    @Option(names = "--retained", description = "Retained topics, default ${DEFAULT-VALUE}.", defaultValue = "1000000")
    private int retained;

    @Option(
            names = "--sessions",
            description = "Persistent sessions, offline, with a subscription each, default ${DEFAULT-VALUE}.",
            defaultValue = "100000")
    private int sessions;

    @Option(
            names = "--queued",
            description = "Messages queued for them in all, default ${DEFAULT-VALUE}.",
            defaultValue = "1000000")
    private int queued;

    @Option(names = "--payload", description = "Bytes of payload, default ${DEFAULT-VALUE}.", defaultValue = "100")
    private int payload;

    @Option(
            names = "--durability",
            description = "In which the state is built, default ${DEFAULT-VALUE}: faster, and the same log.",
            defaultValue = "append")
    private String durability;

    @Option(names = "--warm", description = "Leave the log in the page cache.")
    private boolean warm;

    @Option(names = "--lines", description = "Show what the brokers wrote, with milliseconds since their start.")
    private boolean showsLines;

    private final Report report = new Report("recovery");

    @Override
    public Integer call() throws Exception {
        final Path data = broker.newData();
        try {
            report.fact("retained", retained).fact("sessions", sessions).fact("queued", queued);
            report.fact("payload B", payload).fact("broker", broker.text());
            build(data);
            report.fact("data MB after kill", BrokerOptions.bytes(data) >> 20);
            measure("kill -9", data);
            measure("clean stop", data);
        } finally {
            BrokerOptions.delete(data);
        }
        report.publish(System.out, broker.json());
        return 0;
    }

    /** Builds the state and kills the broker. */
    private void build(final Path data) throws IOException {
        try (BrokerProcess process = broker.start(data, settings())) {
            final int port = process.port();
            report.fact(
                    "built retained s", BulkPublisher.publish(port, retained, n -> "bench/state/" + n, true, payload));
            report.fact("built sessions s", SessionMaker.make(port, sessions, RecoveryBench::queueTopic));
            report.fact(
                    "built queued s",
                    BulkPublisher.publish(
                            port, queued, n -> queueTopic((int) (n % Math.max(1, sessions))), false, payload));
            report.fact(
                    "snapshots while built",
                    process.lines().stream()
                            .filter(line -> line.text().contains("snapshot at position"))
                            .count());
            show(process);
            process.kill();
        }
    }

    private static String queueTopic(final int session) {
        return "bench/queue/" + session;
    }

    private List<String> settings() {
        return List.of(
                "storage.durability=" + durability,
                "limits.retained_messages=" + Math.max(1, retained),
                "limits.queued_messages_per_session=" + Math.max(1, queued),
                "limits.queued_bytes_per_session=1024GB");
    }

    /** Starts the broker on what is there, measures, and stops it cleanly. */
    private void measure(final String ended, final Path data) throws IOException {
        final boolean cold = !warm && PageCache.drop();
        final int port = Loopback.freePort();
        final long bytes = BrokerOptions.bytes(data);
        try (BrokerProcess process = broker.launch(data, port, settings())) {
            final double seconds = FirstConnack.await(process, port, TIMEOUT_S);
            final double cpuSeconds = process.cpuSeconds();
            report.row().cell("ended by", ended).cell("page cache", cold ? "cold" : "warm");
            report.cell("data MB", bytes >> 20).cell("CONNACK after s", seconds).cell("CPU s", cpuSeconds);
            phases(process);
            memory(process);
            final long stopNs = System.nanoTime();
            process.terminate();
            report.cell("clean stop s", (System.nanoTime() - stopNs) / 1e9);
            show(process);
        }
    }

    /** What the event log tells of: when the log was open, and how much was replayed. */
    private void phases(final BrokerProcess process) {
        report.cell("recovered", "?");
        for (final BrokerProcess.Line line : process.lines()) {
            final int at = line.text().indexOf("recovered ");
            if (at >= 0) {
                report.cell(
                        "recovered",
                        line.text().substring(at).replaceFirst("recovered ", "").replaceFirst(", digest.*", ""));
            }
        }
    }

    private void memory(final BrokerProcess process) throws IOException {
        final BrokerMemory memory = BrokerMemory.measure(process.pid());
        report.cell("heap MB", memory.heapUsedBytes() >> 20);
        report.cell("anonymous MB", memory.anonymousBytes() >> 20).cell("resident MB", memory.residentBytes() >> 20);
    }

    private void show(final BrokerProcess process) {
        if (showsLines) {
            process.lines().forEach(line -> System.out.printf("%8d ms  %s%n", line.afterMs(), line.text()));
        }
    }
}
