package io.ringmain.perf.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * The files of a run of the suite.
 *
 * <pre>
 *   summary.json                          a row for each scenario and broker
 *   ratios.json                           a row for each figure that was compared; only with another broker
 *   env.json                              the machine, the JVMs, the commands
 *   SCENARIO.BROKER.LATENCY.hgrm          percentiles, us, as HdrHistogram's plotters read them
 *   SCENARIO.BROKER.rates.csv             messages a second over time
 *   report.html                           made of the others
 * </pre>
 */
public final class RunDirectory {
    public static final String SUMMARY = "summary.json";
    public static final String RATIOS = "ratios.json";
    public static final String ENVIRONMENT = "env.json";
    public static final String HTML = "report.html";

    private static final int TICKS_PER_HALF_DISTANCE = 5;
    private static final double NS_PER_US = 1000;
    private static final String RATES_HEAD = "second,sent/s,delivered/s";

    /** The names of what is there for each scenario and broker. */
    private static final Pattern OF_RUN =
            Pattern.compile("[a-z0-9-]+\\.[A-Za-z0-9.-]+\\.((delivery|acknowledgement)\\.hgrm|rates\\.csv)");

    private final Path path;

    /** Makes the directory if it isn't there. */
    public RunDirectory(final Path path) throws IOException {
        this.path = Files.createDirectories(path);
    }

    /** Removes the files of an earlier run, which would be taken for those of this one. What others wrote stays. */
    public RunDirectory clear() throws IOException {
        for (final String name : List.of(SUMMARY, RATIOS, ENVIRONMENT, HTML)) {
            Files.deleteIfExists(path.resolve(name));
        }
        try (Stream<Path> all = Files.list(path)) {
            for (final Path file : all.toList()) {
                if (OF_RUN.matcher(file.getFileName().toString()).matches()) {
                    Files.delete(file);
                }
            }
        }
        return this;
    }

    public Path path() {
        return path;
    }

    public void write(final String name, final Report report) throws IOException {
        report.writeTo(path.resolve(name));
    }

    public boolean has(final String name) {
        return Files.isRegularFile(path.resolve(name));
    }

    /** @throws IOException if the file isn't there or isn't what {@link #write} wrote. */
    public Report read(final String name) throws IOException {
        try (InputStream file = Files.newInputStream(path.resolve(name))) {
            return Report.read(file);
        }
    }

    public void writeLatency(final String scenario, final String broker, final String latency, final Histogram ns)
            throws IOException {
        final Path file = path.resolve(latencyFile(scenario, broker, latency));
        try (PrintStream out = new PrintStream(file.toFile(), StandardCharsets.UTF_8)) {
            ns.outputPercentileDistribution(out, TICKS_PER_HALF_DISTANCE, NS_PER_US);
        }
    }

    /** Points of {1 / (1 - percentile / 100), latency in us}; none if there is no such file. */
    public List<double[]> readLatency(final String scenario, final String broker, final String latency)
            throws IOException {
        final List<double[]> points = new ArrayList<>();
        for (final String line : linesOf(latencyFile(scenario, broker, latency))) {
            // Value, percentile, count, 1/(1-percentile); what isn't a row begins with a letter or #.
            final String[] cells = line.strip().split("\\s+");
            if (cells.length >= 3 && Character.isDigit(cells[0].charAt(0))) {
                final boolean hasInverse = cells.length > 3 && !cells[3].equals("inf");
                if (hasInverse) {
                    points.add(new double[] {Double.parseDouble(cells[3]), Double.parseDouble(cells[0])});
                }
            }
        }
        return points;
    }

    public void writeRates(final String scenario, final String broker, final List<Rate> rates) throws IOException {
        final List<String> lines = new ArrayList<>();
        lines.add(RATES_HEAD);
        for (final Rate rate : rates) {
            lines.add(String.format(Locale.ROOT, "%.3f,%.0f,%.0f", rate.atS(), rate.sent(), rate.received()));
        }
        Files.write(path.resolve(ratesFile(scenario, broker)), lines);
    }

    /** None if there is no such file. */
    public List<Rate> readRates(final String scenario, final String broker) throws IOException {
        final List<Rate> rates = new ArrayList<>();
        for (final String line : linesOf(ratesFile(scenario, broker))) {
            if (!line.equals(RATES_HEAD)) {
                final String[] cells = line.split(",");
                rates.add(new Rate(
                        Double.parseDouble(cells[0]), Double.parseDouble(cells[1]), Double.parseDouble(cells[2])));
            }
        }
        return rates;
    }

    private List<String> linesOf(final String name) throws IOException {
        return has(name) ? Files.readAllLines(path.resolve(name)) : List.of();
    }

    private static String latencyFile(final String scenario, final String broker, final String latency) {
        return base(scenario, broker) + "." + latency + ".hgrm";
    }

    private static String ratesFile(final String scenario, final String broker) {
        return base(scenario, broker) + ".rates.csv";
    }

    private static String base(final String scenario, final String broker) {
        return scenario + "." + broker.replaceAll("[^A-Za-z0-9.]+", "-");
    }
}
