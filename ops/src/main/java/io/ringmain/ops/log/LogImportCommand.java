package io.ringmain.ops.log;

import io.ringmain.ops.ExitCode;
import io.ringmain.storage.log.ArchiveImport;
import io.ringmain.storage.log.ArchiveSummary;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ringmain log import}: an archive into a data directory of its own, to be read. */
@Command(
        name = "import",
        description = {
            "Verify an archive of 'log export' and make a new data directory of it, for the commands that read; a broker"
                    + " doesn't start on it.",
            "Exit 6 if the archive is damaged, 9 if the directory has a log already or is in use."
        },
        mixinStandardHelpOptions = true)
public final class LogImportCommand implements Callable<Integer> {
    @Option(names = "--data", paramLabel = "DIR", required = true, description = "The directory to make.")
    private Path data;

    @Parameters(paramLabel = "FILE", description = "The archive.")
    private Path file;

    @Override
    public Integer call() {
        final String obstacle = ArchiveImport.obstacle(data);
        if (obstacle != null) {
            System.err.println("ringmain: " + obstacle + ": nothing was imported");
            return ExitCode.REFUSED;
        }
        return LogErrors.guard(() -> {
            print(run());
            return ExitCode.OK;
        });
    }

    private ArchiveSummary run() {
        try (ByteProgress progress = new ByteProgress("import")) {
            return ArchiveImport.run(file, data, progress);
        }
    }

    private static void print(final ArchiveSummary summary) {
        System.out.printf(
                Locale.ROOT,
                "imported %,d records, positions %d to %d, sha256 %s%n",
                summary.records(),
                summary.firstPosition(),
                summary.nextPosition(),
                summary.sha256());
        summary.text().lines().map(PrintableText::escaped).forEach(System.out::println);
    }
}
