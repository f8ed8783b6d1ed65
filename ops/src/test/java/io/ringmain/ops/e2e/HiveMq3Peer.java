package io.ringmain.ops.e2e;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.exceptions.ConnectionClosedException;
import com.hivemq.client.mqtt.exceptions.MqttClientStateException;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3Connect;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3ConnectBuilder;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import java.nio.charset.StandardCharsets;

/** The HiveMQ client for MQTT 3.1.1. */
final class HiveMq3Peer extends Peer {
    private final Mqtt3BlockingClient client;
    private final boolean sessionPresent;

    HiveMq3Peer(final PeerOptions given) {
        client = MqttClient.builder()
                .useMqttVersion3()
                .identifier(given.id())
                .serverHost(BrokerProcess.HOST)
                .serverPort(given.port())
                .webSocketConfig(given.webSocket() ? HiveMq5Peer.WEB_SOCKET : null)
                .addDisconnectedListener(context -> onEnd(NO_REASON))
                .buildBlocking();
        client.toAsync().publishes(MqttGlobalPublishFilter.ALL, this::onPublish);
        Mqtt3ConnectBuilder connect = Mqtt3Connect.builder().cleanSession(given.clean());
        if (given.willTopic() != null) {
            connect = connect.willPublish(Mqtt3Publish.builder()
                    .topic(given.willTopic())
                    .payload(PeerOptions.WILL.getBytes(StandardCharsets.UTF_8))
                    .qos(MqttQos.fromCode(given.willQos()))
                    .retain(given.willRetain())
                    .build());
        }
        sessionPresent = client.connect(connect.build()).isSessionPresent();
    }

    private void onPublish(final Mqtt3Publish message) {
        onArrival(
                message.getTopic().toString(),
                message.getPayloadAsBytes(),
                message.getQos().getCode(),
                message.isRetain());
    }

    @Override
    boolean sessionPresent() {
        return sessionPresent;
    }

    @Override
    int subscribe(final String filter, final int qos) {
        return client.subscribeWith()
                .topicFilter(filter)
                .qos(MqttQos.fromCode(qos))
                .send()
                .getReturnCodes()
                .get(0)
                .getCode();
    }

    @Override
    void publish(final String topic, final byte[] payload, final int qos, final boolean retain) {
        client.publishWith()
                .topic(topic)
                .qos(MqttQos.fromCode(qos))
                .retain(retain)
                .payload(payload)
                .send();
    }

    @Override
    void disconnect() {
        client.disconnect();
    }

    @Override
    public void close() {
        try {
            if (client.getState().isConnected()) {
                client.disconnect();
            }
        } catch (final ConnectionClosedException | MqttClientStateException ex) {
            // The other end has closed it meanwhile.
            return;
        }
    }
}
