package io.ringmain.ops;

import io.ringmain.ops.client.MqttClient;
import io.ringmain.ops.client.PublishProperties;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.TopicName;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringmain pub}: publishes, with Mosquitto's options. */
@Command(
        name = "pub",
        description = "Publish messages; the options are those of mosquitto_pub.",
        exitCodeOnInvalidInput = ClientOptions.ERROR)
public final class PubCommand implements Callable<Integer> {
    private static final int LINES_AHEAD = 256;
    private static final long KEEP_ALIVE_CHECK_MS = 250;
    private static final byte[] END = new byte[0];

    @Mixin
    private ClientOptions client;

    @Option(names = "-t", paramLabel = "TOPIC", required = true, description = "Topic.")
    private String topic;

    @Option(names = "-r", description = "Retain.")
    private boolean retain;

    @ArgGroup(multiplicity = "1")
    private Payload payload;

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

        @Option(names = "-l", description = "Send each line of standard input as a message, but for blank ones.")
        private boolean lines;
    }

    @Override
    public Integer call() {
        if (!isTopicName()) {
            System.err.println("Error: Invalid publish topic '" + topic + "', does it contain '+' or '#'?");
            return ClientOptions.ERROR;
        }
        final byte[] message;
        try {
            message = payload.lines ? null : bytes();
        } catch (final IOException ex) {
            System.err.println("Error: Unable to read input: " + ex);
            return ClientOptions.ERROR;
        }
        return client.run(connection -> {
            final PublishProperties properties = client.publishProperties();
            if (payload.lines) {
                publishLines(connection, properties);
            } else {
                connection.offer(topic, message, client.qos(), retain, properties);
            }
            return result(connection.awaitAcknowledged());
        });
    }

    private boolean isTopicName() {
        final byte[] bytes = topic.getBytes(StandardCharsets.UTF_8);
        return TopicName.validate(new UnsafeBuffer(bytes), 0, bytes.length);
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

    /** Lines come from a thread of their own, so that the connection stays alive while nobody types. */
    private void publishLines(final MqttClient connection, final PublishProperties properties) throws IOException {
        final BlockingQueue<byte[]> lines = new ArrayBlockingQueue<>(LINES_AHEAD);
        final Thread input = new Thread(() -> readLines(lines), "ringmain-input");
        input.setDaemon(true);
        input.start();
        try {
            byte[] line = null;
            while (line != END) {
                if (line != null && line.length > 0) {
                    connection.offer(topic, line, client.qos(), retain, properties);
                }
                connection.keepAlive();
                line = lines.poll(KEEP_ALIVE_CHECK_MS, TimeUnit.MILLISECONDS);
            }
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private static void readLines(final BlockingQueue<byte[]> lines) {
        try {
            try (InputStream in = new BufferedInputStream(System.in)) {
                byte[] line = readLine(in);
                while (line != null) {
                    lines.put(line);
                    line = readLine(in);
                }
            } catch (final IOException ex) {
                System.err.println("Error: Unable to read input: " + ex);
            }
            lines.put(END);
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** The bytes of a line as they are, without its end; null at the end of the input. */
    private static byte[] readLine(final InputStream in) throws IOException {
        int next = in.read();
        if (next < 0) {
            return null;
        }
        final ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (next >= 0 && next != '\n') {
            line.write(next);
            next = in.read();
        }
        final byte[] bytes = line.toByteArray();
        final boolean windowsEnd = bytes.length > 0 && bytes[bytes.length - 1] == '\r';
        return windowsEnd ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
    }

    private static int result(final int reasonCode) {
        if (ReasonCode.isError(reasonCode)) {
            System.err.println("Error: Publish refused: " + ReasonCode.name(reasonCode));
            return reasonCode;
        }
        return ExitCode.OK;
    }
}
