package io.ringmain.perf.report;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Messages a second in a short interval.
 *
 * @param atS end of the interval, seconds from the beginning of the time that counts.
 */
public record Rate(double atS, double sent, double received) {
    /** Adds what several threads did in the same intervals. */
    public static List<Rate> sum(final List<List<Rate>> ofThreads) {
        return IntStream.range(0, ofThreads.get(0).size())
                .mapToObj(i -> ofThreads.stream()
                        .map(rates -> rates.get(i))
                        .reduce((a, b) -> new Rate(a.atS, a.sent + b.sent, a.received + b.received))
                        .orElseThrow())
                .toList();
    }
}
