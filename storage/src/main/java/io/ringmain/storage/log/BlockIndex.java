package io.ringmain.storage.log;

import java.util.Arrays;

/**
 * Where to start looking for a position: one entry for about every 64 KiB of the log and for the start of each segment.
 *
 * <p>One writer, any number of readers. The writer fills an entry, then publishes the count; a full table is replaced
 * by a larger copy.
 */
final class BlockIndex {
    static final int SPACING = 64 << 10;
    private static final int INITIAL_CAPACITY = 1024;

    /** Columns of the table, replaced as a whole. */
    private static final class Table {
        final long[] positions;
        final long[] cycles;
        final int[] documentOffsets;

        Table(final long[] positions, final long[] cycles, final int[] documentOffsets) {
            this.positions = positions;
            this.cycles = cycles;
            this.documentOffsets = documentOffsets;
        }
    }

    private volatile Table table =
            new Table(new long[INITIAL_CAPACITY], new long[INITIAL_CAPACITY], new int[INITIAL_CAPACITY]);
    private volatile int count;
    private volatile int first;

    /** Notes a block, if the last noted one is far enough behind. Called by the writer. */
    void add(final long position, final long cycle, final int documentOffset) {
        final int last = count - 1;
        final Table current = table;
        if (last >= 0 && current.cycles[last] == cycle && position - current.positions[last] < SPACING) {
            return;
        }
        final Table target = last + 1 < current.positions.length ? current : grow(current);
        target.positions[last + 1] = position;
        target.cycles[last + 1] = cycle;
        target.documentOffsets[last + 1] = documentOffset;
        count = last + 2;
    }

    private Table grow(final Table current) {
        final int capacity = current.positions.length * 2;
        table = new Table(
                Arrays.copyOf(current.positions, capacity),
                Arrays.copyOf(current.cycles, capacity),
                Arrays.copyOf(current.documentOffsets, capacity));
        return table;
    }

    /** The last entry at or before a position, -1 if there is none. */
    int find(final long position) {
        final int oldest = first;
        int low = oldest;
        int high = count - 1;
        final long[] positions = table.positions;
        while (low <= high) {
            final int middle = (low + high) >>> 1;
            if (positions[middle] <= position) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high < oldest ? -1 : high;
    }

    /** Forgets what lies before the segment that begins at this position. Called by one thread beside the writer. */
    void dropBefore(final long position) {
        first = find(position);
    }

    /** The oldest entry. */
    int first() {
        return first;
    }

    int count() {
        return count;
    }

    long position(final int entry) {
        return table.positions[entry];
    }

    long cycle(final int entry) {
        return table.cycles[entry];
    }

    int documentOffset(final int entry) {
        return table.documentOffsets[entry];
    }

    /** The first entry behind this one that lies in another segment, -1 if there is none yet. */
    int nextSegment(final int entry) {
        // The count first: a table that is read before it may be too small for it, when the writer grows it in between.
        final int limit = count;
        final Table current = table;
        for (int i = entry + 1; i < limit; i++) {
            if (current.cycles[i] != current.cycles[entry]) {
                return i;
            }
        }
        return -1;
    }
}
