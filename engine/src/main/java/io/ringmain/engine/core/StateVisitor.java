package io.ringmain.engine.core;

/** Is shown a state, part by part, in an order that is the same for the same state. For tools: it makes garbage. */
public interface StateVisitor {
    /**
     * A session.
     *
     * @param clientId of the client.
     * @param owner user whose client was the last to connect, empty for one without a name; null if it isn't known.
     * @param connectionId of its connection, 0 if it has none.
     * @param protocolLevel of the last connection: 3, 4 or 5.
     * @param expirySeconds session expiry interval; 0xFFFFFFFF for never.
     * @param expiryDeadlineNs when it ends unless the client comes back, epoch nanoseconds; -1 if it doesn't.
     * @param queued messages that wait for the client.
     * @param inFlight messages that were sent and not acknowledged.
     * @param unreleased QoS 2 messages of the client that it has not released.
     * @param subscriptions of the client.
     * @param willTopic topic of its will, null without one.
     */
    record SessionState(
            String clientId,
            String owner,
            long connectionId,
            int protocolLevel,
            long expirySeconds,
            long expiryDeadlineNs,
            int queued,
            int inFlight,
            int unreleased,
            int subscriptions,
            String willTopic) {}

    /**
     * A subscription.
     *
     * @param clientId of its session.
     * @param filter as the client gave it, {@code $share/...} and {@code $replay/...} too.
     * @param options as on the wire in MQTT 5.
     * @param identifier of MQTT 5, 0 for none.
     */
    record SubscriptionState(String clientId, String filter, int options, int identifier) {
        public int qos() {
            return options & 3;
        }
    }

    /**
     * A retained message.
     *
     * @param topic of the message.
     * @param position of the event that holds it.
     * @param qos with which it was published.
     * @param payloadLength in bytes.
     * @param expiryDeadlineNs from when on it isn't delivered, epoch nanoseconds; 0 for never.
     */
    record RetainedState(String topic, long position, int qos, int payloadLength, long expiryDeadlineNs) {}

    void onSession(SessionState session);

    void onSubscription(SubscriptionState subscription);

    void onRetained(RetainedState message);
}
