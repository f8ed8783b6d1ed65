package io.ringmain.perf.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** The machine and the JVMs, without which a figure says nothing. */
public final class Environment {
    private static final String UNKNOWN = "unknown";
    private static final Path GOVERNOR = Path.of("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    private static final double HICCUP_S = 2;

    private Environment() {}

    /**
     * Looks at the machine as it is before anything is measured; takes two seconds, as it measures how it is disturbed.
     *
     * @param dataDir where the brokers' data goes.
     */
    public static Report collect(final Path dataDir) throws IOException {
        final Report report = new Report("environment")
                .fact("cpu", field("/proc/cpuinfo", "model name"))
                .fact("memory", field("/proc/meminfo", "MemTotal"))
                .fact("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"))
                .fact("architecture", System.getProperty("os.arch"))
                .fact("governor", line(GOVERNOR))
                .fact("load before", line(Path.of("/proc/loadavg")))
                .fact("file system of the data", fileSystem(dataDir))
                .fact("jvm of generator and brokers", jvm())
                .fact("flags of the generator", String.join(" ", generatorFlags()));
        final Histogram lateNs = HiccupMeter.measure(HICCUP_S);
        return report.fact("hiccups p50 us", lateNs.getValueAtPercentile(50) / 1e3)
                .fact("hiccups p99 us", lateNs.getValueAtPercentile(99) / 1e3)
                .fact("hiccups max us", lateNs.getMaxValue() / 1e3);
    }

    private static String jvm() {
        return System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version");
    }

    /** Without those that open the JDK's packages, which are the same everywhere. */
    private static List<String> generatorFlags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("--add-"))
                .toList();
    }

    private static String fileSystem(final Path directory) throws IOException {
        final FileStore store = Files.getFileStore(directory);
        return String.format(
                Locale.ROOT, "%s on %s, %,d MB free", store.type(), store.name(), store.getUsableSpace() / 1_000_000);
    }

    /** A field of a file of lines {@code name : value}. */
    private static String field(final String file, final String name) throws IOException {
        if (!Files.isReadable(Path.of(file))) {
            return UNKNOWN;
        }
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(UNKNOWN);
        }
    }

    private static String line(final Path file) throws IOException {
        return Files.isReadable(file) ? Files.readString(file).strip() : UNKNOWN;
    }
}
