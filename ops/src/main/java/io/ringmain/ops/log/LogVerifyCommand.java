package io.ringmain.ops.log;

import io.ringmain.ops.ExitCode;
import io.ringmain.storage.log.LogAnchor;
import io.ringmain.storage.log.LogException;
import io.ringmain.storage.log.LogInspector;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code ringmain log verify}: checks every byte of the log. */
@Command(
        name = "verify",
        description =
                "Check every record, block and link of the log, and its hash chain against what was sealed; print the head of"
                        + " the chain. Exit 6 if something is damaged or was altered, saying where.",
        mixinStandardHelpOptions = true)
public final class LogVerifyCommand implements Callable<Integer> {
    @Option(names = "--data", paramLabel = "DIR", description = "Data directory, default ./data.")
    private Path data = Path.of("data");

    @Option(
            names = "--anchor",
            paramLabel = "POSITION:HASH",
            description = "Exit 6 unless the chain had this head at this position, as printed by an earlier verify.",
            converter = AnchorConverter.class)
    private LogAnchor anchor;

    private final boolean showProgress = Boolean.getBoolean("ringmain.terminal");
    private final long startNs = System.nanoTime();

    @Override
    public Integer call() {
        try {
            final LogInspector.Summary summary =
                    LogInspector.open(data).verify(anchor, System.out::println, this::progress);
            summary.gaps().forEach(gap -> System.out.println("salvaged gap: " + gap));
            System.out.printf(
                    Locale.ROOT,
                    "%s: %,d segments, %,d blocks, %,d records, positions %d to %d, head %s at position %d%s%n",
                    verdict(summary),
                    summary.segments(),
                    summary.blocks(),
                    summary.records(),
                    summary.firstPosition(),
                    summary.nextPosition(),
                    summary.head(),
                    summary.nextPosition(),
                    kept(summary));
            if (anchor != null && summary.findings() == 0) {
                System.out.println("anchor " + anchor + " holds: nothing before it was altered since it was noted");
            }
            final double seconds = seconds();
            System.err.printf(
                    Locale.ROOT,
                    "%,.1f MB in %.2f s, %,.0f MB/s%n",
                    megabytes(summary.bytes()),
                    seconds,
                    megabytes(summary.bytes()) / seconds);
            return summary.findings() == 0 ? ExitCode.OK : ExitCode.DAMAGED;
        } catch (final LogException ex) {
            System.err.println("ringmain: " + ex.getMessage());
            return ex.isDamage() ? ExitCode.DAMAGED : ExitCode.NOT_FOUND;
        }
    }

    private static String verdict(final LogInspector.Summary summary) {
        if (summary.findings() > 0) {
            return "damaged, " + summary.findings() + " found";
        }
        return summary.gaps().isEmpty()
                ? "intact"
                : "intact but for " + summary.gaps().size() + " salvaged gaps";
    }

    private double seconds() {
        return (double) (System.nanoTime() - startNs) / TimeUnit.SECONDS.toNanos(1);
    }

    private static double megabytes(final long bytes) {
        return (double) bytes / (1 << 20);
    }

    static final class AnchorConverter implements ITypeConverter<LogAnchor> {
        @Override
        public LogAnchor convert(final String text) {
            try {
                return LogAnchor.parse(text);
            } catch (final IllegalArgumentException ex) {
                throw new TypeConversionException(ex.getMessage());
            }
        }
    }

    private static String kept(final LogInspector.Summary summary) {
        return summary.keptFiles() == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        "; %,d records kept of older segments in %,d files",
                        summary.keptRecords(),
                        summary.keptFiles());
    }

    private void progress(final long doneBytes, final long totalBytes, final long records) {
        if (!showProgress || doneBytes == 0) {
            return;
        }
        final double bytesPerSecond = doneBytes / seconds();
        System.err.printf(
                Locale.ROOT,
                "\rverify %3d%%  %,d MB/%,d MB  %,.0f MB/s  eta %.0f s   records %,d ",
                100 * doneBytes / Math.max(doneBytes, totalBytes),
                doneBytes >> 20,
                totalBytes >> 20,
                bytesPerSecond / (1 << 20),
                (totalBytes - doneBytes) / bytesPerSecond,
                records);
        if (doneBytes >= totalBytes) {
            System.err.println();
        }
    }
}
