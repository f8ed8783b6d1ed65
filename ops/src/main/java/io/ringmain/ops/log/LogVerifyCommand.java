package io.ringmain.ops.log;

import io.ringmain.ops.ExitCode;
import io.ringmain.storage.log.LogException;
import io.ringmain.storage.log.LogInspector;
import java.nio.file.Path;
import java.util.concurrent.Callable;
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

    @Override
    public Integer call() {
        try {
            final LogInspector.Summary summary =
                    LogInspector.open(data).verify(System.out::println, LogVerifyCommand::progress);
            System.out.printf(
                    "%s: %d segments, %d blocks, %d records, positions %d to %d, head crc %08x%n",
                    summary.findings() == 0 ? "intact" : "damaged",
                    summary.segments(),
                    summary.blocks(),
                    summary.records(),
                    summary.firstPosition(),
                    summary.nextPosition(),
                    summary.headCrc());
            return summary.findings() == 0 ? ExitCode.OK : ExitCode.DAMAGED;
        } catch (final LogException ex) {
            System.err.println("ringmain: " + ex.getMessage());
            return ExitCode.NOT_FOUND;
        }
    }

    private static void progress(final long doneBytes, final long totalBytes, final long records) {
        if (System.console() != null && totalBytes > 0) {
            System.err.printf(
                    "\rverify %3d%%  %,d MB/%,d MB  records %,d ",
                    100 * doneBytes / totalBytes, doneBytes >> 20, totalBytes >> 20, records);
            if (doneBytes == totalBytes) {
                System.err.println();
            }
        }
    }
}
