package io.ringmain.engine.io;

import java.net.SocketAddress;
import java.util.List;

/**
 * Where clients connect.
 *
 * @param name as in the configuration and in the log.
 * @param bind address and port, of which port 0 takes a free one; or the path of a Unix domain socket.
 * @param socketMode of the file of a Unix domain socket: the nine bits of chmod.
 * @param stamp whether messages that come here tell their subscribers who published them.
 * @param layers between the sockets and MQTT, the lowest first.
 */
public record ListenerConfig(
        String name, SocketAddress bind, int socketMode, boolean stamp, List<ChannelLayer> layers) {
    /** The owner and the group. */
    public static final int DEFAULT_SOCKET_MODE = 0660;

    public ListenerConfig {
        layers = List.copyOf(layers);
    }

    public ListenerConfig(
            final String name, final SocketAddress bind, final boolean stamp, final List<ChannelLayer> layers) {
        this(name, bind, DEFAULT_SOCKET_MODE, stamp, layers);
    }

    /** A listener for plain MQTT that doesn't stamp. */
    public ListenerConfig(final String name, final SocketAddress bind) {
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
