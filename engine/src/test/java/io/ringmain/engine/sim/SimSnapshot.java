package io.ringmain.engine.sim;

import io.ringmain.engine.core.BrokerCore;
import io.ringmain.engine.core.SnapshotSink;
import io.ringmain.engine.driver.StoredSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** A snapshot in memory. */
record SimSnapshot(long position, List<Section> sections) implements StoredSnapshot {
    record Section(int type, byte[] bytes) {}

    static SimSnapshot of(final BrokerCore core) {
        final List<Section> sections = new ArrayList<>();
        core.takeSnapshot((type, buffer, offset, length) -> {
            final byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            sections.add(new Section(type, bytes));
        });
        return new SimSnapshot(core.position(), sections);
    }

    @Override
    public void read(final SnapshotSink sink) {
        for (final Section section : sections) {
            sink.onSection(section.type(), new UnsafeBuffer(section.bytes()), 0, section.bytes().length);
        }
    }
}
