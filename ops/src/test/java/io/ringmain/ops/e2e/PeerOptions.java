package io.ringmain.ops.e2e;

/**
 * What a client says when it connects.
 *
 * @param port of the broker or of a {@link Relay}.
 * @param id of the client.
 * @param clean whether the session begins and ends with the connection; if not, it never expires.
 * @param willTopic null for no will.
 * @param willQos of the will.
 * @param willRetain of the will.
 * @param willDelaySeconds of the will, for MQTT 5.
 * @param webSocket whether to speak through a WebSocket.
 */
record PeerOptions(
        int port,
        String id,
        boolean clean,
        String willTopic,
        int willQos,
        boolean willRetain,
        long willDelaySeconds,
        boolean webSocket) {
    /** Where the listeners for WebSockets are. */
    static final String WEB_SOCKET_PATH = "/mqtt";

    /** Payload of every will. */
    static final String WILL = "gone";

    static PeerOptions clean(final int port, final String id) {
        return new PeerOptions(port, id, true, null, 0, false, 0, false);
    }

    static PeerOptions persistent(final int port, final String id) {
        return new PeerOptions(port, id, false, null, 0, false, 0, false);
    }

    PeerOptions will(final String topic, final int qos, final boolean retain) {
        return new PeerOptions(port, id, clean, topic, qos, retain, 0, webSocket);
    }

    PeerOptions willDelay(final long seconds) {
        return new PeerOptions(port, id, clean, willTopic, willQos, willRetain, seconds, webSocket);
    }

    PeerOptions overWebSocket() {
        return new PeerOptions(port, id, clean, willTopic, willQos, willRetain, willDelaySeconds, true);
    }

    /** As Paho names it. */
    String uri() {
        final String place = BrokerProcess.HOST + ":" + port;
        return webSocket ? "ws://" + place + WEB_SOCKET_PATH : "tcp://" + place;
    }
}
