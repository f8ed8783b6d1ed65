package io.ringmain.perf.broker;

import io.ringmain.engine.io.tls.TlsProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Options of the benchmarks that start their own brokers. */
public final class BrokerOptions {
    /**
     * Settings without which a snapshot that is due in one run and not in another would be compared, and weighed, as well:
     * after 256 MB of log, in whichever run that is, a second state machine reads the log beside the work, and takes
     * processor time. So figures are those between snapshots.
     */
    public static final List<String> NO_SNAPSHOTS = List.of(
            "storage.snapshot.log_bytes=1024GB", "storage.snapshot.interval=365d", "storage.snapshot.on_stop=false");

    private static final long READY_TIMEOUT_S = 600;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "Where the data of the brokers goes while they run; default the system's temporary directory.")
    private Path dir;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting of the broker's configuration; may be given again.")
    private List<String> settings = new ArrayList<>();

    @Option(
            names = "--jvm",
            paramLabel = "FLAG",
            description = "A flag for the broker's JVM, such as -Xmx2g; may be given again.")
    private List<String> jvmFlags = new ArrayList<>();

    @Option(
            names = "--tls-provider",
            description = "Whose TLS the brokers speak in scenarios over TLS: ${COMPLETION-CANDIDATES}, default"
                    + " ${DEFAULT-VALUE}.",
            defaultValue = "AUTO")
    private TlsProvider tlsProvider;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to this file as well.")
    private Path json;

    /** The file for the figures, null for none. */
    public Path json() {
        return json;
    }

    /**
     * All settings of a broker that aren't the defaults of {@code ringmain serve}, for the report, and the flags of its JVM as
     * given.
     *
     * @param ownSettings those of the benchmark.
     */
    public String text(final List<String> ownSettings) {
        final List<String> all = effective(ownSettings);
        all.addAll(jvmFlags);
        return all.isEmpty() ? "defaults" : String.join(" ", all);
    }

    /** What was given on the command line wins over the benchmark's settings. */
    private List<String> effective(final List<String> ownSettings) {
        final List<String> all = new ArrayList<>(ownSettings);
        all.removeIf(own -> settings.stream().anyMatch(given -> key(given).equals(key(own))));
        all.addAll(settings);
        return all;
    }

    /** Where {@link #newData} makes its directories. */
    public Path dataParent() {
        return dir == null ? Path.of(System.getProperty("java.io.tmpdir")) : dir;
    }

    /** The flags of a broker's JVM: those of {@code ops/conf}, then what was given. */
    public String jvmFlags() throws IOException {
        try (Stream<String> lines = Files.lines(home().resolve("ops/conf/jvm.options"))) {
            return Stream.concat(lines.filter(line -> !line.isBlank() && !line.startsWith("#")), jvmFlags.stream())
                    .collect(Collectors.joining(" "));
        }
    }

    /** The version of the sources that the broker was built of; unknown without git. */
    public static String version() throws IOException {
        return Command.firstLine("git", "-C", home().toString(), "describe", "--always", "--dirty");
    }

    /** A directory of its own for a broker's data. */
    public Path newData() throws IOException {
        return dir == null
                ? Files.createTempDirectory("ringmain-bench")
                : Files.createTempDirectory(Files.createDirectories(dir), "ringmain-bench");
    }

    /** Starts a broker and waits for nothing. */
    public BrokerProcess launch(final Path data, final int port, final List<String> ownSettings) throws IOException {
        return BrokerProcess.start(home(), data, port, jvmFlags, effective(ownSettings));
    }

    /** Starts a broker that serves when this returns. */
    public BrokerProcess start(final Path data, final List<String> ownSettings) throws IOException {
        final BrokerProcess broker = launch(data, 0, ownSettings);
        try {
            return broker.awaitReady(READY_TIMEOUT_S);
        } catch (final IOException ex) {
            broker.close();
            throw ex;
        }
    }

    /** The settings of a listener for TLS, with the provider named, so that it is known. */
    List<String> tlsListener(final TlsFiles tls) {
        return List.of(
                "listeners.tls.bind=" + BrokerProcess.HOST + ":0",
                "listeners.tls.tls.cert=" + tls.certificate(),
                "listeners.tls.tls.key=" + tls.key(),
                "listeners.tls.tls.provider=" + tlsProvider());
    }

    /** Whose TLS the brokers speak, as the configuration names it. */
    String tlsProvider() {
        return tlsProvider.resolve().name().toLowerCase(Locale.ROOT);
    }

    private static String key(final String setting) {
        return setting.substring(0, Math.max(0, setting.indexOf('=')));
    }

    private static Path home() throws IOException {
        final String given = System.getProperty("ringmain.home");
        final Path home = Path.of(given == null ? ".." : given).toAbsolutePath().normalize();
        if (!BrokerProcess.isBuilt(home)) {
            throw new IOException(
                    "no broker in " + home + "/ops/target: run ops/bin/ringmain version, which builds it");
        }
        return home;
    }

    /** Removes a directory with all that is in it. */
    public static void delete(final Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Bytes of all files below a directory. */
    public static long bytes(final Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            long sumBytes = 0;
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                sumBytes += Files.size(file);
            }
            return sumBytes;
        }
    }
}
