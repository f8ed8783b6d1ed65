package io.ringmain.ops;

import io.ringmain.storage.snapshot.SnapshotDirectory;
import io.ringmain.storage.snapshot.SnapshotException;
import io.ringmain.storage.snapshot.SnapshotReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ringmain snapshot}: what snapshots there are, beside a running broker too. */
@Command(
        name = "snapshot",
        description = "Look at the snapshots of a data directory, and have one taken.",
        mixinStandardHelpOptions = true,
        subcommands = {SnapshotCommand.Take.class, SnapshotCommand.Ls.class, SnapshotCommand.Verify.class})
public final class SnapshotCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        System.err.println("ringmain snapshot: which command? See 'ringmain snapshot --help'.");
        return ExitCode.USAGE;
    }

    /** Where the broker keeps its data. */
    abstract static class Listing implements Callable<Integer> {
        @Option(names = "--data", paramLabel = "DIR", description = "Data directory, default ./data.")
        private Path data = Path.of("data");

        @Override
        public Integer call() {
            try {
                final List<Path> files = new SnapshotDirectory(data).list();
                if (files.isEmpty()) {
                    System.err.println("ringmain: no snapshot in " + data);
                    return ExitCode.NOT_FOUND;
                }
                int result = ExitCode.OK;
                for (final Path file : files) {
                    result = Math.max(result, show(file));
                }
                return result;
            } catch (final SnapshotException | IOException ex) {
                System.err.println("ringmain: " + ex.getMessage());
                return ExitCode.FAILED;
            }
        }

        abstract int show(Path file) throws IOException;
    }

    /** {@code ringmain snapshot take}. */
    @Command(
            name = "take",
            description = "Have the broker that uses the data directory take a snapshot now; exit 8 if none comes.",
            mixinStandardHelpOptions = true)
    public static final class Take implements Callable<Integer> {
        private static final long POLL_MS = 20;

        @Option(names = "--data", paramLabel = "DIR", description = "Data directory, default ./data.")
        private Path data = Path.of("data");

        @Option(names = "--timeout", paramLabel = "SECONDS", description = "How long to wait, default 60.")
        private int timeoutSeconds = 60;

        @Override
        public Integer call() throws InterruptedException {
            final SnapshotDirectory directory = new SnapshotDirectory(data);
            try {
                if (!Files.isDirectory(data.resolve("log"))) {
                    System.err.println("ringmain: no broker has ever used " + data);
                    return ExitCode.NOT_FOUND;
                }
                final List<Path> before = directory.list();
                directory.request();
                final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
                while (System.nanoTime() < deadlineNs) {
                    final List<Path> now = directory.list();
                    if (!now.isEmpty() && (before.isEmpty() || !now.get(0).equals(before.get(0)))) {
                        System.out.println(now.get(0));
                        return ExitCode.OK;
                    }
                    Thread.sleep(POLL_MS);
                }
                directory.takeRequest();
                System.err.println("ringmain: no snapshot in " + timeoutSeconds + " s: is a broker running on " + data
                        + "? Its log says why it didn't take one");
                return ExitCode.TIMEOUT;
            } catch (final SnapshotException ex) {
                System.err.println("ringmain: " + ex.getMessage());
                return ExitCode.FAILED;
            }
        }
    }

    /** {@code ringmain snapshot ls}. */
    @Command(name = "ls", description = "List the snapshots, newest first.", mixinStandardHelpOptions = true)
    public static final class Ls extends Listing {
        @Override
        int show(final Path file) throws IOException {
            System.out.printf(Locale.ROOT, "%s  %,d bytes%n", file, Files.size(file));
            return ExitCode.OK;
        }
    }

    /** {@code ringmain snapshot verify}. */
    @Command(
            name = "verify",
            description = "Check every byte of the snapshots; exit 6 if one is damaged, saying where.",
            mixinStandardHelpOptions = true)
    public static final class Verify extends Listing {
        @Override
        int show(final Path file) {
            try {
                final SnapshotReader.Summary summary = SnapshotReader.verify(file);
                final Instant time =
                        Instant.EPOCH.plusNanos(summary.timestampNs()).truncatedTo(ChronoUnit.MICROS);
                System.out.printf(
                        Locale.ROOT,
                        "intact: %s, position %d, %s, %,d bytes%n",
                        file,
                        summary.position(),
                        time,
                        summary.lengthBytes());
                return ExitCode.OK;
            } catch (final SnapshotException ex) {
                System.out.println(ex.getMessage());
                return ExitCode.DAMAGED;
            }
        }
    }
}
