package io.ringmain.ops;

import io.ringmain.ops.client.ConnectRefusedException;
import io.ringmain.ops.client.MqttClient;
import io.ringmain.protocol.ReasonCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringmain pub}: publishes, with Mosquitto's options. */
@Command(name = "pub", description = "Publish messages; the options are those of mosquitto_pub.")
public final class PubCommand implements Callable<Integer> {
    private static final int LOST = 7;

    @Mixin
    private ClientOptions client;

    @Option(names = "-t", paramLabel = "TOPIC", required = true, description = "Topic.")
    private String topic;

    @Option(names = "-r", description = "Retain.")
    private boolean retain;

    @ArgGroup(multiplicity = "1")
    private Payload payload;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    /** What to send; just one of these. */
    static final class Payload {
        @Option(names = "-m", paramLabel = "TEXT", description = "Send this text.")
        private String message;

        @Option(names = "-f", paramLabel = "FILE", description = "Send the content of a file.")
        private Path file;

        @Option(names = "-n", description = "Send an empty message.")
        private boolean empty;

        @Option(names = "-s", description = "Send all of standard input as one message.")
        private boolean standardInput;

        @Option(names = "-l", description = "Send each line of standard input as a message.")
        private boolean lines;
    }

    @Override
    public Integer call() {
        try (MqttClient connection = client.connect()) {
            return payload.lines ? publishLines(connection) : publish(connection, bytes());
        } catch (final ConnectRefusedException ex) {
            System.err.println(ex.getMessage());
            return ex.reasonCode();
        } catch (final IOException ex) {
            System.err.println("Error: " + ex.getMessage());
            return LOST;
        }
    }

    private byte[] bytes() throws IOException {
        if (payload.file != null) {
            return Files.readAllBytes(payload.file);
        }
        if (payload.standardInput) {
            return System.in.readAllBytes();
        }
        return payload.empty ? new byte[0] : payload.message.getBytes(StandardCharsets.UTF_8);
    }

    private int publishLines(final MqttClient connection) throws IOException {
        final BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            final int result = publish(connection, line.getBytes(StandardCharsets.UTF_8));
            if (result != ExitCode.OK) {
                return result;
            }
        }
        return ExitCode.OK;
    }

    private int publish(final MqttClient connection, final byte[] bytes) throws IOException {
        final int reasonCode = connection.publish(topic, bytes, client.qos(), retain);
        if (ReasonCode.isError(reasonCode)) {
            System.err.println("Publish refused: " + ReasonCode.name(reasonCode));
            return reasonCode;
        }
        return ExitCode.OK;
    }
}
