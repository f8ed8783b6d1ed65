package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerMemory;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one turn of a benchmark found out about one broker: named numbers, units in their names. */
final class Figures {
    private final Map<String, Double> byName = new LinkedHashMap<>();

    /** @param value not a number where it isn't known. */
    Figures add(final String name, final double value) {
        byName.put(name, value);
        return this;
    }

    /** Adds what a broker's memory grew by, for each of a number of things. */
    Figures addMemory(final String what, final BrokerMemory before, final BrokerMemory after, final long count) {
        add("heap B each, " + what, each(before.heapUsedBytes(), after.heapUsedBytes(), count));
        add("anonymous B each, " + what, each(before.anonymousBytes(), after.anonymousBytes(), count));
        return add(resident(what), each(before.residentBytes(), after.residentBytes(), count));
    }

    /** Name of the figure that {@link #addMemory} gives to resident memory. */
    static String resident(final String what) {
        return "resident B each, " + what;
    }

    private static double each(final long beforeBytes, final long afterBytes, final long count) {
        return beforeBytes < 0 ? Double.NaN : (double) (afterBytes - beforeBytes) / count;
    }

    Map<String, Double> byName() {
        return byName;
    }
}
