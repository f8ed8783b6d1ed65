package io.ringmain.storage.log;

import static io.ringmain.storage.log.SidecarDescriptor.*;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** Collects what a sidecar says while a segment is checked, and goes on with the hash chain. For one segment. */
final class SidecarBuilder implements SegmentCheck.BlockHandler {
    private static final int COLUMNS = 3;
    private static final int INITIAL_ENTRIES = 256;

    private final HashChain chain;
    private final RecordKeys keys;
    private final KeyFilter filter = new KeyFilter();
    private final RecordKeys.Sink sink = filter::add;
    private long[] entries = new long[COLUMNS * INITIAL_ENTRIES];
    private int entryCount;
    private long firstPosition;
    private long nextPosition;
    private long firstTimestampNs;
    private long lastTimestampNs;
    private long blocks;
    private long records;
    private long forcedPosition = -1;
    private int previousCrc;
    private int lastCrc;
    private byte[] chainBefore;

    SidecarBuilder(final HashChain chain, final RecordKeys keys) {
        this.chain = chain;
        this.keys = keys;
    }

    @Override
    public void onBlock(final Segment segment, final int documentOffset, final int block) {
        final UnsafeBuffer buffer = segment.buffer();
        final long position = BlockDescriptor.firstPosition(buffer, block);
        lastTimestampNs = BlockDescriptor.timestampNs(buffer, block);
        if (blocks == 0) {
            firstPosition = position;
            firstTimestampNs = lastTimestampNs;
            previousCrc = BlockDescriptor.previousCrc(buffer, block);
            chainBefore = chain.before(position);
        }
        addEntry(position, documentOffset);
        addKeys(buffer, block);
        chain.add(buffer, block);
        blocks++;
        records += BlockDescriptor.count(buffer, block);
        nextPosition = BlockDescriptor.nextPosition(buffer, block);
        forcedPosition = Math.max(forcedPosition, BlockDescriptor.forcedPosition(buffer, block));
        lastCrc = BlockDescriptor.crc(buffer, block);
    }

    private void addEntry(final long position, final int documentOffset) {
        final int at = COLUMNS * entryCount;
        if (entryCount > 0 && position - entries[at - COLUMNS] < BlockIndex.SPACING) {
            return;
        }
        if (at == entries.length) {
            entries = Arrays.copyOf(entries, 2 * at);
        }
        entries[at] = position;
        entries[at + 1] = lastTimestampNs;
        entries[at + 2] = documentOffset;
        entryCount++;
    }

    private void addKeys(final UnsafeBuffer buffer, final int block) {
        if (keys.version() == 0) {
            return;
        }
        int record = block + BlockDescriptor.HEADER_LENGTH;
        for (int i = 0, count = BlockDescriptor.count(buffer, block); i < count; i++) {
            final int length = buffer.getInt(record + RecordDescriptor.LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN);
            keys.keys(buffer, record, length, sink);
            record += RecordDescriptor.alignedLength(length);
        }
    }

    boolean isEmpty() {
        return blocks == 0;
    }

    /** Whether the same number of records at the same positions after the same beginning come to another hash. */
    boolean isAlteredSince(final Sidecar sealed) {
        return blocks > 0
                && blocks == sealed.blocks()
                && records == sealed.records()
                && firstPosition == sealed.firstPosition()
                && nextPosition == sealed.nextPosition()
                && Arrays.equals(chainBefore, sealed.chainBefore())
                && !chain.isAt(sealed.chainAfter());
    }

    /** The sidecar of a segment file that doesn't change any more. */
    Sidecar build(final Path segment) throws IOException {
        final int filterLength = keys.version() == 0 ? 0 : filter.length();
        final int filterOffset = HEADER_LENGTH + entryCount * ENTRY_LENGTH;
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[filterOffset + filterLength]);
        buffer.putLong(MAGIC_OFFSET, MAGIC, LITTLE_ENDIAN);
        buffer.putInt(VERSION_OFFSET, VERSION, LITTLE_ENDIAN);
        buffer.putLong(FIRST_POSITION_OFFSET, firstPosition, LITTLE_ENDIAN);
        buffer.putLong(NEXT_POSITION_OFFSET, nextPosition, LITTLE_ENDIAN);
        buffer.putLong(FIRST_TIMESTAMP_OFFSET, firstTimestampNs, LITTLE_ENDIAN);
        buffer.putLong(LAST_TIMESTAMP_OFFSET, lastTimestampNs, LITTLE_ENDIAN);
        buffer.putLong(BLOCKS_OFFSET, blocks, LITTLE_ENDIAN);
        buffer.putLong(RECORDS_OFFSET, records, LITTLE_ENDIAN);
        buffer.putLong(FILE_LENGTH_OFFSET, Files.size(segment), LITTLE_ENDIAN);
        buffer.putLong(FILE_TIME_OFFSET, Sidecar.fileTimeNs(segment), LITTLE_ENDIAN);
        buffer.putLong(FORCED_POSITION_OFFSET, forcedPosition, LITTLE_ENDIAN);
        buffer.putInt(PREVIOUS_CRC_OFFSET, previousCrc, LITTLE_ENDIAN);
        buffer.putInt(LAST_CRC_OFFSET, lastCrc, LITTLE_ENDIAN);
        buffer.putBytes(CHAIN_BEFORE_OFFSET, chainBefore);
        buffer.putBytes(CHAIN_AFTER_OFFSET, chain.value());
        buffer.putLong(CYCLE_OFFSET, LogDirectory.cycle(segment), LITTLE_ENDIAN);
        buffer.putInt(ENTRY_COUNT_OFFSET, entryCount, LITTLE_ENDIAN);
        buffer.putInt(FILTER_LENGTH_OFFSET, filterLength, LITTLE_ENDIAN);
        buffer.putInt(KEYS_VERSION_OFFSET, keys.version(), LITTLE_ENDIAN);
        for (int i = 0; i < COLUMNS * entryCount; i++) {
            buffer.putLong(HEADER_LENGTH + i * Long.BYTES, entries[i], LITTLE_ENDIAN);
        }
        if (filterLength > 0) {
            filter.write(buffer, filterOffset);
        }
        return new Sidecar(buffer);
    }
}
