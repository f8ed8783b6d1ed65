package io.ringmain.ops.log;

import io.ringmain.ops.ExitCode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringmain log stats}: how much of what was recorded. */
@Command(
        name = "stats",
        description =
                "Count recorded messages, with --all records of all types: by type, QoS, topic, client, user. Messages"
                        + " that the broker didn't take are left out without --all.",
        mixinStandardHelpOptions = true)
public final class LogStatsCommand implements Callable<Integer> {
    private static final List<Column<Tally.Count>> COLUMNS = List.of(
            Column.text("by", Tally.Count::by),
            Column.text("name", Tally.Count::name),
            Column.number("records", Tally.Count::records),
            Column.number("bytes", Tally.Count::bytes),
            Column.number("payload_bytes", Tally.Count::payloadBytes),
            Column.text("first", count -> time(count, count.firstNs())),
            Column.text("last", count -> time(count, count.lastNs())),
            Column.number("per_second", LogStatsCommand::rate));

    @Mixin
    private Selection selection;

    @Option(names = "-o", paramLabel = "table|json|ndjson|csv", description = "Output, default table.")
    private Output output = Output.table;

    @Option(names = "--top", paramLabel = "COUNT", description = "So many topics, clients and users, default 10.")
    private int top = 10;

    @Option(
            names = "--max-names",
            paramLabel = "COUNT",
            description = "Tell so many topics, clients and users apart, default 100000; others are counted together.")
    private int maxNames = 100_000;

    private final Tally total = new Tally("total", 1);
    private final Tally types = new Tally("type", RecordType.values().length);
    private final Tally qos = new Tally("qos", 3);

    @Override
    public Integer call() {
        return LogErrors.guard(this::count);
    }

    private int count() {
        final List<Tally> names =
                List.of(new Tally("topic", maxNames), new Tally("client", maxNames), new Tally("user", maxNames));
        final ScanProgress progress = ScanProgress.of("stats");
        try (LogScan scan = LogScan.open(selection).takenOnly().progress(progress)) {
            try {
                scan.run(record -> {
                    add(record, names);
                    return true;
                });
            } finally {
                // At damage, what was read before it counts.
                print(names);
            }
        }
        return ExitCode.OK;
    }

    private void add(final LogRecord record, final List<Tally> names) {
        total.add("", record);
        types.add(record.type().toString(), record);
        if (record.hasMessage()) {
            qos.add(Integer.toString(record.qos()), record);
        }
        names.get(0).add(record.topic(), record);
        names.get(1).add(record.client(), record);
        final String user = record.origin().isPresent() ? record.origin().username() : "";
        names.get(2).add(user.isEmpty() ? null : user, record);
    }

    private void print(final List<Tally> names) {
        final List<Tally.Count> counts = new ArrayList<>(total.top(1));
        counts.addAll(types.top(Integer.MAX_VALUE));
        counts.addAll(qos.top(Integer.MAX_VALUE));
        for (final Tally tally : names) {
            counts.addAll(tally.top(top));
            if (tally.beyond().records() > 0) {
                counts.add(tally.beyond());
            }
        }
        try (Rows<Tally.Count> rows = Rows.of(output, COLUMNS, new DataOut())) {
            counts.forEach(rows::add);
        }
    }

    private static String time(final Tally.Count count, final long timeNs) {
        return count.records() == 0 ? null : EventText.time(timeNs);
    }

    private static Object rate(final Tally.Count count) {
        final Double rate = count.rate();
        return rate == null ? null : new BigDecimal(String.format(Locale.ROOT, "%.3f", rate));
    }
}
