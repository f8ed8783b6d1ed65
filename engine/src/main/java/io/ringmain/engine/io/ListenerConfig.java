package io.ringmain.engine.io;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * Where clients connect.
 *
 * @param name as in the configuration and in the log.
 * @param bind address and port; port 0 takes a free one.
 * @param stamp whether messages that come here tell their subscribers who published them.
 * @param layers between the sockets and MQTT, the lowest first.
 */
public record ListenerConfig(String name, InetSocketAddress bind, boolean stamp, List<ChannelLayer> layers) {
    public ListenerConfig {
        layers = List.copyOf(layers);
    }

    /** A listener for plain MQTT that doesn't stamp. */
    public ListenerConfig(final String name, final InetSocketAddress bind) {
        this(name, bind, false, List.of());
    }

    /** The channel that MQTT is spoken through. */
    Channel channel(final Channel socket) {
        Channel top = socket;
        for (final ChannelLayer layer : layers) {
            top = layer.over(top);
        }
        return top;
    }

    /** Whether a layer will find out where the client is. */
    boolean tellsAddress(final Channel socket) {
        return layers.stream().anyMatch(layer -> layer.tellsAddress(socket));
    }
}
