package io.ringmain.ops;

import io.ringmain.ops.client.ConnectRefusedException;
import io.ringmain.ops.client.MqttClient;
import io.ringmain.ops.client.PublishProperties;
import io.ringmain.ops.client.UnixSocket;
import io.ringmain.ops.tls.TlsFileException;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that {@code pub} and {@code sub} share, with Mosquitto's names, defaults and exit codes. */
final class ClientOptions {
    /** Exit code of Mosquitto's clients for wrong options, and for a broker that can't be reached. */
    static final int ERROR = 1;
    /** Exit code of Mosquitto's clients for a connection that was lost. */
    static final int CONNECTION_LOST = 7;
    /** Exit code of Mosquitto's clients for a TLS hand-shake that failed. */
    static final int TLS_FAILED = 8;

    private static final long NEVER = 0xFFFF_FFFFL;
    private static final int PLAIN_PORT = 1883;
    private static final int TLS_PORT = 8883;
    private static final int MAX_U16 = 0xFFFF;

    @Option(names = "-h", paramLabel = "HOST", description = "Broker, default localhost.")
    private String host = "localhost";

    @Option(names = "-p", paramLabel = "PORT", description = "Port, default 1883, with TLS 8883.")
    private Integer port;

    @Mixin
    private TlsClientOptions tls;

    @Option(
            names = "--unix",
            paramLabel = "PATH",
            description = "Unix domain socket to connect to, in place of -h and -p.")
    private Path unixPath;

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

    @Option(names = "-c", description = "Keep the session: no clean start. Needs -i.")
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

    @Option(
            names = "-D",
            paramLabel = "COMMAND IDENTIFIER VALUE",
            parameterConsumer = ClientProperties.Consumer.class,
            description = "An MQTT 5 property of connect, will or publish; may be repeated.")
    private ClientProperties properties;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    private volatile boolean signalled;

    /** What a command does once it is connected. */
    @FunctionalInterface
    interface Work {
        int run(MqttClient connection) throws IOException;
    }

    /** Connects, does the work, disconnects. Answers with an exit code, after one line on stderr if it isn't 0. */
    int run(final Work work) {
        try {
            validate();
        } catch (final IllegalArgumentException ex) {
            System.err.println("Error: " + ex.getMessage());
            return ERROR;
        }
        try (MqttClient connection = connect()) {
            return work(connection, work);
        } catch (final ConnectRefusedException ex) {
            System.err.println(ex.getMessage());
            return ex.reasonCode();
        } catch (final UnknownHostException ex) {
            System.err.println("Unable to connect (Lookup error: " + host + ").");
        } catch (final ConnectException | NoRouteToHostException | SocketTimeoutException ex) {
            System.err.println("Error: " + ex.getMessage());
        } catch (final SSLException ex) {
            System.err.println("Error: TLS: " + ex.getMessage());
            return TLS_FAILED;
        } catch (final IOException ex) {
            System.err.println("Error: " + ex.getMessage());
            return CONNECTION_LOST;
        } catch (final TlsFileException ex) {
            System.err.println("Error: " + ex.getMessage());
        }
        return ERROR;
    }

    private int work(final MqttClient connection, final Work work) {
        final Thread hook = new Thread(() -> endWith(connection), "ringmain-disconnect");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return work.run(connection);
        } catch (final IOException ex) {
            if (!signalled) {
                System.err.println("Error: " + ex.getMessage());
            }
            return CONNECTION_LOST;
        } finally {
            release(hook);
        }
    }

    /** A signal is a proper end for these commands: the broker drops the will, the exit code is 0. */
    private void endWith(final MqttClient connection) {
        signalled = true;
        try {
            connection.disconnect();
        } catch (final IOException ignored) {
            // The broker has gone first.
        }
        Runtime.getRuntime().halt(ExitCode.OK);
    }

    private static void release(final Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException ignored) {
            // A signal has come: the hook ends the process.
        }
    }

    private void validate() {
        if (qos < 0 || qos > 2) {
            throw new IllegalArgumentException("-q " + qos + ": expected 0, 1 or 2");
        }
        if (willQos < 0 || willQos > 2) {
            throw new IllegalArgumentException("--will-qos " + willQos + ": expected 0, 1 or 2");
        }
        tls.validate();
        if (port() < 1 || port() > MAX_U16) {
            throw new IllegalArgumentException("-p " + port() + ": expected 1 to 65535");
        }
        if (keepAliveSeconds < 0 || keepAliveSeconds > MAX_U16) {
            throw new IllegalArgumentException("-k " + keepAliveSeconds + ": expected 0 to 65535");
        }
        if (keepSession && clientId.isEmpty()) {
            throw new IllegalArgumentException("-c: a session that stays needs a client id, give one with -i");
        }
        final boolean isV5 = version() == ProtocolVersion.V5;
        if (!isV5 && (properties != null || sessionExpirySeconds != null)) {
            throw new IllegalArgumentException("-D and -x are of MQTT 5: add -V mqttv5");
        }
        if (sessionExpirySeconds != null && (sessionExpirySeconds < 0 || sessionExpirySeconds > NEVER)) {
            throw new IllegalArgumentException("-x " + sessionExpirySeconds + ": expected 0 to " + NEVER);
        }
        if (!isV5 && password != null && username == null) {
            throw new IllegalArgumentException("-P: before MQTT 5 a password needs a user name, give one with -u");
        }
        properties().connect(new ConnectEncoder());
        properties().publish();
    }

    ProtocolVersion version() {
        return switch (version) {
            case "mqttv31", "31", "3.1" -> ProtocolVersion.V3_1;
            case "mqttv311", "311", "3.1.1" -> ProtocolVersion.V3_1_1;
            case "mqttv5", "5", "5.0" -> ProtocolVersion.V5;
            default -> throw new IllegalArgumentException("-V " + version + ": expected mqttv31, mqttv311 or mqttv5");
        };
    }

    int qos() {
        return qos;
    }

    PublishProperties publishProperties() {
        return properties().publish();
    }

    private ClientProperties properties() {
        return properties == null ? new ClientProperties() : properties;
    }

    private int port() {
        return port != null ? port : tls.isGiven() ? TLS_PORT : PLAIN_PORT;
    }

    private MqttClient connect() throws IOException, TlsFileException {
        // MQTT 3.1 has no assigned ids.
        final String id = clientId.isEmpty() && version() == ProtocolVersion.V3_1
                ? "rm-" + ProcessHandle.current().pid()
                : clientId;
        final UnaryOperator<ConnectEncoder> connect = encoder -> options(encoder, id);
        return unixPath == null
                ? MqttClient.connect(host, port(), version(), keepAliveSeconds, tls.client(), connect)
                : MqttClient.connect(new UnixSocket(unixPath), version(), keepAliveSeconds, connect);
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
            encoder.sessionExpiry(NEVER);
        }
        properties().connect(encoder);
        return encoder;
    }
}
