package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.BrokerProcess;
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
 * {@code ringmain bench recovery}: how long a broker with a large state is out of service, after kill -9 and after a
 * clean stop. The state is built through the broker, over MQTT.
 */
@Command(
        name = "recovery",
        description = "Build a large state, end the broker both ways, and measure until the first CONNACK.",
        mixinStandardHelpOptions = true)
final class RecoveryBench implements Callable<Integer> {
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
        final BuiltState state = new BuiltState(retained, sessions, queued, payload);
        final Path data = broker.newData();
        try {
            report.fact("broker", broker.text(settings(state)));
            build(state, data);
            report.fact("data MB after kill", BrokerOptions.bytes(data) >> 20);
            measure(state, "kill -9", data);
            measure(state, "clean stop", data);
        } finally {
            BrokerOptions.delete(data);
        }
        report.publish(System.out, broker.json());
        return 0;
    }

    private List<String> settings(final BuiltState state) {
        final List<String> settings = new ArrayList<>(state.settings());
        settings.add("storage.durability=" + durability);
        return settings;
    }

    /** Builds the state and kills the broker. */
    private void build(final BuiltState state, final Path data) throws IOException {
        try (BrokerProcess process = broker.start(data, settings(state))) {
            state.build(process.port(), report);
            report.fact(
                    "snapshots while built",
                    process.lines().stream()
                            .filter(line -> line.text().contains("snapshot at position"))
                            .count());
            show(process.lines());
            process.kill();
        }
    }

    /** Starts the broker on what is there, measures, and stops it cleanly. */
    private void measure(final BuiltState state, final String ended, final Path data) throws IOException {
        final long bytes = BrokerOptions.bytes(data);
        final Restart restart = Restart.measure(port -> broker.launch(data, port, settings(state)), !warm);
        report.row().cell("ended by", ended).cell("page cache", restart.pageCache());
        report.cell("data MB", bytes >> 20).cell("CONNACK after s", restart.connackS());
        report.cell("CPU s", restart.cpuS()).cell("recovered", restart.recovered());
        report.cell("heap MB", restart.memory().heapUsedBytes() >> 20);
        report.cell("anonymous MB", restart.memory().anonymousBytes() >> 20);
        report.cell("resident MB", restart.memory().residentBytes() >> 20);
        report.cell("clean stop s", restart.stopS());
        show(restart.lines());
    }

    private void show(final List<BrokerProcess.Line> lines) {
        if (showsLines) {
            lines.forEach(line -> System.out.printf("%8d ms  %s%n", line.afterMs(), line.text()));
        }
    }
}
