package io.ringmain.ops.client;

import io.ringmain.engine.Broker;
import io.ringmain.engine.BrokerContext;
import io.ringmain.engine.ThreadingMode;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.journal.Durability;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** A broker in this process, on a free port. */
public final class TestBroker implements AutoCloseable {
    private final Broker broker;

    public TestBroker(final Path dir) {
        broker = Broker.launch(new BrokerContext()
                .dataDir(dir)
                .listeners(List.of(new ListenerConfig("test", new InetSocketAddress("127.0.0.1", 0))))
                .durability(Durability.APPEND)
                .threadingMode(ThreadingMode.SHARED)
                .segmentBytes(8 << 20));
    }

    public int port() {
        return ((InetSocketAddress) broker.listenerAddresses().get(0)).getPort();
    }

    @Override
    public void close() {
        broker.close();
    }
}
