package io.ringmain.perf.jmh;

import io.ringmain.engine.io.Channel;
import io.ringmain.engine.io.Connection;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.io.Transport;
import java.net.InetSocketAddress;
import java.util.ArrayList;

/** The network of {@link MemoryChannel}s. */
final class MemoryTransport implements Transport {
    private static final ListenerConfig LISTENER = new ListenerConfig("memory", new InetSocketAddress(0));

    private final ArrayList<MemoryChannel> channels = new ArrayList<>();
    private MemoryChannel arriving;

    /** A client connects; the broker sees it in its next poll. */
    void connect(final MemoryChannel channel) {
        arriving = channel;
    }

    @Override
    public int poll(final Handler handler, final long timeoutMs) {
        if (arriving != null) {
            handler.onAccept(arriving, LISTENER);
            arriving = null;
        }
        int work = 0;
        for (int i = 0; i < channels.size(); i++) {
            final MemoryChannel channel = channels.get(i);
            if (channel.isReadable()) {
                handler.onReadable(channel.connection);
                work++;
            }
        }
        return work;
    }

    @Override
    public void adopt(final Channel channel, final Connection connection) {
        final MemoryChannel adopted = (MemoryChannel) channel;
        adopted.connection = connection;
        channels.add(adopted);
    }

    @Override
    public void stopAccepting() {}

    @Override
    public void wakeup() {}

    @Override
    public void close() {}
}
