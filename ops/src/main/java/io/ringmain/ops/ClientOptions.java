package io.ringmain.ops;

import io.ringmain.ops.client.MqttClient;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that {@code pub} and {@code sub} share, with Mosquitto's names. */
final class ClientOptions {
    @Option(names = "-h", paramLabel = "HOST", description = "Broker, default 127.0.0.1.")
    private String host = "127.0.0.1";

    @Option(names = "-p", paramLabel = "PORT", description = "Port, default 1883.")
    private int port = 1883;

    @Option(names = "-i", paramLabel = "ID", description = "Client id; without one the broker assigns it.")
    private String clientId = "";

    @Option(names = "-u", paramLabel = "USER", description = "User name.")
    private String username;

    @Option(names = "-P", paramLabel = "PASSWORD", description = "Password.")
    private String password;

    @Option(names = "-k", paramLabel = "SECONDS", description = "Keep alive, default 60.")
    private int keepAliveSeconds = 60;

    @Option(names = "-V", paramLabel = "VERSION", description = "mqttv31, mqttv311 (default) or mqttv5.")
    private String version = "mqttv311";

    @Option(names = "-c", description = "Keep the session: no clean start.")
    private boolean keepSession;

    @Option(names = "-x", paramLabel = "SECONDS", description = "Session expiry interval, MQTT 5.")
    private Long sessionExpirySeconds;

    @Option(names = "--will-topic", paramLabel = "TOPIC", description = "Topic of the will.")
    private String willTopic;

    @Option(names = "--will-payload", paramLabel = "TEXT", description = "Payload of the will.")
    private String willPayload = "";

    @Option(names = "--will-qos", paramLabel = "QOS", description = "QoS of the will.")
    private int willQos;

    @Option(names = "--will-retain", description = "Retain the will.")
    private boolean willRetain;

    @Option(names = "-q", paramLabel = "QOS", description = "QoS, 0 to 2.")
    private int qos;

    ProtocolVersion version() {
        return switch (version) {
            case "mqttv31", "31", "3.1" -> ProtocolVersion.V3_1;
            case "mqttv311", "311", "3.1.1" -> ProtocolVersion.V3_1_1;
            case "mqttv5", "5", "5.0" -> ProtocolVersion.V5;
            default -> throw new TypeConversionException("-V " + version + ": expected mqttv31, mqttv311 or mqttv5");
        };
    }

    int qos() {
        if (qos < 0 || qos > 2) {
            throw new TypeConversionException("-q " + qos + ": expected 0, 1 or 2");
        }
        return qos;
    }

    MqttClient connect() throws IOException {
        qos();
        final String id = clientId.isEmpty() && version() == ProtocolVersion.V3_1
                ? "rm-" + ProcessHandle.current().pid()
                : clientId;
        return MqttClient.connect(host, port, version(), keepAliveSeconds, encoder -> options(encoder, id));
    }

    private ConnectEncoder options(final ConnectEncoder encoder, final String id) {
        encoder.cleanStart(!keepSession).clientId(id).username(username);
        if (password != null) {
            encoder.password(password.getBytes(StandardCharsets.UTF_8));
        }
        if (willTopic != null) {
            encoder.will(willTopic, willPayload.getBytes(StandardCharsets.UTF_8), willQos, willRetain);
        }
        if (sessionExpirySeconds != null) {
            encoder.sessionExpiry(sessionExpirySeconds);
        } else if (keepSession) {
            encoder.sessionExpiry(0xFFFF_FFFFL);
        }
        return encoder;
    }
}
