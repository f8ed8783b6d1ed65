package io.ringmain.ops.log;

import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.ops.ExitCode;
import io.ringmain.storage.log.LogException;
import io.ringmain.storage.log.LogInspector;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.agrona.DirectBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ringmain log get}: one record, whole. */
@Command(
        name = "get",
        description = "Print the record at a position as JSON, or the payload alone; exit 7 if none starts there.",
        mixinStandardHelpOptions = true)
public final class LogGetCommand implements Callable<Integer> {
    @Option(names = "--data", paramLabel = "DIR", description = "Data directory, default ./data.")
    private Path data = Path.of("data");

    @Option(names = "--payload", description = "The bytes of the payload, and nothing else.")
    private boolean payloadOnly;

    @Parameters(paramLabel = "@POSITION", converter = LogPoint.Converter.class)
    private LogPoint place;

    private final PublishEvent publish = new PublishEvent();
    private boolean found;

    @Override
    public Integer call() {
        if (place.isTime()) {
            System.err.println("ringmain: expected @POSITION, as log cat prints it");
            return ExitCode.USAGE;
        }
        try {
            LogInspector.open(data).scan(place.position(), (position, buffer, offset, length) -> {
                if (position == place.position()) {
                    print(buffer, offset);
                }
                return false;
            });
        } catch (final LogException ex) {
            System.err.println("ringmain: " + ex.getMessage());
            return ex.isDamage() ? ExitCode.DAMAGED : ExitCode.NOT_FOUND;
        }
        if (!found) {
            System.err.println("ringmain: no record starts at position " + place.position());
        }
        return found ? ExitCode.OK : ExitCode.NOT_FOUND;
    }

    private void print(final DirectBuffer buffer, final int offset) {
        found = true;
        final boolean isPublish = EventHeader.type(buffer, offset) == EventType.PUBLISH;
        publish.wrap(buffer, offset);
        final PrintStream out = System.out;
        if (payloadOnly) {
            final byte[] payload = new byte[isPublish ? publish.payloadLength() : 0];
            if (isPublish) {
                buffer.getBytes(publish.payloadOffset(), payload);
            }
            out.write(payload, 0, payload.length);
            out.flush();
        } else {
            final Origin origin = new Origin().wrap(buffer, offset);
            out.println(new EventJson().line(buffer, offset, origin.isPresent() ? origin.clientId() : null));
        }
    }
}
