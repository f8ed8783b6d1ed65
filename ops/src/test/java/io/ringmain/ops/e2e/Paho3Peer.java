package io.ringmain.ops.e2e;

import java.nio.charset.StandardCharsets;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** Eclipse Paho for MQTT 3.1 and 3.1.1. */
final class Paho3Peer extends Peer implements MqttCallback {
    private static final int TIMEOUT_MS = 30_000;
    /** The client counts a message as in flight for a moment longer than its publisher waits. */
    private static final int MAX_IN_FLIGHT = 1000;

    private final MqttClient client;
    private final boolean sessionPresent;

    Paho3Peer(final PeerOptions given, final int version) throws MqttException {
        client = new MqttClient(given.uri(), given.id(), new MemoryPersistence());
        client.setTimeToWait(TIMEOUT_MS);
        client.setCallback(this);
        final MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(version);
        options.setMaxInflight(MAX_IN_FLIGHT);
        options.setCleanSession(given.clean());
        if (given.willTopic() != null) {
            options.setWill(
                    given.willTopic(),
                    PeerOptions.WILL.getBytes(StandardCharsets.UTF_8),
                    given.willQos(),
                    given.willRetain());
        }
        sessionPresent = client.connectWithResult(options).getSessionPresent();
    }

    @Override
    boolean sessionPresent() {
        return sessionPresent;
    }

    @Override
    int subscribe(final String filter, final int qos) throws MqttException {
        return client.subscribeWithResponse(filter, qos).getGrantedQos()[0];
    }

    @Override
    void publish(final String topic, final byte[] payload, final int qos, final boolean retain) throws MqttException {
        client.publish(topic, payload, qos, retain);
    }

    @Override
    public void messageArrived(final String topic, final MqttMessage message) {
        onArrival(topic, message.getPayload(), message.getQos(), message.isRetained());
    }

    @Override
    public void connectionLost(final Throwable cause) {
        onEnd(NO_REASON);
    }

    @Override
    public void deliveryComplete(final IMqttDeliveryToken token) {}

    @Override
    void disconnect() throws MqttException {
        client.disconnect();
    }

    @Override
    public void close() {
        try {
            if (client.isConnected()) {
                client.disconnect();
            }
            client.close(true);
        } catch (final MqttException ex) {
            throw new IllegalStateException(ex);
        }
    }
}
