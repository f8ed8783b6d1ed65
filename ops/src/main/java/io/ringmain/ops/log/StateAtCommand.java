package io.ringmain.ops.log;

import io.ringmain.engine.PastState;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.ops.ExitCode;
import io.ringmain.storage.log.LogInspector;
import io.ringmain.storage.log.LogReader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ringmain state at}: sessions, subscriptions and retained messages as of a moment. */
@Command(
        name = "at",
        description = {
            "Print sessions, subscriptions or retained messages as they were behind the last event at or before a place:"
                    + " the newest snapshot before it is loaded, and the log replayed from there, by the broker's own core.",
            "Exit 7 if neither the log nor a snapshot reaches back so far."
        },
        mixinStandardHelpOptions = true)
public final class StateAtCommand implements Callable<Integer> {
    private static final long NONE = -1;

    /** What is printed. */
    enum What {
        sessions,
        subscriptions,
        retained,
        all
    }

    private CommandSpec command;

    /** {@code -15m} is a place here, and not an option that nobody knows. */
    @Spec
    void command(final CommandSpec spec) {
        command = spec;
        spec.parser().unmatchedOptionsArePositionalParams(true);
    }

    @Option(names = "--data", paramLabel = "DIR", description = "Data directory, default ./data.")
    private Path data = Path.of("data");

    @Parameters(
            index = "0",
            paramLabel = "TIME|@POSITION",
            description = "A time (2026-11-23T08:15, UTC), -15m, or @POSITION.",
            converter = LogPoint.Converter.class)
    private LogPoint place;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "sessions|subscriptions|retained|all",
            description = "What to print, default all.")
    private What what = What.all;

    @Option(
            names = {"-t", "--topic"},
            paramLabel = "FILTER",
            description =
                    "Only retained messages whose topic this filter matches, and subscriptions of this very filter.",
            converter = Selection.FilterConverter.class)
    private UnsafeBuffer filter;

    @Option(names = "--client", paramLabel = "ID", description = "Only what is of this client.")
    private String client;

    @Option(names = "-o", paramLabel = "table|json|ndjson|csv", description = "Output, default table.")
    private Output output = Output.table;

    @Override
    public Integer call() {
        if (what == What.all && (output == Output.json || output == Output.csv)) {
            throw new ParameterException(
                    command.commandLine(), "-o " + output + " is for one of sessions, subscriptions, retained");
        }
        try {
            return LogErrors.guard(this::print);
        } catch (final OutOfMemoryError ex) {
            System.err.println("ringmain: this state needs more heap than "
                    + (Runtime.getRuntime().maxMemory() >> 20) + " MB: as much as a broker with it has (-Xmx)");
            return ExitCode.FAILED;
        }
    }

    private int print() {
        final LogInspector log = LogInspector.open(data);
        final List<LogInspector.SegmentSummary> segments = log.summaries();
        if (segments.isEmpty()) {
            System.err.println("ringmain: there is no segment in " + data + ", and so no state that could be rebuilt");
            return ExitCode.NOT_FOUND;
        }
        final long next = segments.get(segments.size() - 1).nextPosition();
        if (!place.isTime() && place.position() >= next) {
            System.err.println("ringmain: the log ends at position " + next);
            return ExitCode.NOT_FOUND;
        }
        final long last = place.isTime() ? lastBefore(log, place.timeNs()) : place.position();
        final ScanProgress progress = ScanProgress.of("state");
        progress.begin(log, 0);
        final PastState state = last == NONE
                ? null
                : PastState.at(data, last, (done, total, records) -> progress.onRecord(last - total + done));
        progress.end();
        if (state == null) {
            return tooOld(log, segments.get(0));
        }
        System.err.println("ringmain: state at position " + state.position() + ", "
                + EventText.time(state.timestampNs()) + ", digest " + Long.toHexString(state.digest()));
        try (LogReader messages = log.reader()) {
            new StatePrinter(state, messages, output)
                    .client(client)
                    .filter(filter)
                    .print(what);
        }
        return ExitCode.OK;
    }

    /** Position of the last record of this time or before; {@link #NONE} if there is none in the log. */
    private static long lastBefore(final LogInspector log, final long timeNs) {
        final long[] last = {NONE};
        log.scan(log.positionBefore(timeNs), (position, buffer, offset, length) -> {
            final boolean isBefore = EventHeader.timestampNs(buffer, offset) <= timeNs;
            last[0] = isBefore ? position : last[0];
            return isBefore;
        });
        return last[0];
    }

    private int tooOld(final LogInspector log, final LogInspector.SegmentSummary first) {
        final long oldest = PastState.oldest(data);
        final String start = "ringmain: the log begins at position " + first.firstPosition() + ", "
                + EventText.time(first.firstTimestampNs()) + ", and ";
        if (oldest < 0) {
            System.err.println(start + "no snapshot reaches into it: no state can be rebuilt");
        } else if (oldest == 0) {
            System.err.println(
                    start + "what was before is not in it; the oldest state that can be rebuilt is that at @0");
        } else {
            System.err.println(
                    start + "no snapshot reaches back so far; the oldest state that can be rebuilt is that at @"
                            + oldest + ", " + time(log, oldest));
        }
        return ExitCode.NOT_FOUND;
    }

    private static String time(final LogInspector log, final long position) {
        final long[] timeNs = {0};
        log.scan(position, (at, buffer, offset, length) -> {
            timeNs[0] = EventHeader.timestampNs(buffer, offset);
            return false;
        });
        return EventText.time(timeNs[0]);
    }
}
