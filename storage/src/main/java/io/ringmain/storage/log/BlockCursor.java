package io.ringmain.storage.log;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Walks over the excerpts of a segment file by Chronicle's own framing, without Chronicle: each document has a 4-byte
 * header, low 30 bits its length, bit 30 set for Chronicle's own data (file header, index pages), bit 31 set while it
 * isn't complete, both set at the end of a file that was rolled. Documents start at multiples of 4.
 *
 * <p>Reads only what the header, published last, says is complete; so it can follow a file that is appended to.
 */
final class BlockCursor {
    /** There is no further block, now. */
    static final int END = 0;
    /** There is one. */
    static final int BLOCK = 1;
    /** What should be a block isn't. */
    static final int DAMAGED = 2;

    static final int END_OF_DATA = 0xC000_0000;

    private static final int NOT_COMPLETE = 0x8000_0000;
    private static final int META = 0x4000_0000;
    private static final int LENGTH_MASK = 0x3FFF_FFFF;
    private static final int DOCUMENT_HEADER_LENGTH = 4;

    private UnsafeBuffer buffer;
    private int limit;
    private int next;
    private int blockOffset;
    private int blockLength;

    /** Starts at the beginning of a segment of which {@code limit} bytes are mapped. */
    BlockCursor wrap(final UnsafeBuffer buffer, final int limit) {
        this.buffer = buffer;
        this.limit = limit;
        this.next = 0;
        return this;
    }

    /** Goes on from a document header: that of a block lies {@link #documentOffset()} bytes into the file. */
    BlockCursor seek(final int documentOffset) {
        next = documentOffset;
        return this;
    }

    /** Moves to the next block and tells what is there. */
    int advance() {
        while (limit - next >= DOCUMENT_HEADER_LENGTH) {
            final int header = littleEndian(buffer.getIntVolatile(next));
            if (header == 0 || (header & NOT_COMPLETE) != 0) {
                return header == 0 || header == END_OF_DATA || header == NOT_COMPLETE ? END : DAMAGED;
            }
            final int length = header & LENGTH_MASK;
            if (length > limit - next - DOCUMENT_HEADER_LENGTH) {
                return DAMAGED;
            }
            final int start = next + DOCUMENT_HEADER_LENGTH;
            if ((header & META) != 0 && !BlockCheck.looksLikeBlock(buffer, start, length)) {
                next = align(start + length);
                continue;
            }
            if ((header & META) != 0 || !BlockCheck.looksLikeBlock(buffer, start, length)) {
                return DAMAGED;
            }
            blockOffset = start;
            blockLength = length;
            next = align(start + length);
            return BLOCK;
        }
        return END;
    }

    private static int littleEndian(final int value) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? value : Integer.reverseBytes(value);
    }

    private static int align(final int offset) {
        return (offset + 3) & ~3;
    }

    /** File offset of the block. */
    int blockOffset() {
        return blockOffset;
    }

    int blockLength() {
        return blockLength;
    }

    /** File offset of the document header of the block. */
    int documentOffset() {
        return blockOffset - DOCUMENT_HEADER_LENGTH;
    }

    /** File offset where the next document header is, or will be. */
    int next() {
        return next;
    }
}
