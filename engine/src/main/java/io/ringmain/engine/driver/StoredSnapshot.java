package io.ringmain.engine.driver;

import io.ringmain.engine.core.SnapshotSink;
import io.ringmain.storage.snapshot.SnapshotDirectory;
import io.ringmain.storage.snapshot.SnapshotException;
import io.ringmain.storage.snapshot.SnapshotReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A snapshot that a core could be loaded from. */
public interface StoredSnapshot {
    /** Position of the last event that is in it. */
    long position();

    /**
     * Hands over its sections.
     *
     * @throws SnapshotException when it is damaged.
     */
    void read(SnapshotSink sink);

    /** Those of a directory that are intact, newest first; what is wrong with the others is told. */
    static List<StoredSnapshot> intact(final SnapshotDirectory directory, final Consumer<String> eventLog) {
        final List<StoredSnapshot> found = new ArrayList<>();
        for (final Path file : directory.list()) {
            try {
                final long position = SnapshotReader.verify(file).position();
                found.add(new StoredSnapshot() {
                    @Override
                    public long position() {
                        return position;
                    }

                    @Override
                    public void read(final SnapshotSink sink) {
                        SnapshotReader.read(file, sink::onSection);
                    }

                    @Override
                    public String toString() {
                        return file.toString();
                    }
                });
            } catch (final SnapshotException ex) {
                eventLog.accept("not used: " + ex.getMessage());
            }
        }
        return found;
    }
}
