package io.ringmain.engine.sim;

import io.ringmain.engine.io.Channel;
import io.ringmain.engine.io.ChannelLayer;
import io.ringmain.engine.io.Connection;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.io.Transport;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** What one I/O agent sees of the simulated network. */
final class SimTransport implements Transport {
    private final ListenerConfig listener;
    private final List<SimChannel> adopted = new ArrayList<>();
    private final ArrayDeque<SimChannel> arriving = new ArrayDeque<>();
    private boolean accepting = true;

    /** @param layers between the network and MQTT. */
    SimTransport(final List<ChannelLayer> layers) {
        listener = new ListenerConfig("sim", new InetSocketAddress(0), false, layers);
    }

    /** A client connects. */
    Wire connect(final SimChannel channel) {
        if (!accepting) {
            return null;
        }
        arriving.add(channel);
        return channel;
    }

    @Override
    public int poll(final Handler handler, final long timeoutMs) {
        int work = 0;
        for (SimChannel channel = arriving.poll(); channel != null; channel = arriving.poll()) {
            handler.onAccept(channel, listener);
            work++;
        }
        for (final SimChannel channel : List.copyOf(adopted)) {
            if (channel.isWritable()) {
                handler.onWritable(channel.connection);
                work++;
            }
            if (channel.connection != null && channel.isReadable()) {
                handler.onReadable(channel.connection);
                work++;
            }
        }
        adopted.removeIf(channel -> channel.isGone() || channel.connection == null);
        return work;
    }

    @Override
    public void adopt(final Channel channel, final Connection connection) {
        final SimChannel simulated = (SimChannel) channel.socket();
        simulated.connection = connection;
        simulated.interest(true, false);
        adopted.add(simulated);
    }

    @Override
    public void stopAccepting() {
        accepting = false;
    }

    @Override
    public void wakeup() {}

    @Override
    public void close() {
        accepting = false;
    }
}
