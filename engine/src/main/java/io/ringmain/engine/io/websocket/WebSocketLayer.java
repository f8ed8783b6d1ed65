package io.ringmain.engine.io.websocket;

import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.io.Channel;
import io.ringmain.engine.io.ChannelLayer;

/** Speaks WebSockets on the connections of a listener. */
public final class WebSocketLayer implements ChannelLayer {
    private final Counters counters;
    private volatile WebSocketOptions options;

    public WebSocketLayer(final WebSocketOptions options, final Counters counters) {
        this.options = options;
        this.counters = counters;
    }

    /** Holds for connections that are accepted from now on. Any thread. */
    public void options(final WebSocketOptions newOptions) {
        options = newOptions;
    }

    @Override
    public Channel over(final Channel lower) {
        return new WebSocketChannel(lower, options, counters);
    }

    @Override
    public boolean tellsAddress(final Channel socket) {
        return ForwardedFor.isTrusted(socket.inetAddress(), options.trustedProxies());
    }
}
