package io.ringmain.ops;

import io.ringmain.ops.client.ConnectRefusedException;
import io.ringmain.ops.client.Message;
import io.ringmain.ops.client.MqttClient;
import io.ringmain.protocol.ReasonCode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.JsonFactory;

/** {@code ringmain sub}: prints what it subscribes to, with Mosquitto's options. */
@Command(name = "sub", description = "Subscribe and print; the options are those of mosquitto_sub.")
public final class SubCommand implements Callable<Integer> {
    private static final int LOST = 7;
    private static final int TIMED_OUT = 27;

    @Mixin
    private ClientOptions client;

    @Option(names = "-t", paramLabel = "FILTER", required = true, description = "Topic filter; may be repeated.")
    private List<String> filters;

    @Option(names = "-v", description = "Print the topic before each message.")
    private boolean verbose;

    @Option(names = "-C", paramLabel = "COUNT", description = "End after this many messages.")
    private long count = Long.MAX_VALUE;

    @Option(names = "-W", paramLabel = "SECONDS", description = "End after this many seconds, with exit code 27.")
    private long timeoutSeconds;

    @Option(names = "-R", description = "Don't print retained messages.")
    private boolean skipRetained;

    @Option(names = "-N", description = "Don't print a line end behind each message.")
    private boolean noLineEnd;

    @Option(
            names = "-F",
            paramLabel = "FORMAT",
            description = "Format: %%t topic, %%p payload, %%q QoS, %%r retain, %%l length.")
    private String format;

    @Option(names = "--json", description = "Print an object per line.")
    private boolean json;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    private final OutputStream out = new BufferedOutputStream(System.out);

    @Override
    public Integer call() {
        try (MqttClient connection = client.connect()) {
            for (final int reasonCode : connection.subscribe(filters, client.qos())) {
                if (ReasonCode.isError(reasonCode)) {
                    System.err.println("Subscription refused: " + ReasonCode.name(reasonCode));
                    return reasonCode;
                }
            }
            return print(connection);
        } catch (final ConnectRefusedException ex) {
            System.err.println(ex.getMessage());
            return ex.reasonCode();
        } catch (final IOException ex) {
            System.err.println("Error: " + ex.getMessage());
            return LOST;
        }
    }

    private int print(final MqttClient connection) throws IOException {
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        long left = count;
        while (left > 0) {
            final long leftMs =
                    timeoutSeconds == 0 ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime()));
            final Message message = connection.receive(leftMs);
            if (message == null) {
                return TIMED_OUT;
            }
            if (!skipRetained || !message.retain()) {
                print(message);
                left--;
            }
        }
        return ExitCode.OK;
    }

    private void print(final Message message) throws IOException {
        if (json) {
            printJson(message);
        } else if (format != null) {
            printFormatted(message);
        } else {
            if (verbose) {
                out.write((message.topic() + " ").getBytes(StandardCharsets.UTF_8));
            }
            out.write(message.payload());
        }
        if (!noLineEnd) {
            out.write('\n');
        }
        out.flush();
    }

    private void printJson(final Message message) throws IOException {
        final java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream();
        try (JsonGenerator generator =
                new JsonFactory().createGenerator(tools.jackson.core.ObjectWriteContext.empty(), line)) {
            generator.writeStartObject();
            generator.writeStringProperty("topic", message.topic());
            generator.writeNumberProperty("qos", message.qos());
            generator.writeBooleanProperty("retain", message.retain());
            generator.writeStringProperty("payload", new String(message.payload(), StandardCharsets.UTF_8));
            generator.writeEndObject();
        }
        out.write(line.toByteArray());
    }

    private void printFormatted(final Message message) throws IOException {
        for (int i = 0; i < format.length(); i++) {
            final char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.write(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            switch (format.charAt(++i)) {
                case 't' -> out.write(message.topic().getBytes(StandardCharsets.UTF_8));
                case 'p' -> out.write(message.payload());
                case 'q' -> out.write('0' + message.qos());
                case 'r' -> out.write(message.retain() ? '1' : '0');
                case 'l' -> out.write(String.valueOf(message.payload().length).getBytes(StandardCharsets.UTF_8));
                default -> out.write(format.charAt(i));
            }
        }
    }
}
