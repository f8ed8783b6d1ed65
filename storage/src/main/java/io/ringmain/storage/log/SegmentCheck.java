package io.ringmain.storage.log;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Checks a segment from its first block to its last: form, CRCs, chain, and that positions go on without a gap.
 *
 * <p>It stops at the first damage. {@link #blockBehind} then looks for intact blocks behind it, as only those tell a
 * torn tail from damage in the middle. Confined to one thread.
 */
final class SegmentCheck {
    /** Receives every intact block. */
    @FunctionalInterface
    interface BlockHandler {
        void onBlock(Segment segment, int documentOffset, int blockOffset);
    }

    /** {@link #jump} when nothing is missing. */
    static final long NO_JUMP = -1;

    private static final int DOCUMENT_ALIGNMENT = 4;

    private final BlockCursor cursor = new BlockCursor();
    private final BlockCheck check = new BlockCheck();
    private final GapList gaps;

    private long nextPosition = -1;
    private int previousCrc;
    private boolean crcKnown;
    private long maxForcedPosition = -1;
    private long blocks;
    private long records;

    private long madeLength;
    private boolean noTornTail;
    private String damage;
    private int damageOffset;
    private long damagePosition;
    private int endOffset;
    private long lastTimestampNs;
    private long jump = NO_JUMP;
    private long jumpTimestampNs;

    /** @param gaps that are known: positions may leave out exactly those. */
    SegmentCheck(final GapList gaps) {
        this.gaps = gaps;
    }

    /** Whether a sealed segment goes on where the check is. */
    boolean isFollowedBy(final Sidecar sidecar) {
        final long first = sidecar.firstPosition();
        return nextPosition < 0
                || first == nextPosition && (!crcKnown || sidecar.previousCrc() == previousCrc)
                || gaps.holds(nextPosition, first);
    }

    /** Takes the sidecar's word for a segment. */
    void skip(final Sidecar sidecar) {
        damage = null;
        nextPosition = sidecar.nextPosition();
        previousCrc = sidecar.lastCrc();
        crcKnown = true;
        lastTimestampNs = sidecar.lastTimestampNs();
        maxForcedPosition = Math.max(maxForcedPosition, sidecar.forcedPosition());
        blocks += sidecar.blocks();
        records += sidecar.records();
    }

    /** Where the check is between two segments. */
    record Mark(
            long nextPosition, int previousCrc, boolean crcKnown, long lastTimestampNs, long blocks, long records) {}

    Mark mark() {
        return new Mark(nextPosition, previousCrc, crcKnown, lastTimestampNs, blocks, records);
    }

    /** Goes back to a mark; forced positions stay known. */
    void reset(final Mark mark) {
        nextPosition = mark.nextPosition;
        previousCrc = mark.previousCrc;
        crcKnown = mark.crcKnown;
        lastTimestampNs = mark.lastTimestampNs;
        blocks = mark.blocks;
        records = mark.records;
    }

    /**
     * Goes over one segment, behind those that were checked before.
     *
     * @return true if it is intact to its end.
     */
    boolean run(final Segment segment, final BlockHandler handler) {
        madeLength = LogContext.MIN_SEGMENT_BYTES;
        return resume(segment, 0, handler);
    }

    /** As {@link #run}, from a document header on. */
    boolean resume(final Segment segment, final int documentOffset, final BlockHandler handler) {
        damage = null;
        jump = NO_JUMP;
        noTornTail = false;
        cursor.wrap(segment.buffer(), segment.length()).seek(documentOffset);
        int what = cursor.advance();
        while (what == BlockCursor.BLOCK) {
            if (!accept(segment, handler)) {
                return false;
            }
            what = cursor.advance();
        }
        endOffset = cursor.next();
        if (isCutShort(segment)) {
            noTornTail = true;
            return damaged(
                    "the file has " + segment.length() + " bytes, it was made with " + madeLength,
                    segment.length(),
                    nextPosition);
        }
        return what == BlockCursor.END || damaged("not a block", cursor.next(), nextPosition);
    }

    /** A file keeps the length that it was made with until recovery ends it by a mark; no crash makes it shorter. */
    private boolean isCutShort(final Segment segment) {
        return segment.length() < madeLength
                && !isEndMark(segment, endOffset)
                && !isEndMark(segment, segment.length() - DOCUMENT_ALIGNMENT);
    }

    /** Whether the intact part ends with a mark, which is there when the next segment has begun. */
    boolean hasEndMark(final Segment segment) {
        return isEndMark(segment, endOffset);
    }

    private static boolean isEndMark(final Segment segment, final int offset) {
        return offset >= 0
                && offset <= segment.length() - Integer.BYTES
                && segment.buffer().getInt(offset, ByteOrder.LITTLE_ENDIAN) == BlockCursor.END_OF_DATA;
    }

    private boolean accept(final Segment segment, final BlockHandler handler) {
        final UnsafeBuffer buffer = segment.buffer();
        final int block = cursor.blockOffset();
        endOffset = cursor.documentOffset();
        if (!check.isIntact(buffer, block)) {
            return damaged(check.fault(), check.faultOffset(), check.faultPosition());
        }
        final long first = BlockDescriptor.firstPosition(buffer, block);
        if (nextPosition >= 0 && first != nextPosition && !isKnownGap(first)) {
            jump = first > nextPosition ? first : NO_JUMP;
            jumpTimestampNs = BlockDescriptor.timestampNs(buffer, block);
            noTornTail = true;
            return damaged("position " + first + " where " + nextPosition + " was expected", block, nextPosition);
        }
        if (crcKnown && BlockDescriptor.previousCrc(buffer, block) != previousCrc) {
            noTornTail = true;
            return damaged("chain: not the successor of the block before", block, first);
        }
        nextPosition = BlockDescriptor.nextPosition(buffer, block);
        previousCrc = BlockDescriptor.crc(buffer, block);
        crcKnown = true;
        maxForcedPosition = Math.max(maxForcedPosition, BlockDescriptor.forcedPosition(buffer, block));
        lastTimestampNs = BlockDescriptor.timestampNs(buffer, block);
        madeLength = Math.max(madeLength, BlockDescriptor.segmentLength(buffer, block));
        blocks++;
        records += BlockDescriptor.count(buffer, block);
        handler.onBlock(segment, cursor.documentOffset(), block);
        return true;
    }

    private boolean isKnownGap(final long first) {
        if (gaps.holds(nextPosition, first)) {
            crcKnown = false;
            return true;
        }
        return false;
    }

    private boolean damaged(final String what, final int offset, final long position) {
        damage = what;
        damageOffset = offset;
        damagePosition = position;
        return false;
    }

    /**
     * Looks for an intact block at or behind a file offset.
     *
     * @return the offset of its document header, -1 if there is none.
     */
    int blockBehind(final Segment segment, final int fromOffset) {
        final UnsafeBuffer buffer = segment.buffer();
        final int first = (fromOffset + DOCUMENT_ALIGNMENT - 1) & -DOCUMENT_ALIGNMENT;
        for (int at = first; at <= segment.length() - BlockDescriptor.HEADER_LENGTH; at += DOCUMENT_ALIGNMENT) {
            if (buffer.getInt(at, ByteOrder.LITTLE_ENDIAN) == BlockDescriptor.MAGIC
                    && at >= DOCUMENT_ALIGNMENT
                    && isWholeBlock(segment, at)) {
                return at - DOCUMENT_ALIGNMENT;
            }
        }
        return -1;
    }

    private boolean isWholeBlock(final Segment segment, final int at) {
        final int length = BlockDescriptor.length(segment.buffer(), at);
        return length <= segment.length() - at
                && BlockCheck.looksLikeBlock(segment.buffer(), at, length)
                && check.isIntact(segment.buffer(), at);
    }

    /** Forgets chain and position, so that the check can go on behind damage. */
    void skipDamage() {
        nextPosition = -1;
        crcKnown = false;
    }

    /** Position behind the last intact block, -1 before the first. */
    long nextPosition() {
        return nextPosition;
    }

    /** The position of an intact block in front of which others are missing, {@link #NO_JUMP} if that isn't the damage. */
    long jump() {
        return jump;
    }

    /** Timestamp of that block. */
    long jumpTimestampNs() {
        return jumpTimestampNs;
    }

    /** Timestamp of the last intact block, 0 before the first. */
    long lastTimestampNs() {
        return lastTimestampNs;
    }

    int previousCrc() {
        return previousCrc;
    }

    long maxForcedPosition() {
        return maxForcedPosition;
    }

    long blocks() {
        return blocks;
    }

    long records() {
        return records;
    }

    /** Whether the damage is of a kind that no crash leaves: the end of the file is gone, or something before it. */
    boolean isNoTornTail() {
        return noTornTail;
    }

    /** What is wrong, null if nothing is. */
    String damage() {
        return damage;
    }

    int damageOffset() {
        return damageOffset;
    }

    long damagePosition() {
        return damagePosition;
    }

    /** File offset of the document header where the intact part of the segment ends. */
    int endOffset() {
        return endOffset;
    }
}
