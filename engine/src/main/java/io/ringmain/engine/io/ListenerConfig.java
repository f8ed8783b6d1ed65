package io.ringmain.engine.io;

import java.net.InetSocketAddress;

/**
 * Where clients connect.
 *
 * @param name as in the configuration and in the log.
 * @param bind address and port; port 0 takes a free one.
 */
public record ListenerConfig(String name, InetSocketAddress bind) {}
