package io.ringmain.storage.log;

import io.ringmain.storage.DataFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where the files of a log lie.
 *
 * <pre>
 *  data/LOCK                          held by the broker that uses the directory
 *  data/log/20261124-0812.cq4         sealed segments, oldest first by name
 *  data/log/active/20261124-0903.cq4  the segment that is appended to; Chronicle sees this folder alone
 *  data/log/active/*.precreated       the next segment, zero-filled
 * </pre>
 *
 * Chronicle never meets a file of an earlier run: at open everything is moved out of its folder, so that it can't
 * append to, re-initialise or wait for a file that a crash left behind.
 */
final class LogDirectory {
    static final String SUFFIX = ".cq4";
    static final String QUARANTINE_SUFFIX = ".quarantined";

    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmm").withZone(ZoneOffset.UTC);

    private final Path data;
    private final Path sealed;
    private final Path active;

    LogDirectory(final Path data) {
        this.data = data;
        this.sealed = data.resolve("log");
        this.active = sealed.resolve("active");
    }

    Path data() {
        return data;
    }

    Path sealed() {
        return sealed;
    }

    Path active() {
        return active;
    }

    static String name(final long cycle) {
        return NAME.format(Instant.ofEpochMilli(cycle * SegmentClock.CYCLE_MS));
    }

    /** The cycle of a segment file name, -1 if it is none. */
    static long cycle(final Path file) {
        final String name = file.getFileName().toString();
        if (!name.endsWith(SUFFIX)) {
            return -1;
        }
        try {
            final String stem = name.substring(0, name.length() - SUFFIX.length());
            return java.time.LocalDateTime.parse(stem, NAME).toEpochSecond(ZoneOffset.UTC)
                    * 1000
                    / SegmentClock.CYCLE_MS;
        } catch (final java.time.DateTimeException ex) {
            return -1;
        }
    }

    /** Segment files, sealed and active, oldest first. */
    List<Path> segments() {
        final List<Path> files = new ArrayList<>();
        collect(sealed, files);
        collect(active, files);
        files.sort(Comparator.comparing(file -> file.getFileName().toString()));
        return files;
    }

    private static void collect(final Path dir, final List<Path> files) {
        if (!Files.isDirectory(dir)) {
            return;
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(dir, "*" + SUFFIX)) {
            for (final Path file : stream) {
                if (cycle(file) >= 0) {
                    files.add(file);
                }
            }
        } catch (final IOException ex) {
            throw new LogException("can't list the log directory " + dir + ": " + ex, ex);
        }
    }

    /** Where the segment of this cycle lies now: it moves when it is sealed. */
    Path locate(final long cycle) {
        final String name = name(cycle) + SUFFIX;
        final Path inActive = active.resolve(name);
        return Files.exists(inActive) ? inActive : sealed.resolve(name);
    }

    /** Makes the names in a directory durable. */
    static void force(final Path dir) throws IOException {
        DataFiles.forceDirectory(dir);
    }
}
