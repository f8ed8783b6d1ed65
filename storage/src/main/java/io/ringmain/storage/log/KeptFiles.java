package io.ringmain.storage.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The files of kept records that count, in the order of their positions; no two overlap. One thread changes the set, by
 * replacing it; readers see the old or the new one.
 */
final class KeptFiles {
    private final LogDirectory directory;
    private final Consumer<String> eventLog;
    private volatile KeptRange[] ranges = {};

    KeptFiles(final LogDirectory directory, final Consumer<String> eventLog) {
        this.directory = directory;
        this.eventLog = eventLog;
    }

    /**
     * Takes up what an earlier run left. A crash may have left a file beside the segment or the file that it was to
     * replace: the one that holds more is taken.
     *
     * @param logFirstPosition of the first segment; -1 if there is none.
     * @throws LogException when a file is damaged: its records had been forced.
     */
    void open(final long logFirstPosition) throws IOException {
        final List<KeptRange> found = new ArrayList<>();
        for (final Path file : directory.keptFiles()) {
            if (logFirstPosition < 0) {
                putAside(file);
                continue;
            }
            try (KeptFile mapped = KeptFile.open(file)) {
                found.add(mapped.range());
            }
        }
        found.removeIf(range -> range.firstPosition() >= logFirstPosition
                || found.stream().anyMatch(other -> other != range && other.contains(range)));
        ranges = found.toArray(KeptRange[]::new);
        sweep();
    }

    /** Without the log that they belong to, they mean nothing. */
    private void putAside(final Path file) throws IOException {
        final Path aside = file.resolveSibling(file.getFileName() + LogDirectory.QUARANTINE_SUFFIX);
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        eventLog.accept("log: " + aside + " holds records of a log whose segments are gone; put aside");
    }

    /** Deletes half-made files and those that another has replaced. */
    void sweep() throws IOException {
        for (final Path file : directory.temporaryFiles()) {
            Files.deleteIfExists(file);
        }
        for (final Path file : directory.keptFiles()) {
            if (!isListed(file)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private boolean isListed(final Path file) {
        for (final KeptRange range : ranges) {
            if (range.file().equals(file)) {
                return true;
            }
        }
        return false;
    }

    /** Lists a file in the place of all that its range contains. */
    void publish(final KeptRange added) {
        final List<KeptRange> now = new ArrayList<>(List.of(ranges));
        now.removeIf(added::contains);
        now.add(added);
        now.sort(Comparator.comparingLong(KeptRange::firstPosition));
        ranges = now.toArray(KeptRange[]::new);
    }

    /** Takes a file from the list, then from the disk. */
    void delete(final KeptRange removed) throws IOException {
        final List<KeptRange> now = new ArrayList<>(List.of(ranges));
        now.remove(removed);
        ranges = now.toArray(KeptRange[]::new);
        Files.deleteIfExists(removed.file());
    }

    /** The set as of now; never changed. */
    KeptRange[] ranges() {
        return ranges;
    }

    /** Index of the range with a position, -1 if there is none. */
    static int find(final KeptRange[] ranges, final long position) {
        int low = 0;
        int high = ranges.length - 1;
        while (low <= high) {
            final int middle = (low + high) >>> 1;
            if (ranges[middle].firstPosition() <= position) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high >= 0 && position < ranges[high].nextPosition() ? high : -1;
    }

    long bytes() {
        long sum = 0;
        for (final KeptRange range : ranges) {
            sum += range.fileBytes();
        }
        return sum;
    }

    long records() {
        long sum = 0;
        for (final KeptRange range : ranges) {
            sum += range.records();
        }
        return sum;
    }
}
