package io.ringmain.engine.io;

/**
 * Bounds that the I/O agents keep; each has a counter that shows when it was hit. Each agent has its own, and sets it when
 * the {@link Policy} has changed.
 */
public final class IoLimits {

    private int maxConnections = 100_000;
    private int maxConnectionsPerAddress = 1_000;
    private int maxHalfOpen = 1_000;
    private int maxHalfOpenPerAddress = 50;
    private int maxPacketSize = 1 << 20;
    private int maxConnectPacketSize = 64 << 10;
    private long connectTimeoutNs = 10_000_000_000L;
    private int maxKeepAliveSeconds = 3_600;
    private int receiveMaximum = 1_024;
    private long sessionExpiryMaxSeconds = 0xFFFF_FFFFL;
    private int maxQos = 2;
    private int topicLength = 1_024;
    private int topicLevels = 64;
    private int topicAliasMaximum = 64;
    private int filtersPerSubscribe = 1_024;
    private int clientIdLength = 256;
    private int userProperties = 64;
    private int userPropertiesBytes = 16 << 10;
    private int outboundBytes = 1 << 20;
    private long stallTimeoutNs = 30_000_000_000L;
    private long slowConsumerWaitNs = 1_000_000_000L;
    private int takeovers = 15;
    private long takeoverBanNs = 300_000_000_000L;
    private int acceptsPerSecond = 1_000;
    private int acceptsPerSecondPerAddress = 100;
    private long unauthenticatedBytes = 16L << 20;
    private long bufferBytes = DirectMemory.maxBytes() / 4;
    private long publishRate;
    private long publishBytesPerSecond;
    private long publishBurstNs = 1_000_000_000L;
    private boolean publishRateRefuses;
    private long subscribeRate;

    /** Takes all bounds of another one. */
    public IoLimits set(final IoLimits other) {
        maxConnections = other.maxConnections;
        maxConnectionsPerAddress = other.maxConnectionsPerAddress;
        maxHalfOpen = other.maxHalfOpen;
        maxHalfOpenPerAddress = other.maxHalfOpenPerAddress;
        maxPacketSize = other.maxPacketSize;
        maxConnectPacketSize = other.maxConnectPacketSize;
        connectTimeoutNs = other.connectTimeoutNs;
        maxKeepAliveSeconds = other.maxKeepAliveSeconds;
        receiveMaximum = other.receiveMaximum;
        sessionExpiryMaxSeconds = other.sessionExpiryMaxSeconds;
        maxQos = other.maxQos;
        topicLength = other.topicLength;
        topicLevels = other.topicLevels;
        topicAliasMaximum = other.topicAliasMaximum;
        filtersPerSubscribe = other.filtersPerSubscribe;
        clientIdLength = other.clientIdLength;
        userProperties = other.userProperties;
        userPropertiesBytes = other.userPropertiesBytes;
        outboundBytes = other.outboundBytes;
        stallTimeoutNs = other.stallTimeoutNs;
        slowConsumerWaitNs = other.slowConsumerWaitNs;
        takeovers = other.takeovers;
        takeoverBanNs = other.takeoverBanNs;
        acceptsPerSecond = other.acceptsPerSecond;
        acceptsPerSecondPerAddress = other.acceptsPerSecondPerAddress;
        unauthenticatedBytes = other.unauthenticatedBytes;
        bufferBytes = other.bufferBytes;
        publishRate = other.publishRate;
        publishBytesPerSecond = other.publishBytesPerSecond;
        publishBurstNs = other.publishBurstNs;
        publishRateRefuses = other.publishRateRefuses;
        subscribeRate = other.subscribeRate;
        return this;
    }

    /** Open connections in all. */
    public int maxConnections() {
        return maxConnections;
    }

    public IoLimits maxConnections(final int value) {
        this.maxConnections = value;
        return this;
    }

    /** Open connections of one address that is not loopback. */
    public int maxConnectionsPerAddress() {
        return maxConnectionsPerAddress;
    }

    public IoLimits maxConnectionsPerAddress(final int value) {
        this.maxConnectionsPerAddress = value;
        return this;
    }

