package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.PeerOptions;
import io.ringmain.perf.broker.Target;
import io.ringmain.perf.report.Report;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringmain bench idle}: memory per connection. */
@Command(
        name = "idle",
        description = "Hold many idle connections, and measure the broker's memory for each.",
        mixinStandardHelpOptions = true)
final class IdleBench implements Callable<Integer> {
    private static final String CONNECTED = "connected";

    @Mixin
    private BrokerOptions broker;

    @Mixin
    private PeerOptions peers;

    @Option(
            names = "--clients",
            description = "Connections, default ${DEFAULT-VALUE}; both processes need as many open files.",
            defaultValue = "9000")
    private int clients;

    @Override
    public Integer call() throws Exception {
        final Report report = new Report("idle")
                .fact("connections", clients)
                .fact("broker", broker.text())
                .fact("counted", "the process after a garbage collection, less what it had before the first connection")
                .fact("not counted", "the kernel's memory for the sockets");
        new Turns(Map.of(Figures.resident(CONNECTED), "at most 4,096"))
                .run(broker, peers, BrokerOptions.NO_SNAPSHOTS, this::measure)
                .write(report);
        report.publish(System.out, broker.json());
        return 0;
    }

    private void measure(final Target target, final Figures figures) throws IOException {
        final IdleConnections.Result result =
                IdleConnections.measure(target.host(), target.port(), target.memory(), clients);
        figures.addMemory(CONNECTED, result.before(), result.connected(), clients)
                .addMemory("with a subscription", result.before(), result.subscribed(), clients)
                .addMemory("and a message each way", result.before(), result.used(), clients);
    }
}
