package io.ringmain.storage.log;

import io.ringmain.storage.DataFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * Where the files of a log lie.
 *
 * <pre>
 *  data/LOCK                          held by the broker that uses the directory
 *  data/log/20261124-0812.cq4         sealed segments, oldest first by name
 *  data/log/20261124-0812.cq4.idx     what such a segment holds, and the hash chain up to there
 *  data/log/removed.idx               that of the segment that was removed last: where the chain of the rest begins
 *  data/log/gaps                      positions that a salvage found to be lost
 *  data/log/FIRST-NEXT.kept           records that are still needed of segments that were removed, by their positions
 *  data/log/active/20261124-0903.cq4  the segment that is appended to; Chronicle sees this folder alone
 *  data/log/active/*.precreated       the next segment, zero-filled
 *  data/log/active/INODE.spare        what a clean stop left of it, for the next start
 * </pre>
 *
 * Chronicle never meets a file of an earlier run: at open everything is moved out of its folder, so that it can't
 * append to, re-initialise or wait for a file that a crash left behind.
 */
final class LogDirectory {
    static final String SUFFIX = ".cq4";
    static final String QUARANTINE_SUFFIX = ".quarantined";
    static final String DAMAGED_SUFFIX = ".damaged";
    static final String SIDECAR_SUFFIX = ".idx";
    static final String KEPT_SUFFIX = ".kept";
    static final String TEMPORARY_SUFFIX = ".tmp";

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

    /** Where salvaged gaps are listed. */
    Path gaps() {
        return sealed.resolve("gaps");
    }

    static Path sidecar(final Path segment) {
        return segment.resolveSibling(segment.getFileName() + SIDECAR_SUFFIX);
    }

    /** The sidecar of the segment that was removed last. */
    Path removedSidecar() {
        return sealed.resolve("removed" + SIDECAR_SUFFIX);
    }

    /** Removes the oldest segment. Its sidecar is kept until the next goes: it has the hash chain that the rest goes on from. */
    void remove(final long cycle) throws IOException {
        final Path segment = locate(cycle);
        final Path sidecar = sidecar(segment);
        if (Files.exists(sidecar)) {
            Files.move(sidecar, removedSidecar(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.deleteIfExists(segment);
    }

    /** Is there if the records were imported: they can be read, and a broker doesn't start on them. */
    Path imported() {
        return sealed.resolve("IMPORTED");
    }

    boolean isImported() {
        return Files.exists(imported());
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
        // In the order in which one moves that is sealed meanwhile, so that it is seen once at least.
        collect(active, files);
        collect(sealed, files);
        final TreeMap<String, Path> byName = new TreeMap<>();
        files.forEach(file -> byName.put(file.getFileName().toString(), file));
        return new ArrayList<>(byName.values());
    }

    /** The file of kept records of a range of positions. */
    Path kept(final long firstPosition, final long nextPosition) {
        return sealed.resolve(String.format(Locale.ROOT, "%020d-%020d", firstPosition, nextPosition) + KEPT_SUFFIX);
    }

    /** Files of kept records, in the order of their first positions. */
    List<Path> keptFiles() {
        return list("*" + KEPT_SUFFIX);
    }

    /** Half-made files of kept records. */
    List<Path> temporaryFiles() {
        return list("*" + KEPT_SUFFIX + TEMPORARY_SUFFIX);
    }

    private List<Path> list(final String pattern) {
        final List<Path> files = new ArrayList<>();
        if (Files.isDirectory(sealed)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(sealed, pattern)) {
                stream.forEach(files::add);
            } catch (final IOException ex) {
                throw new LogException("can't list the log directory " + sealed + ": " + ex, ex);
            }
        }
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
