package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerMemory;
import io.ringmain.perf.report.HtmlReport;
import io.ringmain.perf.report.Rate;
import io.ringmain.perf.report.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** What one run of a {@link Scenario} found: named figures with their units, latencies, rates over time, warnings. */
final class Outcome {
    static final String SENT = "sent msg/s";
    static final String DELIVERED = "delivered msg/s";
    static final String MEGABYTES = "delivered MB/s";
    static final String P50 = "p50 us";
    static final String P90 = "p90 us";
    static final String P99 = "p99 us";
    static final String P999 = "p99.9 us";
    static final String MAX = "max us";
    static final String ACKNOWLEDGED_P50 = "ack p50 us";
    static final String ACKNOWLEDGED_P99 = "ack p99 us";
    static final String LOST = "lost";
    static final String DUPLICATED = "duplicated";
    static final String OUT_OF_ORDER = "out of order";
    static final String GENERATOR_CORES = "generator cores";
    static final String GENERATOR_THREADS = HtmlReport.GENERATOR_THREADS;
    static final String BUSIEST_THREAD = "busiest generator thread cores";
    static final String BROKER_CORES = "broker cores";
    static final String BOTTLENECK = "bottleneck";
    static final String TLS = "TLS";
    static final String LEFT_OUT = "left out";

    /** A thread that has no more than that left is taken for busy: some of a core always goes to others. */
    private static final double BUSY_CORES = 0.9;

    private final Map<String, Object> figures = new LinkedHashMap<>();
    private final Map<String, Histogram> latenciesNs = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private List<Rate> rates = List.of();
    private boolean failed;

    /** Of a run that broke off. */
    static Outcome failure(final IOException cause) {
        final Outcome outcome = new Outcome().warn("failed: " + cause.getMessage());
        outcome.failed = true;
        return outcome;
    }

    /** Of what this broker can't do, or nobody knows how. */
    static Outcome leftOut(final String why) {
        return new Outcome().figure(LEFT_OUT, why).warn(LEFT_OUT + ": " + why);
    }

    boolean hasFailed() {
        return failed;
    }

    /** Adds with which settings the broker ran. */
    Outcome settings(final String text) {
        return figure(HtmlReport.SETTINGS, text);
    }

    Outcome figure(final String name, final Object value) {
        figures.put(name, value);
        return this;
    }

    /** Adds how many there are of each kind, and a warning for each kind that there is. */
    Outcome faults(final Faults faults) {
        faults.texts().forEach(this::warn);
        return figure(LOST, faults.lost())
                .figure(DUPLICATED, faults.duplicated())
                .figure(OUT_OF_ORDER, faults.outOfOrder());
    }

    /** What {@link #faults} has added; none without. */
    Faults faults() {
        return new Faults(count(LOST), count(DUPLICATED), count(OUT_OF_ORDER));
    }

    private long count(final String name) {
        return figures.get(name) instanceof Number number ? number.longValue() : 0;
    }

    /** Adds what a broker's memory grew by, for each of a number of things; nothing where it isn't known. */
    Outcome memory(final String what, final BrokerMemory before, final BrokerMemory after, final long count) {
        figure(heap(what), each(before.heapUsedBytes(), after.heapUsedBytes(), count));
        figure(anonymous(what), each(before.anonymousBytes(), after.anonymousBytes(), count));
        return figure(resident(what), each(before.residentBytes(), after.residentBytes(), count));
    }

    private static double each(final long beforeBytes, final long afterBytes, final long count) {
        return beforeBytes < 0 ? Double.NaN : (double) (afterBytes - beforeBytes) / count;
    }

    /** Name of the figure that {@link #memory} gives to what lives on the heap. */
    static String heap(final String what) {
        return "heap B each, " + what;
    }

    /** Name of the figure that {@link #memory} gives to resident memory that is no mapped file. */
    static String anonymous(final String what) {
        return "anonymous B each, " + what;
    }

    /** Name of the figure that {@link #memory} gives to resident memory, pages of the mapped log included. */
    static String resident(final String what) {
        return "resident B each, " + what;
    }

    /** Adds the share of a core that each side took, the generator with one thread, and which of them was the limit. */
    Outcome cores(final double generator, final double broker) {
        return cores(
                new LoadRun.Cores(1, generator, generator, broker),
                Runtime.getRuntime().availableProcessors());
    }

    /** Adds the share of a core that each side took, and which of them was the limit. */
    Outcome cores(final LoadRun.Cores cores) {
        return cores(cores, Runtime.getRuntime().availableProcessors());
    }

    /** @param machine how many cores there are for both. */
    Outcome cores(final LoadRun.Cores cores, final int machine) {
        figure(GENERATOR_CORES, cores.generator()).figure(BROKER_CORES, cores.broker());
        if (cores.busiestThread() > BUSY_CORES) {
            warn(
                    cores.threads() == 1
                            ? "the generator was busy for over 90 % of the time; the broker may do more"
                            : "a thread of the generator was busy for over 90 % of the time; the broker may do more");
            return figure(BOTTLENECK, cores.broker() > BUSY_CORES ? "broker and generator" : "generator");
        }
        if (cores.threads() > 1 && cores.generator() + cores.broker() > BUSY_CORES * machine) {
            // Threads that have to share cores look idle, and the broker waits for them all the same.
            warn("the threads of the generator and the broker had no core left; the broker may do more");
            return figure(BOTTLENECK, "broker and generator");
        }
        if (Double.isNaN(cores.broker())) {
            return figure(BOTTLENECK, "unknown");
        }
        final boolean isMachineBusy = cores.generator() + cores.broker() > BUSY_CORES * machine;
        // With a processor to spare on both sides each waits for the other, or for the device.
        return figure(BOTTLENECK, cores.broker() > BUSY_CORES || isMachineBusy ? "broker" : "window or device");
    }

    /** Adds a histogram that is to be kept; what of it belongs into the table is a figure. */
    Outcome latency(final String name, final Histogram latencyNs) {
        latenciesNs.put(name, latencyNs);
        return this;
    }

    Outcome rates(final List<Rate> overTime) {
        rates = overTime;
        return this;
    }

    Outcome warn(final String text) {
        warnings.add(text);
        return this;
    }

    /** In the order in which they were added; numbers and texts. */
    Map<String, Object> figures() {
        return figures;
    }

    /** A figure that is a number; not a number if there is none. */
    double number(final String name) {
        return figures.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    /** By name: {@code delivery}, {@code acknowledgement}. */
    Map<String, Histogram> latenciesNs() {
        return latenciesNs;
    }

    List<Rate> rates() {
        return rates;
    }

    List<String> warnings() {
        return warnings;
    }

    /** The figures in one line: of a flow the ones that matter most, of anything else all. */
    String text() {
        if (!figures.containsKey(DELIVERED)) {
            return figures.entrySet().stream()
                    .map(figure -> figure.getKey() + " " + Report.text(figure.getValue()))
                    .collect(Collectors.joining("  "));
        }
        return String.format(
                Locale.ROOT,
                "%,12.0f msg/s %,8.1f MB/s  p50 %,8.0f us  p99 %,8.0f us  lost %d  generator %3.0f %%  broker %s %%  %s%s",
                number(DELIVERED),
                number(MEGABYTES),
                number(P50),
                number(P99),
                (long) number(LOST),
                number(GENERATOR_CORES) * 100,
                Report.text(100 * number(BROKER_CORES)),
                figures.get(BOTTLENECK),
                figures.containsKey(TLS) ? "  " + figures.get(TLS) : "");
    }
}
