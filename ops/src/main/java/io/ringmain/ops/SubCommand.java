package io.ringmain.ops;

import io.ringmain.ops.client.Message;
import io.ringmain.ops.client.MqttClient;
import io.ringmain.protocol.ReasonCode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringmain sub}: prints what it subscribes to, with Mosquitto's options. */
@Command(
        name = "sub",
        description = "Subscribe and print; the options are those of mosquitto_sub.",
        exitCodeOnInvalidInput = ClientOptions.ERROR)
public final class SubCommand implements Callable<Integer> {
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

    @Option(names = "-E", description = "End as soon as the broker has accepted the subscriptions.")
    private boolean endOnceSubscribed;

    @Option(
            names = "-F",
            paramLabel = "FORMAT",
            description = "%%t topic, %%p payload, %%q QoS, %%r retain, %%l length, %%m packet id, %%x payload in"
                    + " hexadecimal, %%I time, %%U Unix time, %%j JSON.")
    private String format;

    @Option(names = "--json", description = "Print an object per line.")
    private boolean json;

    @Override
    public Integer call() {
        if (count < 1 || timeoutSeconds < 0) {
            System.err.println("Error: expected -C of 1 or more, and -W of 0 or more");
            return ClientOptions.ERROR;
        }
        return client.run(this::subscribe);
    }

    private int subscribe(final MqttClient connection) throws IOException {
        for (final int reasonCode : connection.subscribe(filters, client.qos())) {
            if (ReasonCode.isError(reasonCode)) {
                System.err.println("Error: Subscription refused: " + ReasonCode.name(reasonCode));
                return reasonCode;
            }
        }
        return endOnceSubscribed ? ExitCode.OK : print(connection);
    }

    private int print(final MqttClient connection) throws IOException {
        final MessagePrinter printer = new MessagePrinter(new BufferedOutputStream(System.out, 64 << 10), !noLineEnd);
        final String effectiveFormat = json ? "%j" : format;
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        long left = count;
        while (left > 0) {
            final long leftMs =
                    timeoutSeconds == 0 ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime()));
            final Message message = connection.receive(leftMs);
            if (message == null) {
                printer.flush();
                System.err.println("Timed out");
                return TIMED_OUT;
            }
            if (!skipRetained || !message.retain()) {
                printer.print(message, effectiveFormat, verbose);
                left--;
            }
            if (left == 0 || !connection.hasReceived()) {
                printer.flush();
            }
        }
        return ExitCode.OK;
    }
}
