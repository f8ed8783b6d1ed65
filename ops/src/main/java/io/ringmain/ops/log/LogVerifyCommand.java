package io.ringmain.ops.log;

import io.ringmain.ops.ExitCode;
import io.ringmain.storage.log.LogException;
import io.ringmain.storage.log.LogInspector;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ringmain log verify}: checks every byte of the log. */
@Command(
        name = "verify",
        description = "Check every record, block and link of the log; exit 6 if something is damaged, saying where.",
        mixinStandardHelpOptions = true)
public final class LogVerifyCommand implements Callable<Integer> {
    @Option(names = "--data", paramLabel = "DIR", description = "Data directory, default ./data.")
    private Path data = Path.of("data");

    private final boolean showProgress = Boolean.getBoolean("ringmain.terminal");
    private final long startNs = System.nanoTime();

    @Override
    public Integer call() {
        try {
            final LogInspector.Summary summary = LogInspector.open(data).verify(System.out::println, this::progress);
            System.out.printf(
                    Locale.ROOT,
                    "%s: %,d segments, %,d blocks, %,d records, positions %d to %d, head crc %08x%s%n",
                    summary.findings() == 0 ? "intact" : "damaged, " + summary.findings() + " found",
                    summary.segments(),
                    summary.blocks(),
                    summary.records(),
                    summary.firstPosition(),
                    summary.nextPosition(),
                    summary.headCrc(),
                    kept(summary));
            return summary.findings() == 0 ? ExitCode.OK : ExitCode.DAMAGED;
        } catch (final LogException ex) {
            System.err.println("ringmain: " + ex.getMessage());
            return ex.isDamage() ? ExitCode.DAMAGED : ExitCode.NOT_FOUND;
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
        final double seconds = (double) (System.nanoTime() - startNs) / TimeUnit.SECONDS.toNanos(1);
        final double bytesPerSecond = doneBytes / seconds;
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
