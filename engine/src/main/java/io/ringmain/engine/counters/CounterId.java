package io.ringmain.engine.counters;

/** Every counter of the broker. The label is what operators see; dots separate, never renamed once released. */
public enum CounterId {
    CONNECTIONS_ACCEPTED("connections.accepted"),
    CONNECTIONS_OPEN("connections.open"),
    CONNECTIONS_REFUSED_LIMIT("connections.refused.limit"),
    CONNECTIONS_REFUSED_ADDRESS("connections.refused.address"),
    CONNECTIONS_REFUSED_HALF_OPEN("connections.refused.half-open"),
    CONNECTIONS_REFUSED_TAKEOVER("connections.refused.takeover"),
    CONNECTIONS_REFUSED_CLIENT_ID("connections.refused.client-id"),
    CONNECTIONS_REFUSED_CONNECT("connections.refused.connect"),
    CONNECTIONS_CLOSED_TIMEOUT("connections.closed.connect-timeout"),
    CONNECTIONS_CLOSED_KEEP_ALIVE("connections.closed.keep-alive"),
    CONNECTIONS_CLOSED_MALFORMED("connections.closed.malformed"),
    CONNECTIONS_CLOSED_PROTOCOL_ERROR("connections.closed.protocol-error"),
    CONNECTIONS_CLOSED_NOT_MQTT("connections.closed.not-mqtt"),
    CONNECTIONS_CLOSED_PACKET_TOO_LARGE("connections.closed.packet-too-large"),
    CONNECTIONS_CLOSED_STALLED("connections.closed.stalled"),
    CONNECTIONS_CLOSED_EXCEPTION("connections.closed.exception"),
    CONNECTS_ACCEPTED("connects.accepted"),
    SESSIONS("sessions.count"),
    SESSIONS_CONNECTED("sessions.connected"),
    SESSIONS_EXPIRED("sessions.expired"),
    SUBSCRIPTIONS("subscriptions.count"),
    SUBSCRIPTIONS_SHARED("subscriptions.shared"),
    RETAINED("retained.count"),
    PACKETS_RECEIVED("packets.received"),
    PACKETS_SENT("packets.sent"),
    PUBLISH_BYTES_RECEIVED("publish.bytes.received"),
    PUBLISH_BYTES_SENT("publish.bytes.sent"),
    CONNECTIONS_CLOSED_AUTHENTICATION("connections.closed.authentication"),
    AUTH_EXCHANGES_STARTED("auth.exchanges.started"),
    AUTH_EXCHANGES_FAILED("auth.exchanges.failed"),
    BYTES_RECEIVED("bytes.received"),
    BYTES_SENT("bytes.sent"),
    PUBLISH_RECEIVED("publish.received"),
    PUBLISH_SENT("publish.sent"),
    PUBLISH_REFUSED_LOG_FULL("publish.refused.log-full"),
    PUBLISH_REFUSED_TOPIC("publish.refused.topic"),
    PUBLISH_REFUSED_PAYLOAD_FORMAT("publish.refused.payload-format"),
    DROPPED_QOS0_SLOW("dropped.qos0.slow-consumer"),
    DROPPED_QUEUE_FULL_OLDEST("dropped.queue-full.oldest"),
    DROPPED_QUEUE_FULL_NEWEST("dropped.queue-full.newest"),
    DROPPED_QUEUE_FULL_DISCONNECT("dropped.queue-full.disconnect"),
    DROPPED_QUEUE_AGE("dropped.queue-age"),
    REFUSED_RETAINED("refused.retained-limit"),
    REFUSED_SUBSCRIPTIONS("refused.subscriptions-limit"),
    DROPPED_EXPIRED("dropped.expired"),
    DROPPED_PACKET_TOO_LARGE("dropped.packet-too-large"),
    LIMIT_USER_PROPERTIES("limits.user-properties"),
    LIMIT_FILTERS_PER_SUBSCRIBE("limits.filters-per-subscribe"),
    LIMIT_TOPIC_FILTER("limits.topic-filter"),
    LIMIT_RECEIVE_MAXIMUM("limits.receive-maximum"),
    LIMIT_TOPIC_ALIAS("limits.topic-alias"),
    LIMIT_QOS("limits.max-qos"),
    RING_FULL("ring.full"),
    LANE_FULL("lane.full"),
    SNAPSHOTS_TAKEN("snapshots.taken"),
    SNAPSHOTS_FAILED("snapshots.failed"),
    SNAPSHOTS_DIVERGED("snapshots.diverged"),
    LOG_SEGMENTS("log.segments"),
    LOG_SEGMENTS_REMOVED("log.segments-removed"),
    LOG_KEPT_FILES("log.kept.files"),
    LOG_KEPT_RECORDS("log.kept.records"),
    LOG_KEPT_BYTES("log.kept.bytes"),
    LOG_BLOCKS("log.blocks"),
    LOG_FORCES("log.forces"),
    LOG_APPEND_POSITION("log.append-position"),
    LOG_COMMIT_POSITION("log.commit-position"),
    EVENTS("events");

    private final String label;

    CounterId(final String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