    /** Connections in all that have not sent a complete CONNECT. */
    public int maxHalfOpen() {
        return maxHalfOpen;
    }

    public IoLimits maxHalfOpen(final int value) {
        this.maxHalfOpen = value;
        return this;
    }

    /** Connections of one address, not loopback, that have not sent a complete CONNECT. */
    public int maxHalfOpenPerAddress() {
        return maxHalfOpenPerAddress;
    }

    public IoLimits maxHalfOpenPerAddress(final int value) {
        this.maxHalfOpenPerAddress = value;
        return this;
    }

    /** Bytes of a control packet, fixed header included, once connected; announced to MQTT 5 clients. */
    public int maxPacketSize() {
        return maxPacketSize;
    }

    public IoLimits maxPacketSize(final int value) {
        this.maxPacketSize = value;
        return this;
    }

    /** Bytes of the first packet. */
    public int maxConnectPacketSize() {
        return maxConnectPacketSize;
    }

    public IoLimits maxConnectPacketSize(final int value) {
        this.maxConnectPacketSize = value;
        return this;
    }

    /** From accept to a complete CONNECT, nanoseconds; a hard deadline. */
    public long connectTimeoutNs() {
        return connectTimeoutNs;
    }

    public IoLimits connectTimeoutNs(final long value) {
        this.connectTimeoutNs = value;
        return this;
    }

    /** Longest keep alive; longer ones and 0 become this. */
    public int maxKeepAliveSeconds() {
        return maxKeepAliveSeconds;
    }

    public IoLimits maxKeepAliveSeconds(final int value) {
        this.maxKeepAliveSeconds = value;
        return this;
    }

    /** Of the server, announced; and the upper bound of that of clients. */
    public int receiveMaximum() {
        return receiveMaximum;
    }

    public IoLimits receiveMaximum(final int value) {
        this.receiveMaximum = value;
        return this;
    }

    /** Longest session expiry; 0xFFFFFFFF leaves "never" possible. */
    public long sessionExpiryMaxSeconds() {
        return sessionExpiryMaxSeconds;
    }

    public IoLimits sessionExpiryMaxSeconds(final long value) {
        this.sessionExpiryMaxSeconds = value;
        return this;
    }

    /** 0, 1 or 2. */
    public int maxQos() {
        return maxQos;
    }

    public IoLimits maxQos(final int value) {
        this.maxQos = value;
        return this;
    }

    /** Bytes of a topic name or filter. */
    public int topicLength() {
        return topicLength;
    }

    public IoLimits topicLength(final int value) {
        this.topicLength = value;
        return this;
    }

    /** Levels of a topic name or filter. */
    public int topicLevels() {
        return topicLevels;
    }

    public IoLimits topicLevels(final int value) {
        this.topicLevels = value;
        return this;
    }

    /** Topic aliases of a connection in each direction; 0 for none. */
    public int topicAliasMaximum() {
        return topicAliasMaximum;
    }

    public IoLimits topicAliasMaximum(final int value) {
        this.topicAliasMaximum = value;
        return this;
    }

    /** Filters in one SUBSCRIBE or UNSUBSCRIBE. */
    public int filtersPerSubscribe() {
        return filtersPerSubscribe;
    }

    public IoLimits filtersPerSubscribe(final int value) {
        this.filtersPerSubscribe = value;
        return this;
    }

    /** Bytes of a client id or user name. */
    public int clientIdLength() {
        return clientIdLength;
    }

    public IoLimits clientIdLength(final int value) {
        this.clientIdLength = value;
        return this;
    }

    /** User properties in one packet. */
    public int userProperties() {
        return userProperties;
    }

    public IoLimits userProperties(final int value) {
        this.userProperties = value;
        return this;
    }

    /** Bytes of the user properties of one packet together. */
    public int userPropertiesBytes() {
        return userPropertiesBytes;
    }

    public IoLimits userPropertiesBytes(final int value) {
        this.userPropertiesBytes = value;
        return this;
    }

