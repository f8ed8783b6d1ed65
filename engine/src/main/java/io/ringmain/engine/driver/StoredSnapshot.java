package io.ringmain.engine.driver;

import io.ringmain.engine.core.SnapshotSink;
import io.ringmain.storage.snapshot.SnapshotException;

/** A snapshot that a core could be loaded from. */
public interface StoredSnapshot {
    /** Position of the last event that is in it. */
    long position();

    /**
     * Hands over its sections.
     *
     * @throws SnapshotException when it is damaged; sections before the damage have been handed over.
     */
    void read(SnapshotSink sink);
}
