package io.ringmain.ops.log;

import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.ops.ExitCode;
import io.ringmain.protocol.TopicFilter;
import io.ringmain.storage.log.LogException;
import io.ringmain.storage.log.LogInspector;
import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ringmain log cat}: prints what was recorded. */
@Command(
        name = "cat",
        description = "Print recorded messages: time, position, QoS, client, topic, length, payload.",
        mixinStandardHelpOptions = true)
public final class LogCatCommand implements Callable<Integer> {
    private static final int MAX_PAYLOAD = 256;

    enum Output {
        text,
        ndjson
    }

    @Option(names = "--data", paramLabel = "DIR", description = "Data directory, default ./data.")
    private Path data = Path.of("data");

    @Option(names = "-t", paramLabel = "FILTER", description = "Only topics that this filter matches.")
    private String filter;

    @Option(names = "--client", paramLabel = "ID", description = "Only what this client sent.")
    private String client;

    @Option(
            names = "--from",
            paramLabel = "PLACE",
            description = "From @POSITION, a time (2026-11-23T08:15, UTC), or -15m on.",
            converter = LogPoint.Converter.class)
    private LogPoint from;

    @Option(
            names = "--to",
            paramLabel = "PLACE",
            description = "Up to, not including, @POSITION, a time, or -15m.",
            converter = LogPoint.Converter.class)
    private LogPoint to;

    @Option(names = "-n", paramLabel = "COUNT", description = "At most this many, from the beginning.")
    private long count = Long.MAX_VALUE;

    @Option(names = "--all", description = "Also sessions, subscriptions, acknowledgements.")
    private boolean all;

    @Option(names = "--who", description = "Also user, address and listener: CLIENT by USER@ADDRESS on LISTENER.")
    private boolean who;

    @Option(names = "--full", description = "Payloads as long as they are, not just " + MAX_PAYLOAD + " bytes.")
    private boolean full;

    @Option(names = "-o", paramLabel = "text|ndjson", description = "Output, default text.")
    private Output output = Output.text;

    private final EventJson json = new EventJson();
    private final ConnectionNames connections = new ConnectionNames();
    private final PublishEvent publish = new PublishEvent();
    private final Origin origin = new Origin();
    private final PrintStream out =
            new PrintStream(new BufferedOutputStream(System.out, 64 << 10), false, StandardCharsets.UTF_8);
    private EventText text;
    private UnsafeBuffer filterBytes;
    private long printed;

    @Override
    public Integer call() {
        if (filter != null) {
            filterBytes = new UnsafeBuffer(filter.getBytes(StandardCharsets.UTF_8));
            if (!TopicFilter.validate(filterBytes, 0, filterBytes.capacity())) {
                System.err.println("ringmain: -t " + filter + ": not a topic filter");
                return ExitCode.USAGE;
            }
        }
        text = new EventText(full ? Integer.MAX_VALUE : MAX_PAYLOAD, who);
        try {
            final LogInspector inspector = LogInspector.open(data);
            inspector.scan(start(inspector), (position, buffer, offset, length) -> onRecord(buffer, offset));
            return ExitCode.OK;
        } catch (final LogException ex) {
            out.flush();
            System.err.println("ringmain: " + ex.getMessage());
            return ex.isDamage() ? ExitCode.DAMAGED : ExitCode.NOT_FOUND;
        } finally {
            out.flush();
        }
    }

    /** Events beside publishes don't name their client: that takes the CONNECT, which may lie anywhere before. */
    private long start(final LogInspector inspector) {
        if (from == null || all) {
            return 0;
        }
        return from.isTime() ? inspector.positionBefore(from.timeNs()) : from.position();
    }

    private boolean onRecord(final DirectBuffer buffer, final int offset) {
        final long position = EventHeader.position(buffer, offset);
        final long timeNs = EventHeader.timestampNs(buffer, offset);
        if (printed >= count || to != null && !to.isAfter(position, timeNs)) {
            return false;
        }
        if (all) {
            connections.before(buffer, offset);
        }
        if (from == null || !from.isAfter(position, timeNs)) {
            show(buffer, offset);
        }
        if (all) {
            connections.after(buffer, offset);
        }
        return printed < count && !out.checkError();
    }

    private void show(final DirectBuffer buffer, final int offset) {
        final int type = EventHeader.type(buffer, offset);
        final boolean isPublish = type == EventType.PUBLISH || type == EventType.PUBLISH_HEADERS;
        if (!isPublish && (!all || filter != null)) {
            return;
        }
        publish.wrap(buffer, offset);
        if (isPublish && filter != null && !matches(buffer)) {
            return;
        }
        origin.wrap(buffer, offset);
        final String sender =
                origin.isPresent() ? origin.clientId() : connections.client(EventHeader.connectionId(buffer, offset));
        if (client == null || client.equals(sender)) {
            out.println(output == Output.text ? text.line(buffer, offset, sender) : json.line(buffer, offset, sender));
            printed++;
        }
    }

    private boolean matches(final DirectBuffer buffer) {
        return TopicFilter.matches(
                filterBytes, 0, filterBytes.capacity(), buffer, publish.topicOffset(), publish.topicLength());
    }
}
