package io.ringmain.perf.load;

import io.ringmain.engine.core.BrokerCore;
import io.ringmain.engine.core.CoreLimits;
import io.ringmain.engine.core.SilentOutput;
import io.ringmain.engine.driver.Recovery;
import io.ringmain.engine.driver.SnapshotFiles;
import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.BrokerProcess;
import io.ringmain.perf.report.Report;
import io.ringmain.storage.log.ChronicleMessageLog;
import io.ringmain.storage.log.LogContext;
import io.ringmain.storage.log.LogInspector;
import io.ringmain.storage.log.LogReader;
import io.ringmain.storage.log.MessageLog;
import io.ringmain.storage.snapshot.SnapshotDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code ringmain bench log}: how fast the log is written, checked, read, and replayed into a core. All but the events
 * for the replay, which a broker makes, happens in this process, on one thread, with the page cache warm.
 */
@Command(
        name = "log",
        description = "Measure appending, verifying, scanning and replaying.",
        mixinStandardHelpOptions = true)
final class LogBench implements Callable<Integer> {
    private static final List<String> SETTINGS = StateScenarios.settings(List.of("storage.durability=append"));

    @Mixin
    private BrokerOptions broker;

    @Option(
            names = "--blocks",
            split = ",",
            description = "Records in a block, default ${DEFAULT-VALUE}.",
            defaultValue = "1,16,128")
    private List<Integer> blocks;

    @Option(
            names = "--records",
            split = ",",
            description = "Bytes of a record, default ${DEFAULT-VALUE}.",
            defaultValue = "64,256,1024")
    private List<Integer> lengths;

    @Option(
            names = "--seconds",
            description = "How long each append is measured, behind half as long for warming up; default"
                    + " ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private double seconds;

    @Option(
            names = "--events",
            description = "QoS 1 messages, taken by a subscriber, for verifying, scanning and replaying; default"
                    + " ${DEFAULT-VALUE}.",
            defaultValue = "1000000")
    private int events;

    private final Report report = new Report("log");

    @Override
    public Integer call() throws Exception {
        report.fact("seconds each", seconds).fact("events", events).fact("broker", broker.text(SETTINGS));
        for (final int length : lengths) {
            for (final int block : blocks) {
                append(block, length, false);
                append(block, length, true);
            }
        }
        readWhatABrokerWrote();
        report.publish(System.out, broker.json());
        return 0;
    }

    private void append(final int block, final int length, final boolean forced) throws IOException {
        final Path data = broker.newData();
        try (MessageLog log = ChronicleMessageLog.open(new LogContext().dataDir(data))) {
            final UnsafeBuffer record = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
            record.putInt(0, length, ByteOrder.LITTLE_ENDIAN);
            appendFor(seconds / 2, log, record, block, forced);
            final long startNs = System.nanoTime();
            final long count = appendFor(seconds, log, record, block, forced);
            row(
                    "append " + block + " x " + length + " B" + (forced ? ", force" : ""),
                    count,
                    count * length,
                    System.nanoTime() - startNs);
        } finally {
            BrokerOptions.delete(data);
        }
    }

    private static long appendFor(
            final double seconds,
            final MessageLog log,
            final UnsafeBuffer record,
            final int block,
            final boolean forced) {
        final long endNs = System.nanoTime() + (long) (seconds * 1e9);
        long count = 0;
        while (System.nanoTime() < endNs) {
            log.beginBlock(1);
            for (int i = 0; i < block; i++) {
                if (!log.append(record, 0, record.capacity())) {
                    log.endBlock();
                    log.beginBlock(1);
                    log.append(record, 0, record.capacity());
                }
            }
            log.endBlock();
            count += block;
            if (forced) {
                log.force();
            }
        }
        return count;
    }

    private void row(final String what, final long records, final long bytes, final long elapsedNs) {
        report.row()
                .cell("what", what)
                .cell("records/s", records * 1e9 / elapsedNs)
                .cell("MB/s", bytes * 1e3 / elapsedNs);
    }

    private void readWhatABrokerWrote() throws IOException {
        final Path data = broker.newData();
        try {
            makeEvents(data);
            verify(data);
            verify(data);
            openAndReplay(data);
        } finally {
            BrokerOptions.delete(data);
        }
    }

    /** Messages from a publisher to a subscriber: events of both, acknowledgements too. */
    private void makeEvents(final Path data) throws IOException {
        try (BrokerProcess process = broker.start(data, SETTINGS)) {
            final Flow flow = new Flow(FlowPlan.of(BrokerProcess.HOST, process.port(), 1, 100));
            try (LoadRun run = new LoadRun(List.of(flow))) {
                run.publish(events);
            }
            process.terminate();
        }
    }

    private void verify(final Path data) {
        final LogInspector inspector = LogInspector.open(data);
        final long startNs = System.nanoTime();
        final LogInspector.Summary summary = inspector.verify(finding -> {}, (done, total, records) -> {});
        row("verify", summary.records(), summary.nextPosition(), System.nanoTime() - startNs);
    }

    /** What a start does. */
    private void openAndReplay(final Path data) {
        final long openNs = System.nanoTime();
        try (MessageLog log = ChronicleMessageLog.open(new LogContext().dataDir(data))) {
            final long[] records = new long[1];
            final long opened = System.nanoTime() - openNs;
            final long scanNs = System.nanoTime();
            try (LogReader reader = log.newReader()) {
                reader.scan(0, (position, buffer, offset, length) -> ++records[0] > 0);
            }
            final long scanned = System.nanoTime() - scanNs;
            row("open, checking all", records[0], log.appendPosition(), opened);
            row("scan", records[0], log.appendPosition(), scanned);
            for (int i = 0; i < 2; i++) {
                final long replayNs = System.nanoTime();
                Recovery.recover(
                        log,
                        new SnapshotFiles(new SnapshotDirectory(data), line -> {}).newestFirst(),
                        () -> new BrokerCore(new CoreLimits(), new SilentOutput()),
                        line -> {});
                row("replay into a core", records[0], log.appendPosition(), System.nanoTime() - replayNs);
            }
        }
    }
}
