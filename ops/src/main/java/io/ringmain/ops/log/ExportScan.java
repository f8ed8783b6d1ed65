package io.ringmain.ops.log;

import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.NoteEvent;
import io.ringmain.storage.log.ArchiveWriter;
import io.ringmain.storage.log.LogReader;
import io.ringmain.storage.log.RecordDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongArrayList;
import org.agrona.collections.LongHashSet;

/**
 * Writes what is selected into an archive, and with it what it can't be understood without: of a will the CONNECT that
 * holds it, of a message that was not taken the note that says so. The first lies anywhere before, the other behind; so
 * the log is read twice, first for them.
 */
final class ExportScan {
    private final LogScan scan;
    private final Selection selection;
    private final LongHashSet connects = new LongHashSet();
    private final LongHashSet notTaken = new LongHashSet();
    private final LongArrayList companions = new LongArrayList();
    private long firstNotTaken = Long.MAX_VALUE;
    private long lastNotTaken;
    private long selected;
    private long endPosition;
    private long lastWritten = -1;
    private int nextCompanion;

    ExportScan(final LogScan scan, final Selection selection) {
        this.scan = scan;
        this.selection = selection;
    }

    void writeTo(final ArchiveWriter archive) throws IOException {
        scan.run(this::look);
        findNotes();
        connects.forEach(position -> companions.addLong(position));
        companions.sort(null);
        try (LogReader reader = scan.log().reader()) {
            write(archive, reader);
        }
    }

    private boolean look(final LogRecord record) {
        selected++;
        endPosition = record.position() + RecordDescriptor.alignedLength(record.length());
        if (record.type() == RecordType.WILL) {
            connects.add(NoteEvent.message(record.buffer(), record.offset()));
        }
        if (!record.isTaken()) {
            notTaken.add(record.position());
            firstNotTaken = Math.min(firstNotTaken, record.position());
            lastNotTaken = record.position();
        }
        return true;
    }

    private void findNotes() {
        if (notTaken.isEmpty()) {
            return;
        }
        scan.log().scan(firstNotTaken, (position, buffer, offset, length) -> {
            if (EventHeader.type(buffer, offset) == EventType.NOT_TAKEN
                    && notTaken.contains(NoteEvent.cause(buffer, offset))) {
                companions.addLong(position);
            }
            return position < lastNotTaken + LogScan.NOTE_DISTANCE;
        });
    }

    private void write(final ArchiveWriter archive, final LogReader reader) {
        if (selected == 0) {
            return;
        }
        final long[] left = {selected};
        scan.run(selection.start(scan.log()), endPosition, record -> {
            writeCompanions(record.position(), archive, reader);
            add(archive, record.position(), record.buffer(), record.offset(), record.length());
            return --left[0] > 0;
        });
        writeCompanions(Long.MAX_VALUE, archive, reader);
    }

    private void writeCompanions(final long beforePosition, final ArchiveWriter archive, final LogReader reader) {
        while (nextCompanion < companions.size() && companions.getLong(nextCompanion) < beforePosition) {
            reader.read(companions.getLong(nextCompanion), (position, buffer, offset, length) -> {
                add(archive, position, buffer, offset, length);
                return true;
            });
            nextCompanion++;
        }
    }

    /** What is selected may be a companion as well. */
    private void add(
            final ArchiveWriter archive,
            final long position,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        if (position <= lastWritten) {
            return;
        }
        try {
            archive.add(position, EventHeader.timestampNs(buffer, offset), buffer, offset, length);
            lastWritten = position;
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
