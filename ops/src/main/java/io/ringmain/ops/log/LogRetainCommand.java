package io.ringmain.ops.log;

import io.ringmain.ops.ConfigOptions;
import io.ringmain.ops.ExitCode;
import io.ringmain.ops.config.Config;
import io.ringmain.storage.log.LogException;
import io.ringmain.storage.log.LogInspector;
import io.ringmain.storage.log.Retention;
import io.ringmain.storage.log.RetentionPlan;
import io.ringmain.storage.snapshot.SnapshotDirectory;
import io.ringmain.storage.snapshot.SnapshotException;
import io.ringmain.storage.snapshot.SnapshotReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.agrona.concurrent.SystemEpochNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringmain log retain}: what retention would remove. */
@Command(
        name = "retain",
        description = "Show which segments retention would remove, and why; nothing is removed.",
        mixinStandardHelpOptions = true)
public final class LogRetainCommand implements Callable<Integer> {
    private static final String KEY = "storage.log.retention.";

    @Option(names = "--data", paramLabel = "DIR", description = "Data directory, default that of the configuration.")
    private Path data;

    @Option(names = "--dry-run", description = "Only show; the command does nothing else.")
    private boolean dryRun;

    @Option(names = "--time", paramLabel = "DURATION", description = "As storage.log.retention.time, such as 30d.")
    private String time;

    @Option(names = "--size", paramLabel = "SIZE", description = "As storage.log.retention.size, such as 500GB.")
    private String size;

    @Option(names = "--min-free", paramLabel = "PERCENT", description = "As storage.log.retention.min_free.")
    private String minFree;

    @Mixin
    private ConfigOptions options;

    @Override
    public Integer call() {
        if (!dryRun) {
            System.err.println("ringmain: the broker removes segments by itself, when it has taken a snapshot, by the"
                    + " rules of its configuration; --dry-run shows what would go");
            return ExitCode.REFUSED;
        }
        final Config config = ConfigOptions.loadOrReport(options.loader()
                .option(KEY + "time", time, "--time")
                .option(KEY + "size", size, "--size")
                .option(KEY + "min_free", minFree, "--min-free"));
        if (config == null) {
            return ExitCode.CONFIGURATION;
        }
        final Path dir = data == null ? config.toContext().dataDir() : data;
        try {
            show(dir, config.toContext().retention());
            return ExitCode.OK;
        } catch (final LogException | SnapshotException ex) {
            System.err.println("ringmain: " + ex.getMessage());
            return ExitCode.NOT_FOUND;
        }
    }

    private static void show(final Path dir, final Retention retention) {
        final LogInspector inspector = LogInspector.open(dir);
        final List<RetentionPlan.Line> lines =
                RetentionPlan.of(inspector, retention, newestSnapshot(dir), SystemEpochNanoClock.INSTANCE.nanoTime());
        int going = 0;
        long bytes = 0;
        for (final RetentionPlan.Line line : lines) {
            final LogInspector.SegmentSummary segment = line.segment();
            System.out.printf(
                    Locale.ROOT,
                    "%s  %s  @%d to @%d  %,d bytes: %s%n",
                    line.goes() ? "goes " : "stays",
                    segment.file().getFileName(),
                    segment.firstPosition(),
                    segment.nextPosition(),
                    segment.fileBytes(),
                    line.why());
            going += line.goes() ? 1 : 0;
            bytes += line.goes() ? segment.fileBytes() : 0;
        }
        System.out.printf(
                Locale.ROOT,
                "%,d of %,d segments would go at the next snapshot, %,d bytes%s%n",
                going,
                lines.size(),
                bytes,
                going == 0 ? "" : "; live records in them would be kept");
    }

    /** Position of the newest snapshot that is intact, -1 if there is none. */
    private static long newestSnapshot(final Path dir) {
        for (final Path file : new SnapshotDirectory(dir).list()) {
            try {
                return SnapshotReader.verify(file).position();
            } catch (final SnapshotException ex) {
                System.err.println("ringmain: not used: " + ex.getMessage());
            }
        }
        return -1;
    }
}
