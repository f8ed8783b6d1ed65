package io.ringmain.perf.load;

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

    Map<String, Double> byName() {
        return byName;
    }
}
