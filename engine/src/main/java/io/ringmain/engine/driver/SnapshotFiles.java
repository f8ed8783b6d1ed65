package io.ringmain.engine.driver;

import io.ringmain.engine.core.SnapshotSink;
import io.ringmain.storage.snapshot.SnapshotDirectory;
import io.ringmain.storage.snapshot.SnapshotException;
import io.ringmain.storage.snapshot.SnapshotReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The snapshots of a directory, for a core to be loaded from. A file is checked while it is loaded and not before: who
 * finds damage in the middle throws the core away and takes the next. So a large state is read once.
 */
public final class SnapshotFiles {
    private final List<StoredSnapshot> newestFirst = new ArrayList<>();
    private long loadedPosition = -1;

    /** Looks at the headers; what is wrong with one is told, and it doesn't count. */
    public SnapshotFiles(final SnapshotDirectory directory, final Consumer<String> eventLog) {
        for (final Path file : directory.list()) {
            try {
                newestFirst.add(new Stored(file, SnapshotReader.header(file).position()));
            } catch (final SnapshotException ex) {
                eventLog.accept("not used: " + ex.getMessage());
            }
        }
    }

    public List<StoredSnapshot> newestFirst() {
        return newestFirst;
    }

    /** Position of the one that was loaded, and so is intact; -1 for none. */
    public long loadedPosition() {
        return loadedPosition;
    }

    private final class Stored implements StoredSnapshot {
        private final Path file;
        private final long position;

        Stored(final Path file, final long position) {
            this.file = file;
            this.position = position;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public void read(final SnapshotSink sink) {
            SnapshotReader.read(file, sink::onSection);
            loadedPosition = position;
        }

        @Override
        public String toString() {
            return file.toString();
        }
    }
}
