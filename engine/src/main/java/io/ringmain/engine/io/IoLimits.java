package io.ringmain.engine.io;

/**
 * Bounds that the I/O agents keep; each has a counter that shows when it was hit.
 *
 * @param maxConnections open connections in all.
 * @param maxPacketSize bytes of a control packet, fixed header included, once connected; announced to MQTT 5 clients.
 * @param maxConnectPacketSize bytes of the first packet.
 * @param connectTimeoutNs from accept to a complete CONNECT, nanoseconds; a hard deadline.
 * @param maxKeepAliveSeconds longest keep alive; longer ones and 0 become this.
 * @param receiveMaximum of the server, announced; and the upper bound of that of clients.
 * @param sessionExpiryMaxSeconds longest session expiry; 0xFFFFFFFF leaves "never" possible.
 * @param maxQos 0, 1 or 2.
 * @param topicLength bytes of a topic name or filter.
 * @param topicLevels levels of a topic name or filter.
 * @param filtersPerSubscribe filters in one SUBSCRIBE or UNSUBSCRIBE.
 * @param clientIdLength bytes of a client id or user name.
 * @param outboundBytes unsent bytes of one connection, from which on QoS 0 messages to it are dropped and QoS 1/2
 *     messages are read from the log later.
 * @param stallTimeoutNs a connection that takes no byte for so long while some wait is closed, nanoseconds.
 */
public record IoLimits(
        int maxConnections,
        int maxPacketSize,
        int maxConnectPacketSize,
        long connectTimeoutNs,
        int maxKeepAliveSeconds,
        int receiveMaximum,
        long sessionExpiryMaxSeconds,
        int maxQos,
        int topicLength,
        int topicLevels,
        int filtersPerSubscribe,
        int clientIdLength,
        int outboundBytes,
        long stallTimeoutNs) {
    public static final IoLimits DEFAULTS = new IoLimits(
            100_000,
            1 << 20,
            64 << 10,
            10_000_000_000L,
            3600,
            1024,
            0xFFFF_FFFFL,
            2,
            1024,
            64,
            1024,
            256,
            1 << 20,
            30_000_000_000L);
}
