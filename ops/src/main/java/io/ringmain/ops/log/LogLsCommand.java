package io.ringmain.ops.log;

import io.ringmain.ops.ExitCode;
import io.ringmain.storage.log.LogException;
import io.ringmain.storage.log.LogInspector;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ringmain log ls}: the segments and what they hold. */
@Command(
        name = "ls",
        description = "List the segments of the log, oldest first: positions, times, records, bytes of the file.",
        mixinStandardHelpOptions = true)
public final class LogLsCommand implements Callable<Integer> {
    @Option(names = "--data", paramLabel = "DIR", description = "Data directory, default ./data.")
    private Path data = Path.of("data");

    @Override
    public Integer call() {
        try {
            for (final LogInspector.SegmentSummary segment :
                    LogInspector.open(data).summaries()) {
                System.out.printf(
                        Locale.ROOT,
                        "%s  @%d to @%d  %s to %s  %,d records  %,d bytes%n",
                        segment.file().getFileName(),
                        segment.firstPosition(),
                        segment.nextPosition(),
                        EventText.time(segment.firstTimestampNs()),
                        EventText.time(segment.lastTimestampNs()),
                        segment.records(),
                        segment.fileBytes());
            }
            return ExitCode.OK;
        } catch (final LogException ex) {
            System.err.println("ringmain: " + ex.getMessage());
            return ex.isDamage() ? ExitCode.DAMAGED : ExitCode.NOT_FOUND;
        }
    }
}
