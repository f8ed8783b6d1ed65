package io.ringmain.storage.snapshot;

import io.ringmain.storage.DataFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where the snapshots of a broker lie: {@code data/snapshots/POSITION.snapshot}. The last two are kept for the next
 * start; of the older ones some, as long as the log reaches back to them, so that the state of then can be rebuilt.
 */
public final class SnapshotDirectory {
    static final String TEMPORARY_SUFFIX = ".tmp";

    private static final String ASIDE_SUFFIX = ".aside";
    private static final String REQUEST = "TAKE";
    private static final String SUFFIX = ".snapshot";
    private static final int KEPT = 2;
    private static final int POSITION_DIGITS = 20;

    private final Path path;
    private SnapshotHistory history = SnapshotHistory.NONE;

    /** @param dataDir of the broker. */
    public SnapshotDirectory(final Path dataDir) {
        this.path = dataDir.resolve("snapshots");
    }

    /** Keeps more than the last two. */
    public SnapshotDirectory history(final SnapshotHistory kept) {
        history = kept;
        return this;
    }

    Path path() {
        return path;
    }

    Path file(final long position) {
        final String digits = Long.toString(position);
        return path.resolve("0".repeat(POSITION_DIGITS - digits.length()) + digits + SUFFIX);
    }

    /**
     * Begins a snapshot.
     *
     * @param position of the last record of the log that is in it.
     * @param timestampNs of that record, epoch nanoseconds.
     */
    public SnapshotWriter newWriter(final long position, final long timestampNs) {
        return new SnapshotWriter(file(position), position, timestampNs, this::prune);
    }

    /** Complete snapshot files, newest first, whether intact or not. */
    public List<Path> list() {
        final List<Path> files = new ArrayList<>();
        if (Files.isDirectory(path)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(path, "*" + SUFFIX)) {
                stream.forEach(files::add);
            } catch (final IOException ex) {
                throw new SnapshotException("can't list " + path + ": " + ex.getMessage(), ex);
            }
        }
        files.sort(Comparator.comparing((Path file) -> file.getFileName().toString())
                .reversed());
        return files;
    }

    /** Position of the newest file, intact or not: the log had reached it when the file was written. -1 for none. */
    public long newestPosition() {
        final List<Path> files = list();
        return files.isEmpty() ? -1 : position(files.get(0));
    }

    private static long position(final Path file) {
        final String name = file.getFileName().toString();
        try {
            return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
        } catch (final NumberFormatException ex) {
            return -1;
        }
    }

    /**
     * Puts aside the snapshots of what the log has lost: it goes on from its end to their positions with other records,
     * and they would then pass for its state.
     *
     * @param logEnd position behind the last record of the log.
     * @return the files, under their new names.
     */
    public List<Path> putAsideFrom(final long logEnd) {
        final List<Path> aside = new ArrayList<>();
        for (final Path file : list()) {
            if (position(file) >= logEnd) {
                final Path target = file.resolveSibling(file.getFileName() + ASIDE_SUFFIX);
                try {
                    publish(file, target);
                } catch (final IOException ex) {
                    throw new SnapshotException("can't rename " + file + ": " + ex.getMessage(), ex);
                }
                aside.add(target);
            }
        }
        return aside;
    }

    /** Length of the newest file, 0 if there is none. */
    public long newestBytes() {
        final List<Path> files = list();
        try {
            return files.isEmpty() ? 0 : Files.size(files.get(0));
        } catch (final IOException ex) {
            throw new SnapshotException("can't read " + files.get(0) + ": " + ex.getMessage(), ex);
        }
    }

    /** Asks the broker that uses the directory for a snapshot: it looks for this file now and then. */
    public void request() {
        try {
            DataFiles.createDirectories(path);
            DataFiles.open(path.resolve(REQUEST), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
        } catch (final IOException ex) {
            throw new SnapshotException("can't ask for a snapshot in " + path + ": " + ex.getMessage(), ex);
        }
    }

    /** Takes a request back; true if there was one. */
    public boolean takeRequest() {
        try {
            return Files.deleteIfExists(path.resolve(REQUEST));
        } catch (final IOException ex) {
            throw new SnapshotException("can't remove the request in " + path + ": " + ex.getMessage(), ex);
        }
    }

    static void publish(final Path temporary, final Path target) throws IOException {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        DataFiles.forceDirectory(target.getParent());
    }

    /** Removes all but the last snapshots and the history, and what a crash left of unfinished ones. */
    void prune() {
        final List<Path> files = list();
        final List<Path> older = files.subList(Math.min(KEPT, files.size()), files.size());
        final List<Path> kept = history.select(older);
        try {
            for (final Path file : older) {
                if (!kept.contains(file)) {
                    Files.deleteIfExists(file);
                }
            }
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(path, "*" + TEMPORARY_SUFFIX)) {
                for (final Path leftover : stream) {
                    Files.deleteIfExists(leftover);
                }
            }
        } catch (final IOException ex) {
            throw new SnapshotException("can't remove old snapshots in " + path + ": " + ex.getMessage(), ex);
        }
    }
}
