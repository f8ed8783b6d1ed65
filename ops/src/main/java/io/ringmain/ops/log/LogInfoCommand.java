package io.ringmain.ops.log;

import io.ringmain.ops.ExitCode;
import io.ringmain.storage.log.LogGap;
import io.ringmain.storage.log.LogInspector;
import io.ringmain.storage.snapshot.SnapshotDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ringmain log info}: what the log is, all in all. */
@Command(
        name = "info",
        description = "Print what the log holds: segments, positions, times, bytes, snapshots, and who uses it.",
        mixinStandardHelpOptions = true)
public final class LogInfoCommand implements Callable<Integer> {
    /** All that is known without reading records. */
    private record Info(
            Path data,
            String holder,
            List<LogInspector.SegmentSummary> segments,
            List<LogInspector.KeptSummary> kept,
            List<LogGap> gaps,
            List<Path> snapshots) {
        LogInspector.SegmentSummary first() {
            return segments.isEmpty() ? null : segments.get(0);
        }

        LogInspector.SegmentSummary last() {
            return segments.isEmpty() ? null : segments.get(segments.size() - 1);
        }

        long lostBytes() {
            return gaps.stream()
                    .mapToLong(gap -> gap.toPosition() - gap.fromPosition())
                    .sum();
        }
    }

    private static final List<Column<Info>> COLUMNS = List.of(
            Column.text("data", info -> info.data().toAbsolutePath().normalize()),
            Column.text("broker", info -> info.holder().isEmpty() ? null : info.holder()),
            Column.number(
                    "first_position",
                    info -> info.first() == null ? null : info.first().firstPosition()),
            Column.number(
                    "next_position",
                    info -> info.last() == null ? null : info.last().nextPosition()),
            Column.text(
                    "first_time",
                    info -> info.first() == null
                            ? null
                            : EventText.time(info.first().firstTimestampNs())),
            Column.text(
                    "last_time",
                    info -> info.last() == null
                            ? null
                            : EventText.time(info.last().lastTimestampNs())),
            Column.number("segments", info -> info.segments().size()),
            Column.number(
                    "records",
                    info -> info.segments().stream()
                            .mapToLong(LogInspector.SegmentSummary::records)
                            .sum()),
            Column.number(
                    "bytes",
                    info -> info.segments().stream()
                            .mapToLong(LogInspector.SegmentSummary::fileBytes)
                            .sum()),
            Column.number("kept_files", info -> info.kept().size()),
            Column.number(
                    "kept_records",
                    info -> info.kept().stream()
                            .mapToLong(LogInspector.KeptSummary::records)
                            .sum()),
            Column.number(
                    "kept_bytes",
                    info -> info.kept().stream()
                            .mapToLong(LogInspector.KeptSummary::fileBytes)
                            .sum()),
            Column.number("gaps", info -> info.gaps().size()),
            Column.number("lost_bytes", Info::lostBytes),
            Column.text(
                    "snapshots",
                    info -> info.snapshots().stream()
                            .map(file -> file.getFileName().toString())
                            .toList()));

    @Option(names = "--data", paramLabel = "DIR", description = "Data directory, default ./data.")
    private Path data = Path.of("data");

    @Option(
            names = "-o",
            paramLabel = "text|table|json|ndjson|csv",
            description = "Output, default text: a line for each field.")
    private Output output = Output.text;

    @Override
    public Integer call() {
        return LogErrors.guard(this::print);
    }

    private int print() {
        final LogInspector log = LogInspector.open(data);
        final Info info = new Info(
                data,
                log.holder(),
                log.summaries(),
                log.keptSummaries(),
                log.gaps(),
                new SnapshotDirectory(data).list());
        final DataOut out = new DataOut();
        if (output == Output.text) {
            for (final Column<Info> column : COLUMNS) {
                final String value =
                        PrintableText.escaped(Rows.text(column.value().apply(info)));
                out.line(String.format("%-15s %s", column.name(), value.isEmpty() ? "-" : value));
            }
            out.close();
        } else {
            try (Rows<Info> rows = Rows.of(output, COLUMNS, out)) {
                rows.add(info);
            }
        }
        return ExitCode.OK;
    }
}
