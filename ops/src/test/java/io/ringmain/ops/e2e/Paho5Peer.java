package io.ringmain.ops.e2e;

import java.nio.charset.StandardCharsets;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** Eclipse Paho for MQTT 5. */
final class Paho5Peer extends Peer implements MqttCallback {
    private static final int TIMEOUT_MS = 30_000;
    private static final long NEVER = 0xFFFF_FFFFL;

    private final MqttClient client;
    private final boolean sessionPresent;

    Paho5Peer(final PeerOptions given) throws MqttException {
        client = new MqttClient(given.uri(), given.id(), new MemoryPersistence());
        client.setTimeToWait(TIMEOUT_MS);
        client.setCallback(this);
        final MqttConnectionOptions options = new MqttConnectionOptions();
        options.setCleanStart(given.clean());
        options.setSessionExpiryInterval(given.clean() ? 0 : NEVER);
        if (given.willTopic() != null) {
            final MqttProperties properties = new MqttProperties();
            properties.setWillDelayInterval(given.willDelaySeconds());
            options.setWillMessageProperties(properties);
            options.setWill(
                    given.willTopic(),
                    new MqttMessage(
                            PeerOptions.WILL.getBytes(StandardCharsets.UTF_8),
                            given.willQos(),
                            given.willRetain(),
                            new MqttProperties()));
        }
        sessionPresent = client.connectWithResult(options).getSessionPresent();
    }

    @Override
    boolean sessionPresent() {
        return sessionPresent;
    }

    @Override
    int subscribe(final String filter, final int qos) throws MqttException {
        return client.subscribe(filter, qos).getReasonCodes()[0];
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
    public void disconnected(final MqttDisconnectResponse response) {
        onEnd(response.getReturnCode());
    }

    @Override
    public void mqttErrorOccurred(final MqttException exception) {}

    @Override
    public void deliveryComplete(final IMqttToken token) {}

    @Override
    public void connectComplete(final boolean reconnect, final String serverUri) {}

    @Override
    public void authPacketArrived(final int reasonCode, final MqttProperties properties) {}

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
