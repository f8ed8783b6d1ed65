package io.ringmain.storage.log;

import java.util.List;
import org.agrona.DirectBuffer;

/**
 * The append-only log of one broker: a dense stream of opaque records, addressed by position.
 *
 * <p>A <b>position</b> is a logical byte offset in the stream of all records ever appended. It is dense and monotone
 * over restarts and says nothing about where the bytes lie on disk. Records start at multiples of
 * {@link RecordDescriptor#ALIGNMENT}; the first record of a new log has position 0.
 *
 * <p>Records are appended in <b>blocks</b>: what one poll of the ring brought. A block becomes visible to readers, and
 * is checked by its CRC, as a whole. Appending survives the death of the process; only {@link #force()} survives the
 * loss of power.
 *
 * <p>Threads: all methods belong to one writer thread, except where they say otherwise and {@link #newReader()}. A reader belongs to the thread that
 * uses it and may run beside the writer.
 */
public interface MessageLog extends AutoCloseable {
    /** The longest record, in bytes with its {@link RecordDescriptor} header, that {@link #append} accepts. */
    int maxRecordLength();

    /** The position that the next record will have. */
    long appendPosition();

    /**
     * Bytes that can be appended for certain, without any further allocation on disk; an estimate from below. The
     * journal refuses new publishes while this is under its reserve.
     *
     * @param wanted while there are fewer for certain, and more are just being made, this waits until they are there or
     *     it turns out that they won't be: to wait before the bytes are needed, rather than to fail when they are.
     */
    long remainingBytes(long wanted);

    /**
     * Opens a block.
     *
     * @param timestampNs epoch time of the block in nanoseconds, not less than that of the block before.
     * @throws LogException when the log can't take another block (disk full, I/O error); nothing was appended.
     */
    void beginBlock(long timestampNs);

    /**
     * Copies a record to the end of the open block. The first eight bytes of the record are its
     * {@link RecordDescriptor} header: the caller has set the length, the log sets the CRC in its own copy.
     *
     * @return true if appended; false if the block is full: end it and begin another.
     */
    boolean append(DirectBuffer buffer, int offset, int length);

    /** Publishes the open block: header, CRC, chain. Rolls to the next segment when this one is used up. */
    void endBlock();

    /**
     * Makes the blocks that were ended durable against power loss, as far as they aren't yet. One thread, which may be
     * another than the writer's.
     *
     * @return the position up to which everything is durable: on the writer's thread {@link #appendPosition()}.
     * @throws LogException when the device failed. What was not yet forced must never be acknowledged, and the force is
     *     never retried: the broker stops, and every later call throws.
     */
    long force();

    /** Position of the first record that is still there; 0 for a log without any. Any thread. */
    long firstPosition();

    /** A position at or before the first record of this time or later: the beginning of a segment. Any thread. */
    long positionBefore(long timestampNs);

    /** Position of the first record of the last segment that begins before a position, -1 if none does. Any thread. */
    long segmentBefore(long position);

    /**
     * Removes old segments that retention doesn't cover. Of their records, those that are live stay, under the same
     * positions, until they are so no more. Positions stay what they are.
     *
     * @param lowWaterPosition segments that reach behind it stay.
     * @param live positions of the records before the low water that are needed.
     * @param nowNs epoch nanoseconds.
     * @return the number of segments removed. One thread, which may be another than the writer's.
     */
    int truncate(long lowWaterPosition, LivePositions live, Retention retention, long nowNs);

    /** Whether retention doesn't cover a segment that isn't appended to any more. The thread that truncates. */
    boolean isOverdue(Retention retention, long nowNs);

    /** What the log holds. Any thread. */
    LogUsage usage();

    /**
     * Asks for a segment to be ended, full or not, so that it can be removed some day: the next block begins a new one, as
     * soon as its file is ready; nothing waits for that. Nothing happens if it has ended already. Any thread.
     *
     * @param segmentFirstPosition of the segment that is appended to.
     */
    void requestRoll(long segmentFirstPosition);

    /** What is lost for good of this log, and was salvaged around. */
    default List<LogGap> gaps() {
        return List.of();
    }

    /** The broker has let go of what referred to records in all of the gaps, durably. */
    default void gapsAnnounced() {}

    /** A new reader over everything that was appended, also after its creation. */
    LogReader newReader();

    @Override
    void close();
}
