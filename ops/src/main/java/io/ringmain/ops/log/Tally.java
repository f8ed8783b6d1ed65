package io.ringmain.ops.log;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts records by something that they have: how many, how large, first and last. Bounded: names beyond the cap are
 * counted together.
 */
final class Tally {
    /** One line of statistics. */
    static final class Count {
        private final String by;
        private final String name;
        private long records;
        private long bytes;
        private long payload;
        private long firstNs = Long.MAX_VALUE;
        private long lastNs = Long.MIN_VALUE;

        Count(final String by, final String name) {
            this.by = by;
            this.name = name;
        }

        void add(final LogRecord record) {
            records++;
            bytes += record.length();
            payload += record.hasMessage() ? record.payloadLength() : 0;
            firstNs = Math.min(firstNs, record.timestampNs());
            lastNs = Math.max(lastNs, record.timestampNs());
        }

        /** What is counted by. */
        String by() {
            return by;
        }

        String name() {
            return name;
        }

        long records() {
            return records;
        }

        /** In the log. */
        long bytes() {
            return bytes;
        }

        /** Of the payloads, also of those that weren't recorded. */
        long payloadBytes() {
            return payload;
        }

        /** Epoch nanoseconds, meaningful with at least one record. */
        long firstNs() {
            return firstNs;
        }

        long lastNs() {
            return lastNs;
        }

        /** Records per second between first and last, null if that is no time. */
        Double rate() {
            return lastNs > firstNs ? (records - 1) * 1e9 / (lastNs - firstNs) : null;
        }
    }

    private final String by;
    private final int cap;
    private final Map<String, Count> counts = new HashMap<>();
    private final Count beyond;

    /** @param cap of names that are told apart. */
    Tally(final String by, final int cap) {
        this.by = by;
        this.cap = cap;
        this.beyond = new Count(by + ", others", null);
    }

    /** @param name null if the record has none: then it isn't counted. */
    void add(final String name, final LogRecord record) {
        if (name == null) {
            return;
        }
        Count count = counts.get(name);
        if (count == null && counts.size() < cap) {
            count = new Count(by, name);
            counts.put(name, count);
        }
        (count == null ? beyond : count).add(record);
    }

    /** The largest, by records. */
    List<Count> top(final int limit) {
        return counts.values().stream()
                .sorted(Comparator.comparingLong(Count::records)
                        .reversed()
                        .thenComparing(count -> String.valueOf(count.name())))
                .limit(limit)
                .toList();
    }

    /** What came when the cap was reached; no records if it wasn't. */
    Count beyond() {
        return beyond;
    }
}
