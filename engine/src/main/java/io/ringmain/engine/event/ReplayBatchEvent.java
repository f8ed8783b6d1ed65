package io.ringmain.engine.event;

import static io.ringmain.engine.event.EventHeader.HEADER_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What was found in the log for a replay: the answer to {@code CoreOutput.onReplayWanted}.
 *
 * <pre>
 *  40       44      48         56     64        72      76      80
 *  +--------+-------+----------+------+---------+-------+-------+---------- count times, 32 bytes: -------------------+
 *  | number | flags | asked at | from | reached | count | rsvd. | position i64 | expiry deadline ns i64 | length i32 | |
 *  |        |       |          |      |         |       |       | content length i32 | properties i32 | delivery flags |
 *  +--------+-------+----------+------+---------+-------+-------+-----------------------------------------------------+
 * </pre>
 *
 * {@code asked at} repeats what the core gave with its wish, so that an answer which it doesn't wait for any more is
 * known. Everything from {@code from} to before {@code reached} has been looked at.
 */
public final class ReplayBatchEvent {
    /** Flag: {@code reached} was the end of what was committed. */
    public static final int AT_END = 1;

    /** Flag: the log can't be read there. */
    public static final int FAILED = 2;

    /** Most messages of one event. */
    public static final int MAX_COUNT = 64;

    private static final int NUMBER_OFFSET = HEADER_LENGTH;
    private static final int FLAGS_OFFSET = HEADER_LENGTH + 4;
    private static final int ASKED_AT_OFFSET = HEADER_LENGTH + 8;
    private static final int FROM_OFFSET = HEADER_LENGTH + 16;
    private static final int REACHED_OFFSET = HEADER_LENGTH + 24;
    private static final int COUNT_OFFSET = HEADER_LENGTH + 32;
    private static final int RESERVED_OFFSET = HEADER_LENGTH + 36;
    private static final int BODY_OFFSET = HEADER_LENGTH + 40;
    private static final int ENTRY_LENGTH = 32;

    private DirectBuffer buffer;
    private MutableDirectBuffer target;
    private int offset;

    /** Length in bytes of the event with so many messages. */
    public static int length(final int count) {
        return BODY_OFFSET + count * ENTRY_LENGTH;
    }

    public ReplayBatchEvent wrap(final DirectBuffer buffer, final int offset) {
        this.buffer = buffer;
        this.target = null;
        this.offset = offset;
        return this;
    }

    /** Starts writing an event of no messages yet; {@link #add} them, then {@link #finish}. */
    public ReplayBatchEvent wrapForWrite(
            final MutableDirectBuffer buffer,
            final int offset,
            final long connectionId,
            final int number,
            final long askedAt) {
        this.buffer = buffer;
        this.target = buffer;
        this.offset = offset;
        EventHeader.write(buffer, offset, BODY_OFFSET, EventType.REPLAY_BATCH, 0, EventHeader.NO_LANE, connectionId);
        buffer.putInt(offset + NUMBER_OFFSET, number, LITTLE_ENDIAN);
        buffer.putLong(offset + ASKED_AT_OFFSET, askedAt, LITTLE_ENDIAN);
        buffer.putInt(offset + COUNT_OFFSET, 0, LITTLE_ENDIAN);
        buffer.putInt(offset + RESERVED_OFFSET, 0, LITTLE_ENDIAN);
        return this;
    }

    /** Adds the message of an event; see {@code MessageRef} for the numbers. */
    public ReplayBatchEvent add(
            final long position,
            final long expiryDeadlineNs,
            final int length,
            final int contentLength,
            final int propertiesLength,
            final int deliveryFlags) {
        final int entry = entry(count());
        target.putLong(entry, position, LITTLE_ENDIAN);
        target.putLong(entry + 8, expiryDeadlineNs, LITTLE_ENDIAN);
        target.putInt(entry + 16, length, LITTLE_ENDIAN);
        target.putInt(entry + 20, contentLength, LITTLE_ENDIAN);
        target.putInt(entry + 24, propertiesLength, LITTLE_ENDIAN);
        target.putInt(entry + 28, deliveryFlags, LITTLE_ENDIAN);
        target.putInt(offset + COUNT_OFFSET, count() + 1, LITTLE_ENDIAN);
        return this;
    }

    /** Sets what is known last, and the length in the header, which is returned. */
    public int finish(final int flags, final long from, final long reached) {
        target.putLong(offset + FROM_OFFSET, from, LITTLE_ENDIAN);
        target.putInt(offset + FLAGS_OFFSET, flags, LITTLE_ENDIAN);
        target.putLong(offset + REACHED_OFFSET, reached, LITTLE_ENDIAN);
        target.putInt(offset + EventHeader.LENGTH_OFFSET, length(count()), LITTLE_ENDIAN);
        return length(count());
    }

    private int entry(final int index) {
        return offset + BODY_OFFSET + index * ENTRY_LENGTH;
    }

    public long connectionId() {
        return EventHeader.connectionId(buffer, offset);
    }

    /** Number of the replay. */
    public int number() {
        return buffer.getInt(offset + NUMBER_OFFSET, LITTLE_ENDIAN);
    }

    public long askedAt() {
        return buffer.getLong(offset + ASKED_AT_OFFSET, LITTLE_ENDIAN);
    }

    public boolean isAtEnd() {
        return (buffer.getInt(offset + FLAGS_OFFSET, LITTLE_ENDIAN) & AT_END) != 0;
    }

    public boolean isFailed() {
        return (buffer.getInt(offset + FLAGS_OFFSET, LITTLE_ENDIAN) & FAILED) != 0;
    }

    /** Position from which on it was looked. */
    public long from() {
        return buffer.getLong(offset + FROM_OFFSET, LITTLE_ENDIAN);
    }

    /** Position before which everything has been looked at. */
    public long reached() {
        return buffer.getLong(offset + REACHED_OFFSET, LITTLE_ENDIAN);
    }

    public int count() {
        return buffer.getInt(offset + COUNT_OFFSET, LITTLE_ENDIAN);
    }

    public long position(final int index) {
        return buffer.getLong(entry(index), LITTLE_ENDIAN);
    }

    public long expiryDeadlineNs(final int index) {
        return buffer.getLong(entry(index) + 8, LITTLE_ENDIAN);
    }

    public int messageLength(final int index) {
        return buffer.getInt(entry(index) + 16, LITTLE_ENDIAN);
    }

    public int contentLength(final int index) {
        return buffer.getInt(entry(index) + 20, LITTLE_ENDIAN);
    }

    public int propertiesLength(final int index) {
        return buffer.getInt(entry(index) + 24, LITTLE_ENDIAN);
    }

    public int deliveryFlags(final int index) {
        return buffer.getInt(entry(index) + 28, LITTLE_ENDIAN);
    }
}
