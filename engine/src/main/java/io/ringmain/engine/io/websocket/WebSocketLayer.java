package io.ringmain.engine.io.websocket;

import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.io.Channel;
import io.ringmain.engine.io.ChannelLayer;

/** Speaks WebSockets on the connections of a listener. */
public record WebSocketLayer(WebSocketOptions options, Counters counters) implements ChannelLayer {
    @Override
    public Channel over(final Channel lower) {
        return new WebSocketChannel(lower, options, counters);
    }

    @Override
    public boolean tellsAddress(final Channel socket) {
        return ForwardedFor.isTrusted(socket.inetAddress(), options.trustedProxies());
    }
}
