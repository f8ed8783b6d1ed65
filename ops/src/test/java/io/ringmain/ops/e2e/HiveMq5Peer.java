package io.ringmain.ops.e2e;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.MqttWebSocketConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.exceptions.ConnectionClosedException;
import com.hivemq.client.mqtt.exceptions.MqttClientStateException;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5ConnectBuilder;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5WillPublish;
import java.nio.charset.StandardCharsets;

/** The HiveMQ client for MQTT 5. */
final class HiveMq5Peer extends Peer {
    /** Of both HiveMQ clients. */
    static final MqttWebSocketConfig WEB_SOCKET = MqttWebSocketConfig.builder()
            .serverPath(PeerOptions.WEB_SOCKET_PATH.substring(1))
            .build();

    private final Mqtt5BlockingClient client;
    private final boolean sessionPresent;

    HiveMq5Peer(final PeerOptions given) {
        client = MqttClient.builder()
                .useMqttVersion5()
                .identifier(given.id())
                .serverHost(BrokerProcess.HOST)
                .serverPort(given.port())
                .webSocketConfig(given.webSocket() ? WEB_SOCKET : null)
                .addDisconnectedListener(context -> onEnd(reasonCode(context.getCause())))
                .buildBlocking();
        client.toAsync().publishes(MqttGlobalPublishFilter.ALL, this::onPublish);
        Mqtt5ConnectBuilder connect = Mqtt5Connect.builder().cleanStart(given.clean());
        if (!given.clean()) {
            connect = connect.noSessionExpiry();
        }
        if (given.willTopic() != null) {
            connect = connect.willPublish(Mqtt5WillPublish.builder()
                    .topic(given.willTopic())
                    .payload(PeerOptions.WILL.getBytes(StandardCharsets.UTF_8))
                    .qos(MqttQos.fromCode(given.willQos()))
                    .retain(given.willRetain())
                    .delayInterval(given.willDelaySeconds())
                    .build());
        }
        sessionPresent = client.connect(connect.build()).isSessionPresent();
    }

    /** For what only MQTT 5 has. */
    Mqtt5BlockingClient client() {
        return client;
    }

    private static int reasonCode(final Throwable cause) {
        return cause instanceof Mqtt5DisconnectException disconnect
                ? disconnect.getMqttMessage().getReasonCode().getCode()
                : NO_REASON;
    }

    private void onPublish(final Mqtt5Publish message) {
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
                .getReasonCodes()
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
