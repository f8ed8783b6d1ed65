package io.ringmain.ops.log;

import io.ringmain.ops.ExitCode;
import io.ringmain.storage.log.ArchiveSummary;
import io.ringmain.storage.log.ArchiveWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ringmain log export}: records into a file of their own, as they are. */
@Command(
        name = "export",
        description = {
            "Write the selected records to an archive, each with all its bytes and under its position; 'log import' makes a"
                    + " data directory of it.",
            "Of a will the CONNECT that holds it goes along, of a message that the broker didn't take the record that"
                    + " says so. Exit 9 if the file is there already."
        },
        mixinStandardHelpOptions = true)
public final class LogExportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private Selection selection;

    @Option(
            names = "--node",
            paramLabel = "NAME",
            description = "Where the log is from, default the name of this host.")
    private String node;

    @Parameters(paramLabel = "FILE", description = "The archive to write.")
    private Path file;

    @Override
    public Integer call() {
        if (Files.exists(file)) {
            System.err.println("ringmain: " + file + " is there already: nothing is overwritten");
            return ExitCode.REFUSED;
        }
        return LogErrors.guard(this::export);
    }

    private int export() {
        try (LogScan scan = LogScan.open(selection).progress(ScanProgress.of("export"));
                ArchiveWriter archive = new ArchiveWriter(file, text())) {
            new ExportScan(scan, selection).writeTo(archive);
            print(archive.finish());
            return ExitCode.OK;
        } catch (final IOException | UncheckedIOException ex) {
            System.err.println("ringmain: can't write " + file + ": " + ex.getMessage());
            return ExitCode.FAILED;
        }
    }

    private String text() {
        final String arguments =
                arguments().stream().map(PrintableText::escaped).collect(Collectors.joining(" "));
        return "node: " + (node == null ? host() : PrintableText.escaped(node)) + "\nselection: "
                + (arguments.isEmpty() ? "all messages" : arguments) + "\nmade: "
                + Instant.now().truncatedTo(ChronoUnit.MICROS) + "\n";
    }

    /** What was asked for, as it was written, but for where. */
    private List<String> arguments() {
        final List<String> all = command.commandLine().getParseResult().originalArgs();
        final int start = all.indexOf(command.name()) + 1;
        return all.subList(start, all.size()).stream()
                .filter(argument -> !argument.equals(file.toString()))
                .toList();
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (final UnknownHostException ex) {
            return "unknown";
        }
    }

    private static void print(final ArchiveSummary summary) {
        System.out.printf(
                Locale.ROOT,
                "exported %,d records, positions %d to %d, %,d bytes, sha256 %s%n",
                summary.records(),
                summary.firstPosition(),
                summary.nextPosition(),
                summary.fileBytes(),
                summary.sha256());
    }
}
