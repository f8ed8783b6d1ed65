package io.ringmain.perf.load;

import io.ringmain.perf.broker.MeasuredBroker;
import java.io.IOException;

/** Memory of idle connections. There is no warm-up: the garbage of one would leave pages that connections then take. */
record IdleScenario(int clients) implements Scenario.Runner {
    static final String CONNECTED = "connected";

    /** Slab, of which other processes take their part too; a connection has two sockets here. */
    static final String KERNEL = "kernel B a socket";

    @Override
    public Outcome run(final MeasuredBroker broker, final Pace pace) throws IOException {
        final IdleConnections.Result result =
                IdleConnections.measure(broker.host(), broker.port(), broker.memory(), clients);
        return new Outcome()
                .memory(CONNECTED, result.before(), result.connected(), clients)
                .figure(KERNEL, result.kernelBytes() / (2.0 * clients))
                .memory("with a subscription", result.before(), result.subscribed(), clients)
                .memory("and a message each way", result.before(), result.used(), clients);
    }
}
