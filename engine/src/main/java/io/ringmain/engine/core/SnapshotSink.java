package io.ringmain.engine.core;

import org.agrona.DirectBuffer;

/**
 * Takes a snapshot section by section: a file that writes it, or a core that loads it. Types and layouts are those of
 * {@link CoreSnapshot}; the last section is its {@code END}.
 */
@FunctionalInterface
public interface SnapshotSink {
    /** Takes one section; the buffer is valid during the call only. */
    void onSection(int type, DirectBuffer buffer, int offset, int length);
}
