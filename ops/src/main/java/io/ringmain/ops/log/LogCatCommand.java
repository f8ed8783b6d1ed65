package io.ringmain.ops.log;

import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.ops.ExitCode;
import io.ringmain.protocol.TopicFilter;
import io.ringmain.storage.log.LogException;
import io.ringmain.storage.log.LogInspector;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.Callable;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** {@code ringmain log cat}: prints what was recorded. */
@Command(
        name = "cat",
        description = "Print recorded messages: time, position, QoS, client, topic, length, payload.",
        mixinStandardHelpOptions = true)
public final class LogCatCommand implements Callable<Integer> {
    enum Output {
        text,
        ndjson
    }

    @Option(names = "--data", paramLabel = "DIR", description = "Data directory, default ./data.")
    private Path data = Path.of("data");

    @Option(names = "-t", paramLabel = "FILTER", description = "Only topics that this filter matches.")
    private String filter;

    @Option(names = "--client", paramLabel = "ID", description = "Only messages of this client.")
    private String client;

    @Option(
            names = "--from",
            paramLabel = "PLACE",
            description = "From @POSITION, a time, or -15m on.",
            converter = LogPoint.Converter.class)
    private LogPoint from;

    @Option(
            names = "--to",
            paramLabel = "PLACE",
            description = "Up to @POSITION, a time, or -15m.",
            converter = LogPoint.Converter.class)
    private LogPoint to;

    @Option(names = "-n", paramLabel = "COUNT", description = "At most this many.")
    private long count = Long.MAX_VALUE;

    @Option(names = "--all", description = "Also sessions, subscriptions, acknowledgements.")
    private boolean all;

    @Option(
            names = "-o",
            paramLabel = "text|ndjson",
            description = "Output, default text; payloads are base64 in ndjson.")
    private Output output = Output.text;

    private final EventText text = new EventText();
    private final PublishEvent publish = new PublishEvent();
    private final PrintStream out =
            new PrintStream(new BufferedOutputStream(System.out, 64 << 10), false, StandardCharsets.UTF_8);
    private long printed;

    @Override
    public Integer call() {
        try {
            final long start = from == null || from.isTime() ? 0 : from.position();
            LogInspector.open(data).scan(start, (position, buffer, offset, length) -> onRecord(buffer, offset));
            return ExitCode.OK;
        } catch (final LogException ex) {
            System.err.println("ringmain: " + ex.getMessage());
            return ex.isDamage() ? ExitCode.DAMAGED : ExitCode.NOT_FOUND;
        } finally {
            out.flush();
        }
    }

    private boolean onRecord(final DirectBuffer buffer, final int offset) {
        final long position = EventHeader.position(buffer, offset);
        final long timeNs = EventHeader.timestampNs(buffer, offset);
        if (to != null && !to.isAfter(position, timeNs)) {
            return false;
        }
        final boolean before = from != null && from.isAfter(position, timeNs);
        if (!before && isWanted(buffer, offset)) {
            print(buffer, offset);
            printed++;
        }
        return printed < count && !out.checkError();
    }

    private boolean isWanted(final DirectBuffer buffer, final int offset) {
        if (EventHeader.type(buffer, offset) != EventType.PUBLISH) {
            return all && filter == null && client == null;
        }
        publish.wrap(buffer, offset);
        final boolean topicMatches = filter == null || matches(buffer);
        return topicMatches
                && (client == null
                        || client.equals(EventText.text(buffer, publish.clientIdOffset(), publish.clientIdLength())));
    }

    private boolean matches(final DirectBuffer buffer) {
        final UnsafeBuffer bytes = new UnsafeBuffer(filter.getBytes(StandardCharsets.UTF_8));
        return TopicFilter.matches(bytes, 0, bytes.capacity(), buffer, publish.topicOffset(), publish.topicLength());
    }

    private void print(final DirectBuffer buffer, final int offset) {
        if (output == Output.text || EventHeader.type(buffer, offset) != EventType.PUBLISH) {
            out.println(text.line(buffer, offset));
        } else {
            out.println(json(buffer, offset));
        }
    }

    private String json(final DirectBuffer buffer, final int offset) {
        publish.wrap(buffer, offset);
        final byte[] payload = new byte[publish.payloadLength()];
        buffer.getBytes(publish.payloadOffset(), payload);
        final ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), line)) {
            json.writeStartObject();
            json.writeStringProperty("time", EventText.time(EventHeader.timestampNs(buffer, offset)));
            json.writeNumberProperty("position", EventHeader.position(buffer, offset));
            json.writeStringProperty(
                    "client", EventText.text(buffer, publish.clientIdOffset(), publish.clientIdLength()));
            json.writeStringProperty("topic", EventText.text(buffer, publish.topicOffset(), publish.topicLength()));
            json.writeNumberProperty("qos", publish.qos());
            json.writeBooleanProperty("retain", publish.isRetain());
            json.writeStringProperty("payload", Base64.getEncoder().encodeToString(payload));
            json.writeEndObject();
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
