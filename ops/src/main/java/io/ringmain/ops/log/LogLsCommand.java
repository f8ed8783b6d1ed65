package io.ringmain.ops.log;

import io.ringmain.ops.ExitCode;
import io.ringmain.storage.log.LogInspector;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ringmain log ls}: the segments and what they hold. */
@Command(
        name = "ls",
        description = "List the segments of the log, oldest first: positions, times, records, bytes of the file.",
        mixinStandardHelpOptions = true)
public final class LogLsCommand implements Callable<Integer> {
    private static final List<Column<LogInspector.SegmentSummary>> COLUMNS = List.of(
            Column.text("segment", segment -> segment.file().getFileName()),
            Column.number("first", LogInspector.SegmentSummary::firstPosition),
            Column.number("next", LogInspector.SegmentSummary::nextPosition),
            Column.text("from", segment -> EventText.time(segment.firstTimestampNs())),
            Column.text("to", segment -> EventText.time(segment.lastTimestampNs())),
            Column.number("records", LogInspector.SegmentSummary::records),
            Column.number("bytes", LogInspector.SegmentSummary::fileBytes));

    @Option(names = "--data", paramLabel = "DIR", description = "Data directory, default ./data.")
    private Path data = Path.of("data");

    @Option(names = "-o", paramLabel = "table|json|ndjson|csv", description = "Output, default table.")
    private Output output = Output.table;

    @Override
    public Integer call() {
        return LogErrors.guard(this::print);
    }

    private int print() {
        final List<LogInspector.SegmentSummary> segments =
                LogInspector.open(data).summaries();
        try (Rows<LogInspector.SegmentSummary> rows = Rows.of(output, COLUMNS, new DataOut())) {
            segments.forEach(rows::add);
        }
        return ExitCode.OK;
    }
}
