package io.ringmain.ops.log;

import io.ringmain.ops.ExitCode;
import io.ringmain.storage.log.LogInspector;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringmain log tail}: the last messages, and those that come. */
@Command(
        name = "tail",
        description =
                "Print the last recorded messages, 10 without -n; with -f also those that a broker records from then"
                        + " on, until interrupted.",
        mixinStandardHelpOptions = true)
public final class LogTailCommand implements Callable<Integer> {
    private static final long DEFAULT_COUNT = 10;
    private static final long POLL_MS = 100;

    @Mixin
    private Selection selection;

    @Mixin
    private RecordOutput output;

    @Option(names = "-f", description = "Follow the log, also when segments are begun and removed.")
    private boolean follow;

    @Override
    public Integer call() {
        if (follow && output.output() == Output.json) {
            System.err.println("ringmain: an array has an end, and what is followed has none: use -o ndjson");
            return ExitCode.USAGE;
        }
        return LogErrors.guard(this::tail);
    }

    private int tail() {
        final ScanProgress progress = ScanProgress.of("tail");
        try (LogScan scan = LogScan.open(selection).progress(progress);
                RecordRows rows = output.open(progress)) {
            final List<LogInspector.SegmentSummary> segments = scan.log().summaries();
            final long end =
                    segments.isEmpty() ? 0 : segments.get(segments.size() - 1).nextPosition();
            last(scan, segments, end).forEach(rows::add);
            rows.flush();
            if (follow) {
                follow(scan, rows, end);
            }
        }
        return ExitCode.OK;
    }

    /** The last records that match, oldest first: reads a segment after the other from the end until there are enough. */
    private Iterable<LogRecord> last(
            final LogScan scan, final List<LogInspector.SegmentSummary> segments, final long end) {
        final long count = selection.count(DEFAULT_COUNT);
        final long start = selection.start(scan.log());
        final ArrayDeque<LogRecord> last = new ArrayDeque<>();
        long limit = end;
        // Before the first segment there may be records that were kept of those that are gone.
        for (int i = segments.size() - 1; i >= -1 && last.size() < count && limit > start; i--) {
            final long from = Math.max(start, i < 0 ? 0 : segments.get(i).firstPosition());
            final List<LogRecord> found = lastOf(scan, from, limit, count - last.size());
            for (int j = found.size() - 1; j >= 0; j--) {
                last.addFirst(found.get(j));
            }
            limit = from;
        }
        return last;
    }

    private static List<LogRecord> lastOf(final LogScan scan, final long from, final long limit, final long count) {
        final ArrayDeque<LogRecord> last = new ArrayDeque<>();
        scan.run(from, limit, record -> {
            last.addLast(record.copy());
            if (last.size() > count) {
                last.removeFirst();
            }
            return true;
        });
        return List.copyOf(last);
    }

    private static void follow(final LogScan scan, final RecordRows rows, final long end) {
        long position = end;
        do {
            position = scan.poll(position, rows::add);
            rows.flush();
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MS);
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
                return;
            }
        } while (!scan.isOver());
    }
}
