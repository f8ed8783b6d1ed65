package io.ringmain.engine.io.proxy;

import io.ringmain.engine.io.AddressSet;
import io.ringmain.engine.io.Channel;
import io.ringmain.engine.io.ChannelLayer;

/**
 * Demands a preface of the PROXY protocol from every connection, and believes those of trusted proxies only: whoever may
 * send one can be anybody.
 *
 * @param trusted addresses of the proxies. A Unix domain socket needs none: who may open it is trusted.
 * @param maxLength bytes of the longest preface of version 2.
 */
public record ProxyLayer(AddressSet trusted, int maxLength) implements ChannelLayer {
    @Override
    public Channel over(final Channel lower) {
        return new ProxyChannel(lower, isTrusted(lower), maxLength);
    }

    @Override
    public boolean tellsAddress(final Channel socket) {
        return isTrusted(socket);
    }

    private boolean isTrusted(final Channel socket) {
        return socket.inetAddress() == null || trusted.contains(socket.inetAddress());
    }
}
