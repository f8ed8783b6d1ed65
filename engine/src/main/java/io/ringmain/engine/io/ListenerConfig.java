package io.ringmain.engine.io;

import java.net.InetSocketAddress;

/**
 * Where clients connect.
 *
 * @param name as in the configuration and in the log.
 * @param bind address and port; port 0 takes a free one.
 * @param stamp whether messages that come here tell their subscribers who published them.
 */
public record ListenerConfig(String name, InetSocketAddress bind, boolean stamp) {
    /** A listener that doesn't stamp. */
    public ListenerConfig(final String name, final InetSocketAddress bind) {
        this(name, bind, false);
    }
}
