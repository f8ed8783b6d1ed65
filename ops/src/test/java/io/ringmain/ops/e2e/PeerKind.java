package io.ringmain.ops.e2e;

import org.eclipse.paho.client.mqttv3.MqttConnectOptions;

/** The Java clients that people use, each with the protocol version it is to speak. */
enum PeerKind {
    PAHO_3_1,
    PAHO_3_1_1,
    PAHO_5,
    HIVEMQ_3_1_1,
    HIVEMQ_5;

    Peer connect(final PeerOptions options) throws Exception {
        return switch (this) {
            case PAHO_3_1 -> new Paho3Peer(options, MqttConnectOptions.MQTT_VERSION_3_1);
            case PAHO_3_1_1 -> new Paho3Peer(options, MqttConnectOptions.MQTT_VERSION_3_1_1);
            case PAHO_5 -> new Paho5Peer(options);
            case HIVEMQ_3_1_1 -> new HiveMq3Peer(options);
            case HIVEMQ_5 -> new HiveMq5Peer(options);
        };
    }

    boolean isV5() {
        return this == PAHO_5 || this == HIVEMQ_5;
    }

    /** A CONNACK of MQTT 3.1 doesn't say whether there was a session. */
    boolean isToldOfSession() {
        return this != PAHO_3_1;
    }

    /** Short, for client ids (23 characters in 3.1) and topics. */
    String label() {
        return name().toLowerCase(java.util.Locale.ROOT).replace("_", "");
    }
}
