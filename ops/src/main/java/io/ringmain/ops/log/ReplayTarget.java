package io.ringmain.ops.log;

import io.ringmain.ops.client.MqttClient;
import io.ringmain.protocol.ProtocolVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Option;

/** The broker that a replay publishes into: the options of {@code pub} that say which, and who. */
final class ReplayTarget {
    private static final int WINDOW = 1024;

    @Option(names = "-h", paramLabel = "HOST", description = "Broker, default localhost.")
    private String host = "localhost";

    @Option(names = "-p", paramLabel = "PORT", description = "Port, default 1883.")
    private int port = 1883;

    @Option(names = "-i", paramLabel = "ID", description = "Client id, default ringmain-replay- and the process id.")
    private String clientId = "ringmain-replay-" + ProcessHandle.current().pid();

    @Option(names = "-u", paramLabel = "USER", description = "User name.")
    private String username;

    @Option(names = "-P", paramLabel = "PASSWORD", description = "Password.")
    private String password;

    @Option(names = "-k", paramLabel = "SECONDS", description = "Keep alive, default 60.")
    private int keepAliveSeconds = 60;

    @Option(
            names = "-V",
            paramLabel = "VERSION",
            description = "mqttv311 or mqttv5 (default, without which properties are lost).")
    private String version = "mqttv5";

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    MqttClient connect() throws IOException {
        final ProtocolVersion protocol = version.contains("5") ? ProtocolVersion.V5 : ProtocolVersion.V3_1_1;
        return MqttClient.connect(host, port, protocol, keepAliveSeconds, encoder -> {
                    encoder.cleanStart(true).clientId(clientId).username(username);
                    return password == null ? encoder : encoder.password(password.getBytes(StandardCharsets.UTF_8));
                })
                .window(WINDOW);
    }

    String clientId() {
        return clientId;
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
