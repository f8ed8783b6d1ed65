package io.ringmain.ops.log;

import io.ringmain.engine.catalog.CatalogAnswer;
import io.ringmain.engine.catalog.CatalogFeed;
import io.ringmain.engine.catalog.CatalogFile;
import io.ringmain.engine.catalog.CatalogRequest;
import io.ringmain.engine.catalog.TopicCatalog;
import io.ringmain.ops.ExitCode;
import io.ringmain.protocol.TopicFilter;
import io.ringmain.storage.log.LogException;
import io.ringmain.storage.log.LogInspector;
import io.ringmain.storage.snapshot.SnapshotException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ringmain topics ls}: the topics, from the broker's catalogue as far as it goes, and from the log behind it. */
@Command(
        name = "ls",
        description = "List topics with first and last time, messages, bytes of their payloads, last publisher.",
        mixinStandardHelpOptions = true)
public final class TopicsLsCommand implements Callable<Integer> {
    private static final int MAX_TOPICS = 10_000_000;
    private static final long RECORDS_PER_LINE = 1_000_000;

    @Option(names = "--data", paramLabel = "DIR", description = "Data directory, default ./data.")
    private Path data = Path.of("data");

    @Option(names = "-t", paramLabel = "FILTER", description = "Only topics that this filter matches, default #.")
    private String filter = "#";

    @Option(names = "-n", paramLabel = "COUNT", description = "At most this many, in topic order.")
    private int count = Integer.MAX_VALUE;

    @Option(names = "-o", paramLabel = "table|json|ndjson|csv", description = "Output, default table.")
    private Output output = Output.table;

    @Option(names = "--scan", description = "Read the whole log, and not the catalogue that the broker has written.")
    private boolean scan;

    private final boolean showProgress = Boolean.getBoolean("ringmain.terminal");
    private long records;

    @Override
    public Integer call() {
        final byte[] filterBytes = filter.getBytes(StandardCharsets.UTF_8);
        final UnsafeBuffer view = new UnsafeBuffer(filterBytes);
        if (!TopicFilter.validate(view, 0, filterBytes.length) || TopicFilter.isShared(view, 0, filterBytes.length)) {
            System.err.println("ringmain: -t " + filter + ": not a topic filter");
            return ExitCode.USAGE;
        }
        try {
            final LogInspector inspector = LogInspector.open(data);
            final TopicCatalog catalog = scan ? new TopicCatalog(MAX_TOPICS) : stored(inspector);
            final int result = read(inspector, catalog);
            print(catalog.answer(CatalogRequest.of(filterBytes)));
            return result;
        } catch (final LogException ex) {
            System.err.println("ringmain: " + ex.getMessage());
            return ex.isDamage() ? ExitCode.DAMAGED : ExitCode.NOT_FOUND;
        }
    }

    /** What the broker has written, if it is intact and of this log; else nothing. */
    private TopicCatalog stored(final LogInspector inspector) {
        final Path file = CatalogFile.in(data);
        try {
            final TopicCatalog stored = CatalogFile.read(file, MAX_TOPICS);
            final boolean[] same = {stored.position() < 0};
            if (!same[0]) {
                inspector.scan(stored.position(), (position, buffer, offset, length) -> {
                    same[0] = position == stored.position() && CatalogFeed.isLast(stored, buffer, offset);
                    return false;
                });
            }
            if (same[0]) {
                return stored;
            }
            System.err.println("ringmain: " + file + " is not of this log: the whole log is read");
        } catch (final SnapshotException ex) {
            System.err.println("ringmain: " + ex.getMessage() + ": the whole log is read");
        }
        return new TopicCatalog(MAX_TOPICS);
    }

    /** Reads what the catalogue doesn't know yet; damage ends that, and what was read before counts. */
    private int read(final LogInspector inspector, final TopicCatalog catalog) {
        final CatalogFeed feed = new CatalogFeed(catalog).slice(Long.MAX_VALUE, Long.MAX_VALUE);
        try {
            inspector.scan(catalog.nextPosition(), (position, buffer, offset, length) -> {
                progress(position);
                return feed.onRecord(position, buffer, offset, length);
            });
            return ExitCode.OK;
        } catch (final LogException ex) {
            System.err.println("ringmain: " + ex.getMessage());
            return ex.isDamage() ? ExitCode.DAMAGED : ExitCode.FAILED;
        } finally {
            if (showProgress && records >= RECORDS_PER_LINE) {
                System.err.println();
            }
        }
    }

    private void progress(final long position) {
        if (++records % RECORDS_PER_LINE == 0 && showProgress) {
            System.err.printf(Locale.ROOT, "\rtopics: %,d records, %,d MB of the log ", records, position >> 20);
        }
    }

    private void print(final CatalogAnswer answer) {
        final int shown = Math.min(count, answer.size());
        try (Rows<Integer> rows = Rows.of(output, columns(answer), new DataOut())) {
            for (int i = 0; i < shown && rows.add(i); i++) {}
        }
        if (answer.messagesBeyondCap() > 0) {
            System.err.printf(
                    Locale.ROOT,
                    "ringmain: %,d messages of further topics are not shown: the catalogue is full%s%n",
                    answer.messagesBeyondCap(),
                    scan ? "" : " (catalog.max_topics); --scan reads the whole log");
        }
    }

    /** The columns of topics by their index in an answer. */
    private static List<Column<Integer>> columns(final CatalogAnswer answer) {
        return List.of(
                Column.text("topic", i -> new String(answer.topic(i), StandardCharsets.UTF_8)),
                Column.text("first", i -> EventText.time(answer.firstNs(i))),
                Column.text("last", i -> EventText.time(answer.lastNs(i))),
                Column.number("count", answer::messages),
                Column.number("bytes", answer::bytes),
                Column.text("publisher", i -> new String(answer.publisher(i), StandardCharsets.UTF_8)));
    }
}
