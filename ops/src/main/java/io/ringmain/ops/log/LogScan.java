package io.ringmain.ops.log;

import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.NoteEvent;
import io.ringmain.storage.log.LogInspector;
import io.ringmain.storage.log.LogReader;
import io.ringmain.storage.log.RecordDescriptor;
import java.util.ArrayDeque;
import java.util.function.Predicate;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2LongHashMap;

/**
 * Reads what a {@link Selection} asks for, in one pass.
 *
 * <p>That a message was logged and not taken stands in a note behind it, at most as far as the broker's ring holds. So
 * messages that match are held back, as copies, until the scan is that far behind them or at the end of the log. With
 * a broker that runs, the notes of the newest messages may not be there yet.
 */
final class LogScan implements AutoCloseable {
    /** How far a note can be behind its message, bytes. */
    static final long NOTE_DISTANCE = 16 << 20;

    private static final long NO_NOTE = Long.MIN_VALUE;

    /** Takes what matches, in order. */
    @FunctionalInterface
    interface Handler {
        /**
         * @param record valid during the call, unless copied.
         * @return true to go on, false to stop.
         */
        boolean onRecord(LogRecord record);
    }

    private final Selection selection;
    private final LogInspector log;
    private final LogReader reader;
    /** Looks elsewhere while the other one scans. */
    private final LogReader aside;

    private final LogRecord current = new LogRecord();
    private final ArrayDeque<LogRecord> held = new ArrayDeque<>();
    private final Long2LongHashMap notes = new Long2LongHashMap(NO_NOTE);
    private boolean withNotTaken = true;
    private Predicate<LogRecord> condition = record -> true;
    private ScanProgress progress = ScanProgress.none();
    private Handler handler;
    private long toPosition;
    private long nextPosition;
    private boolean isBehind;
    private boolean isStopped;

    private LogScan(final Selection selection, final LogInspector log) {
        this.selection = selection;
        this.log = log;
        this.reader = log.follow();
        this.aside = log.follow();
    }

    /**
     * Opens the log that is asked for.
     *
     * @throws io.ringmain.storage.log.LogException when there is none.
     */
    static LogScan open(final Selection selection) {
        return new LogScan(selection, selection.open());
    }

    /** Leaves out messages that were logged but that the broker didn't take, unless all is asked for. */
    LogScan takenOnly() {
        withNotTaken = selection.isAll();
        return this;
    }

    /** Hands over only what also meets a condition; what doesn't is not counted. */
    LogScan where(final Predicate<LogRecord> asked) {
        condition = asked;
        return this;
    }

    LogScan progress(final ScanProgress scanProgress) {
        progress = scanProgress;
        return this;
    }

    LogInspector log() {
        return log;
    }

    /**
     * Hands over all that matches, and at most as many as are asked for.
     *
     * @throws io.ringmain.storage.log.LogException at damage; what is intact before it was handed over.
     */
    void run(final Handler taker) {
        final long[] left = {selection.count(Long.MAX_VALUE)};
        if (left[0] > 0) {
            run(selection.start(log), Long.MAX_VALUE, record -> taker.onRecord(record) && --left[0] > 0);
        }
    }

    /**
     * Hands over what matches of a stretch, however many.
     *
     * @return the position up to which the log was read.
     */
    long run(final long fromPosition, final long limitPosition, final Handler taker) {
        begin(fromPosition, limitPosition, taker);
        progress.begin(log, fromPosition);
        try {
            final long reached = log.scan(fromPosition, selection.segments(), this::onRecord);
            if (!held.isEmpty() && !isStopped) {
                readNotes(held.peekLast().position() + NOTE_DISTANCE);
            }
            return Math.max(reached, nextPosition);
        } finally {
            handOver(Long.MAX_VALUE);
            progress.end();
        }
    }

    /** Reads on for notes alone, over what the scan passes by because nothing that is asked for is there. */
    private void readNotes(final long limitPosition) {
        aside.scan(nextPosition, (position, buffer, offset, length) -> {
            if (position < limitPosition && EventHeader.type(buffer, offset) == EventType.NOT_TAKEN) {
                onNote(buffer, offset);
            }
            return position < limitPosition;
        });
    }

    /**
     * Hands over what has come since, but for messages that came after the last call: their notes may still come.
     *
     * @param fromPosition where the last call ended.
     * @return where the next call goes on.
     */
    long poll(final long fromPosition, final Handler taker) {
        begin(fromPosition, Long.MAX_VALUE, taker);
        final long reached = reader.scan(fromPosition, this::onRecord);
        handOver(fromPosition);
        return reached;
    }

    private void begin(final long fromPosition, final long limitPosition, final Handler taker) {
        nextPosition = fromPosition;
        handler = taker;
        toPosition = limitPosition;
        isBehind = false;
        isStopped = false;
    }

    /** Whether the last call told that nothing more can come: it lies behind what is asked for, or the taker wants no more. */
    boolean isOver() {
        return isStopped || isBehind && held.isEmpty();
    }

    private boolean onRecord(final long position, final DirectBuffer buffer, final int offset, final int length) {
        progress.onRecord(position);
        if (position > nextPosition && !held.isEmpty()) {
            readNotes(Math.min(position, held.peekLast().position() + NOTE_DISTANCE));
        }
        nextPosition = position + RecordDescriptor.alignedLength(length);
        isBehind |= position >= toPosition || selection.isBehind(buffer, offset);
        if (EventHeader.type(buffer, offset) == EventType.NOT_TAKEN) {
            onNote(buffer, offset);
        }
        if (!isBehind && selection.mayMatch(buffer, offset)) {
            current.wrap(buffer, offset).findWill(aside);
            if (selection.matches(current)) {
                onMatch();
            }
        }
        handOver(nextPosition - NOTE_DISTANCE);
        return !isOver();
    }

    private void onNote(final DirectBuffer buffer, final int offset) {
        final long cause = NoteEvent.cause(buffer, offset);
        if (!held.isEmpty() && cause >= held.peekFirst().position()) {
            notes.put(cause, NoteEvent.reasonCode(buffer, offset));
        }
    }

    private void onMatch() {
        if (held.isEmpty() && current.type() != RecordType.PUBLISH) {
            handOver(current);
        } else {
            held.addLast(current.copy());
        }
    }

    /** Hands over what is held and begins before a position, and what else follows that needs no note. */
    private void handOver(final long beforePosition) {
        while (!isStopped && !held.isEmpty()) {
            final LogRecord next = held.peekFirst();
            if (next.type() == RecordType.PUBLISH && next.position() >= beforePosition) {
                return;
            }
            held.removeFirst();
            final long reasonCode = notes.isEmpty() ? NO_NOTE : notes.remove(next.position());
            if (reasonCode == NO_NOTE) {
                handOver(next);
            } else if (withNotTaken) {
                handOver(next.notTaken((int) reasonCode));
            }
        }
    }

    private void handOver(final LogRecord record) {
        if (condition.test(record)) {
            isStopped = !handler.onRecord(record);
        }
    }

    @Override
    public void close() {
        reader.close();
        aside.close();
    }
}
