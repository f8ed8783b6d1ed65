package io.ringmain.ops.log;

import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.Origin;
import io.ringmain.ops.ExitCode;
import io.ringmain.ops.client.ConnectRefusedException;
import io.ringmain.ops.client.MqttClient;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.storage.log.LogInspector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ringmain log replay}: what was published once is published again, into this broker or another. */
@Command(
        name = "replay",
        description = {
            "Publish the selected messages again, in their order and with their QoS, retain flag and properties; up to the"
                    + " end that the log has now.",
            "Exit 4 if the broker can't be reached, 5 if it doesn't let us, 8 if not all were taken, 9 if it is the broker"
                    + " of this very log and neither --prefix nor --yes is given."
        })
public final class LogReplayCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private Selection selection;

    @Mixin
    private ReplayTarget target;

    @Option(
            names = "--speed",
            paramLabel = "FACTOR|max",
            description = "1x (default) with the spacing that they had, 10x ten times as fast, max at once.",
            converter = ReplaySpeed.Converter.class)
    private ReplaySpeed speed = new ReplaySpeed(1);

    @Option(names = "--prefix", paramLabel = "PREFIX/", description = "Put this before each topic.")
    private String prefix = "";

    @Option(
            names = "--retain",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Whether what was retained is retained again, default yes.")
    private boolean retain = true;

    @Option(names = "--yes", description = "Also into the broker of this very log, without a prefix.")
    private boolean yes;

    private ReplayPublisher publisher;
    private long startNs;

    @Override
    public Integer call() {
        if (prefix.matches("(?s).*[+#\\x00].*")) {
            throw new ParameterException(
                    command.commandLine(), "--prefix " + prefix + ": not the beginning of a topic");
        }
        return LogErrors.guard(this::replay);
    }

    private int replay() {
        try (LogScan scan = LogScan.open(selection)) {
            final long end = nextPosition(scan.log());
            try (MqttClient client = target.connect()) {
                if (prefix.isEmpty() && !yes && isBrokerOf(scan.log(), end, client)) {
                    System.err.println(
                            "ringmain: " + target + " is the broker whose log this is: it would take each message"
                                    + " for a new one; give --prefix, or --yes if that is meant");
                    return ExitCode.REFUSED;
                }
                return publish(scan, end, client);
            }
        } catch (final ConnectRefusedException ex) {
            System.err.println("ringmain: " + target + ": " + ex.getMessage());
            return isDenial(ex.reasonCode()) ? ExitCode.NOT_AUTHORIZED : ExitCode.UNREACHABLE;
        } catch (final IOException ex) {
            System.err.println("ringmain: can't reach " + target + ": " + ex.getMessage());
            return ExitCode.UNREACHABLE;
        }
    }

    /** Codes of MQTT 3 and of MQTT 5. */
    private static boolean isDenial(final int code) {
        return switch (code) {
            case 2,
                    4,
                    5,
                    ReasonCode.BAD_USER_NAME_OR_PASSWORD,
                    ReasonCode.NOT_AUTHORIZED,
                    ReasonCode.BANNED,
                    ReasonCode.CLIENT_IDENTIFIER_NOT_VALID -> true;
            default -> false;
        };
    }

    private static long nextPosition(final LogInspector log) {
        final List<LogInspector.SegmentSummary> segments = log.summaries();
        if (!segments.isEmpty()) {
            return segments.get(segments.size() - 1).nextPosition();
        }
        return log.keptSummaries().stream()
                .mapToLong(LogInspector.KeptSummary::nextPosition)
                .max()
                .orElse(0);
    }

    /** A broker logs a CONNECT before it answers: our own is in the log by now, or this is another broker's log. */
    private boolean isBrokerOf(final LogInspector log, final long end, final MqttClient client) {
        final boolean[] found = {false};
        final Origin origin = new Origin();
        final String port = ":" + client.localAddress().getPort();
        log.scan(end, (position, buffer, offset, length) -> {
            found[0] = EventHeader.type(buffer, offset) == EventType.CONNECT
                    && origin.wrap(buffer, offset).clientId().equals(target.clientId())
                    && origin.peer().endsWith(port);
            return !found[0];
        });
        return found[0];
    }

    private int publish(final LogScan scan, final long end, final MqttClient client) {
        publisher = new ReplayPublisher(client, speed, prefix, retain);
        final long start = Math.max(selection.start(scan.log()), firstPosition(scan.log()));
        final ReplayProgress progress = new ReplayProgress(start, selection.end(end));
        startNs = System.nanoTime();
        final long[] left = {selection.count(Long.MAX_VALUE)};
        int refusal = ReasonCode.SUCCESS;
        String failure = null;
        try {
            scan.takenOnly().run(selection.start(scan.log()), end, record -> {
                send(record);
                progress.onMessage(record.position(), !speed.isMax());
                return --left[0] > 0;
            });
            refusal = client.awaitAcknowledged();
        } catch (final IOException | UncheckedIOException ex) {
            failure = ex.getMessage();
        } finally {
            progress.end();
        }
        return report(client, refusal, failure);
    }

    private static long firstPosition(final LogInspector log) {
        final List<LogInspector.SegmentSummary> segments = log.summaries();
        return segments.isEmpty() ? 0 : segments.get(0).firstPosition();
    }

    private void send(final LogRecord record) {
        try {
            if (record.hasMessage()) {
                publisher.publish(record);
            }
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex.getMessage(), ex);
        }
    }

    private int report(final MqttClient client, final int refusal, final String failure) {
        final double seconds = Math.max(1, System.nanoTime() - startNs) / (double) TimeUnit.SECONDS.toNanos(1);
        final long unsettled = client.unacknowledged();
        final long published = publisher.published() - client.refusals() - unsettled;
        System.out.printf(
                Locale.ROOT,
                "published %,d, refused %,d, without content %,d, too large %,d, %.2f s, %,.0f/s%n",
                published,
                client.refusals(),
                publisher.withoutContent(),
                publisher.tooLarge(),
                seconds,
                published / seconds);
        if (failure != null) {
            System.err.println("ringmain: " + failure + "; " + unsettled + " messages are not acknowledged");
            return ExitCode.TIMEOUT;
        }
        if (refusal != ReasonCode.SUCCESS) {
            System.err.println("ringmain: refused: " + ReasonCode.name(refusal));
            return refusal == ReasonCode.NOT_AUTHORIZED ? ExitCode.NOT_AUTHORIZED : ExitCode.TIMEOUT;
        }
        return publisher.tooLarge() > 0 ? ExitCode.TIMEOUT : ExitCode.OK;
    }
}
