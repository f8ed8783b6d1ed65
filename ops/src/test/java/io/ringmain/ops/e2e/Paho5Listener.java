package io.ringmain.ops.e2e;

import java.util.function.BiConsumer;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** Messages of a Paho MQTT 5 client, and nothing else. */
record Paho5Listener(BiConsumer<String, MqttMessage> listener) implements MqttCallback {
    @Override
    public void disconnected(final MqttDisconnectResponse response) {}

    @Override
    public void mqttErrorOccurred(final MqttException exception) {}

    @Override
    public void messageArrived(final String topic, final MqttMessage message) {
        listener.accept(topic, message);
    }

    @Override
    public void deliveryComplete(final IMqttToken token) {}

    @Override
    public void connectComplete(final boolean reconnect, final String serverUri) {}

    @Override
    public void authPacketArrived(final int reasonCode, final MqttProperties properties) {}
}