    /**
     * Unsent bytes of one connection, from which on those who publish to it with QoS 0 are held back for a while and then
     * dropped, and QoS 1/2 messages are read from the log later.
     */
    public int outboundBytes() {
        return outboundBytes;
    }

    public IoLimits outboundBytes(final int value) {
        this.outboundBytes = value;
        return this;
    }

    /**
     * How long those who publish with QoS 0 are held back for a subscriber that is behind, nanoseconds; 0 for not at all.
     */
    public long slowConsumerWaitNs() {
        return slowConsumerWaitNs;
    }

    public IoLimits slowConsumerWaitNs(final long value) {
        this.slowConsumerWaitNs = value;
        return this;
    }

    /** A connection that takes no byte for so long while some wait is closed, nanoseconds. */
    public long stallTimeoutNs() {
        return stallTimeoutNs;
    }

    public IoLimits stallTimeoutNs(final long value) {
        this.stallTimeoutNs = value;
        return this;
    }

    /** Takeovers of one client id within a minute, after which its next CONNECT is refused; 0 for no bound. */
    public int takeovers() {
        return takeovers;
    }

    public IoLimits takeovers(final int value) {
        this.takeovers = value;
        return this;
    }

    /** For how long it is refused, nanoseconds. */
    public long takeoverBanNs() {
        return takeoverBanNs;
    }

    public IoLimits takeoverBanNs(final long value) {
        this.takeoverBanNs = value;
        return this;
    }

    /** Connections that are accepted in a second in all, but those of this machine; a second's worth may come at once. */
    public int acceptsPerSecond() {
        return acceptsPerSecond;
    }

    public IoLimits acceptsPerSecond(final int value) {
        this.acceptsPerSecond = value;
        return this;
    }

    /** Connections that are accepted in a second of one address that is not of this machine. */
    public int acceptsPerSecondPerAddress() {
        return acceptsPerSecondPerAddress;
    }

    public IoLimits acceptsPerSecondPerAddress(final int value) {
        this.acceptsPerSecondPerAddress = value;
        return this;
    }

    /**
     * Bytes of the buffers that all connections together hold for what they have received and have to be sent; by default
     * a quarter of what the JVM allows. Beyond it a connection may hold little, beyond twice of it nothing more.
     */
    public long bufferBytes() {
        return bufferBytes;
    }

    public IoLimits bufferBytes(final long value) {
        this.bufferBytes = value;
        return this;
    }

    /** Bytes that are kept in all for connections that have not got past their CONNECT. */
    public long unauthenticatedBytes() {
        return unauthenticatedBytes;
    }

    public IoLimits unauthenticatedBytes(final long value) {
        this.unauthenticatedBytes = value;
        return this;
    }

    /** Messages that a client may publish in a second; 0 for no bound. */
    public long publishRate() {
        return publishRate;
    }

    public IoLimits publishRate(final long value) {
        this.publishRate = value;
        return this;
    }

    /** Bytes of PUBLISH packets that a client may send in a second; 0 for no bound. */
    public long publishBytesPerSecond() {
        return publishBytesPerSecond;
    }

    public IoLimits publishBytesPerSecond(final long value) {
        this.publishBytesPerSecond = value;
        return this;
    }

    /** What a client may publish at once, as the time, nanoseconds, in which it could publish so much. */
    public long publishBurstNs() {
        return publishBurstNs;
    }

    public IoLimits publishBurstNs(final long value) {
        this.publishBurstNs = value;
        return this;
    }

    /** Whether what is published beyond the rate is refused, where the client can be told, rather than read later. */
    public boolean publishRateRefuses() {
        return publishRateRefuses;
    }

    public IoLimits publishRateRefuses(final boolean value) {
        this.publishRateRefuses = value;
        return this;
    }

    /** Whether there is a bound of what a client may publish in a second. */
    boolean boundsPublishing() {
        return (publishRate | publishBytesPerSecond) != 0;
    }

    /** Filters that a client may subscribe to and unsubscribe from in a second; 0 for no bound. */
    public long subscribeRate() {
        return subscribeRate;
    }

    public IoLimits subscribeRate(final long value) {
        this.subscribeRate = value;
        return this;
    }
}
