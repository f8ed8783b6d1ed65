package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.BrokerProcess;
import io.ringmain.perf.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code ringmain bench startup}: from exec to the first CONNACK, of a broker with a middling state that was stopped
 * cleanly. {@link RecoveryBench} does it with a large one, and after a kill.
 */
@Command(
        name = "startup",
        description = "Build a state, stop the broker, and measure until the first CONNACK of the next.",
        mixinStandardHelpOptions = true)
final class StartupBench implements Callable<Integer> {
    private static final String CPU = "CPU s, page cache ";
    private static final String CONNACK = "CONNACK after s, page cache ";

    @Mixin
    private BrokerOptions broker;

    @Option(names = "--retained", description = "Retained topics, default ${DEFAULT-VALUE}.", defaultValue = "100000")
    private int retained;

    @Option(
            names = "--sessions",
            description = "Persistent sessions, offline, with a subscription each, default ${DEFAULT-VALUE}.",
            defaultValue = "1000")
    private int sessions;

    @Option(
            names = "--queued",
            description = "Messages queued for them in all, default ${DEFAULT-VALUE}.",
            defaultValue = "10000")
    private int queued;

    @Option(names = "--payload", description = "Bytes of payload, default ${DEFAULT-VALUE}.", defaultValue = "64")
    private int payload;

    @Option(
            names = "--starts",
            description = "Cold and warm ones each; the table has median and (best), default ${DEFAULT-VALUE}.",
            defaultValue = "3")
    private int starts;

    @Option(names = "--warm", description = "Leave the data in the page cache: no cold starts.")
    private boolean warm;

    @Override
    public Integer call() throws Exception {
        final Report report = new Report("startup").fact("broker", broker.text());
        final BuiltState state = new BuiltState(retained, sessions, queued, payload);
        final Path data = broker.newData();
        try {
            // Acknowledged by memory alone it is built faster, and the log is the same.
            try (BrokerProcess process = broker.start(data, state.settings("append"))) {
                state.build(process.port(), report);
                process.terminate();
            }
            report.fact("data MB", BrokerOptions.bytes(data) >> 20);
            measure(data, state.settings("sync")).write(report);
        } finally {
            BrokerOptions.delete(data);
        }
        report.publish(System.out, broker.json());
        return 0;
    }

    private Turns measure(final Path data, final List<String> settings) throws IOException {
        final Turns turns = new Turns(Map.of(CONNACK + "cold", "under 1", CONNACK + "warm", "under 1"));
        for (int i = 0; i < starts; i++) {
            for (final boolean drops : warm ? new boolean[] {false} : new boolean[] {true, false}) {
                final Restart restart = Restart.measure(broker, data, settings, drops);
                turns.add(
                        "ringmain",
                        new Figures()
                                .add(CONNACK + restart.pageCache(), restart.connackS())
                                .add(CPU + restart.pageCache(), restart.cpuS()));
            }
        }
        return turns;
    }
}
