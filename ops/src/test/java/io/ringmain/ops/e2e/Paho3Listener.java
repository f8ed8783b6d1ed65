package io.ringmain.ops.e2e;

import java.util.function.BiConsumer;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttMessage;

/** Messages of a Paho client, and nothing else. */
record Paho3Listener(BiConsumer<String, MqttMessage> listener) implements MqttCallback {
    @Override
    public void connectionLost(final Throwable cause) {}

    @Override
    public void messageArrived(final String topic, final MqttMessage message) {
        listener.accept(topic, message);
    }

    @Override
    public void deliveryComplete(final IMqttDeliveryToken token) {}
}
