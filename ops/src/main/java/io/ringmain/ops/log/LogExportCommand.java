package io.ringmain.ops.log;

import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.NoteEvent;
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
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.agrona.DirectBuffer;
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
            "Of a will the CONNECT that holds it goes along. Exit 9 if the file is there already."
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

    private final TreeSet<Long> connects = new TreeSet<>();

    @Override
    public Integer call() {
        if (Files.exists(file)) {
            System.err.println("ringmain: " + file + " is there already: nothing is overwritten");
            return ExitCode.REFUSED;
        }
        return LogErrors.guard(this::export);
    }

    private int export() {
        try (LogScan scan = LogScan.open(selection)) {
            if (selection.mayBe(RecordType.WILL)) {
                scan.takenOnly().run(this::noteWill);
            }
            try (ArchiveWriter archive = new ArchiveWriter(file, text())) {
                scan.progress(ScanProgress.of("export")).run(record -> {
                    addConnects(scan, archive, record.position());
                    return add(archive, record.buffer(), record.offset());
                });
                print(archive.finish());
            }
            return ExitCode.OK;
        } catch (final IOException | UncheckedIOException ex) {
            System.err.println("ringmain: can't write " + file + ": " + ex.getMessage());
            return ExitCode.FAILED;
        }
    }

    /** The message of a will lies in the CONNECT, which may be anywhere before. */
    private boolean noteWill(final LogRecord record) {
        if (record.type() == RecordType.WILL && record.hasMessage()) {
            connects.add(NoteEvent.message(record.buffer(), record.offset()));
        }
        return true;
    }

    private void addConnects(final LogScan scan, final ArchiveWriter archive, final long beforePosition) {
        while (!connects.isEmpty() && connects.first() <= beforePosition) {
            final long position = connects.pollFirst();
            if (position < beforePosition) {
                scan.log().scan(position, (found, buffer, offset, length) -> {
                    if (found == position) {
                        add(archive, buffer, offset);
                    }
                    return false;
                });
            }
        }
    }

    private static boolean add(final ArchiveWriter archive, final DirectBuffer buffer, final int offset) {
        try {
            archive.add(
                    EventHeader.position(buffer, offset),
                    EventHeader.timestampNs(buffer, offset),
                    buffer,
                    offset,
                    EventHeader.length(buffer, offset));
            return true;
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
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
