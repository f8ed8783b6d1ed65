package io.ringmain.perf.load;

import io.ringmain.protocol.ProtocolVersion;

/**
 * What a {@link Flow} does: one publisher and one subscriber of 3.1.1, as fast as the usual window allows, unless told
 * otherwise. Not to be changed any more once there is a flow of it.
 */
final class FlowPlan {
    static final int QOS_0_WINDOW = 10_000;
    static final int ACKNOWLEDGED_WINDOW = 100;

    /** Stamp and sequence of a message stand in its payload. */
    static final int MIN_PAYLOAD_LENGTH = 16;

    /** How the subscribers of a topic ask for it. */
    enum Filters {
        /** By its name. */
        LITERAL,
        /** With {@code +} in the even pairs, with {@code #} in the odd ones. */
        WILDCARD,
        /** With {@code #} below its name, where its publishers go round {@link #topics}. */
        BELOW,
        /** As members of one group: each message goes to one of them. */
        SHARED
    }

    private final String host;
    private final int port;
    private final int qos;
    private final int payloadLength;
    private ProtocolVersion version = ProtocolVersion.V3_1_1;
    private int window;
    private long rate;
    private int pairs = 1;
    private int publishers = 1;
    private int subscribers = 1;
    private int threads = 1;
    private int topics = 1;
    private Filters filters = Filters.LITERAL;
    private boolean isPersistent;
    private boolean isEncrypted;

    private FlowPlan(final String host, final int port, final int qos, final int payloadLength) {
        this.host = host;
        this.port = port;
        this.qos = qos;
        this.payloadLength = Math.max(MIN_PAYLOAD_LENGTH, payloadLength);
    }

    /** @param payloadLength in bytes; at least {@link #MIN_PAYLOAD_LENGTH} are sent. */
    static FlowPlan of(final String host, final int port, final int qos, final int payloadLength) {
        return new FlowPlan(host, port, qos, payloadLength);
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    int qos() {
        return qos;
    }

    int payloadLength() {
        return payloadLength;
    }

    FlowPlan version(final ProtocolVersion protocol) {
        version = protocol;
        return this;
    }

    ProtocolVersion version() {
        return version;
    }

    /** Messages on their way for each publisher; 0 for the usual window. */
    FlowPlan window(final int messages) {
        window = messages;
        return this;
    }

    /** By default 10,000 in all with QoS 0, which nobody else bounds, and 100 for each publisher otherwise. */
    int window() {
        if (window > 0) {
            return window;
        }
        return qos == 0 ? Math.max(1, QOS_0_WINDOW / (pairs * publishers)) : ACKNOWLEDGED_WINDOW;
    }

    /** Messages a second over all publishers; 0 for as fast as the window allows. */
    FlowPlan rate(final long perSecond) {
        rate = perSecond;
        return this;
    }

    long rate() {
        return rate;
    }

    /** Topics, each with publishers and subscribers of its own. */
    FlowPlan pairs(final int count) {
        pairs = count;
        return this;
    }

    int pairs() {
        return pairs;
    }

    /** Publishers of each topic. */
    FlowPlan publishers(final int count) {
        publishers = count;
        return this;
    }

    int publishers() {
        return publishers;
    }

    /** Subscribers of each topic. */
    FlowPlan subscribers(final int count) {
        subscribers = count;
        return this;
    }

    int subscribers() {
        return subscribers;
    }

    /** Of the generator, at most, that the pairs are shared out to; all clients of a pair are on one of them. */
    FlowPlan threads(final int count) {
        threads = count;
        return this;
    }

    int threads() {
        return threads;
    }

    /** Each publisher goes round so many topics below the one of its pair, at most 1,000,000. */
    FlowPlan topics(final int count) {
        topics = count;
        filters = Filters.BELOW;
        return this;
    }

    int topics() {
        return topics;
    }

    FlowPlan filters(final Filters how) {
        filters = how;
        return this;
    }

    Filters filters() {
        return filters;
    }

    /** Sessions outlast their connections, until the flow ends. */
    FlowPlan persistent() {
        isPersistent = true;
        return this;
    }

    boolean isPersistent() {
        return isPersistent;
    }

    /** All connections speak TLS. */
    FlowPlan encrypted(final boolean tls) {
        isEncrypted = tls;
        return this;
    }

    boolean isEncrypted() {
        return isEncrypted;
    }

    /** How many subscribers get a message. */
    int copies() {
        return filters == Filters.SHARED ? 1 : subscribers;
    }

    /**
     * Deliveries and acknowledgements that are to come yet.
     *
     * @param delivered each once, whatever came twice.
     */
    long missing(final long sent, final long delivered, final long acknowledged) {
        return Math.max(sent * copies() - delivered, qos == 0 ? 0 : sent - acknowledged);
    }

    /** Whether a subscriber is to get every message of a publisher it listens to. */
    boolean isComplete() {
        return filters != Filters.SHARED;
    }
}
