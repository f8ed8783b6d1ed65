package io.ringmain.storage.log;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Does what somebody does who alters a record and knows how to compute every CRC of the log anew. */
final class ForgedLog {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private ForgedLog() {}

    /** File offsets of the blocks of a segment. */
    static List<Integer> blockOffsets(final Path file) throws IOException {
        final List<Integer> offsets = new ArrayList<>();
        try (Segment segment = Segment.map(file)) {
            final BlockCursor cursor = new BlockCursor().wrap(segment.buffer(), segment.length());
            while (cursor.advance() == BlockCursor.BLOCK) {
                offsets.add(cursor.blockOffset());
            }
        }
        return offsets;
    }

    /** Alters the first record of a segment's middle block, and the sums of it and of all that follows. */
    static void alterARecord(final List<Path> segments, final int which) throws IOException {
        int previousCrc = 0;
        for (int i = which; i < segments.size(); i++) {
            final UnsafeBuffer bytes = new UnsafeBuffer(Files.readAllBytes(segments.get(i)));
            final List<Integer> blocks = blockOffsets(segments.get(i));
            for (int b = i == which ? blocks.size() / 2 : 0; b < blocks.size(); b++) {
                final int block = blocks.get(b);
                if (i == which && b == blocks.size() / 2) {
                    final int at = block + BlockDescriptor.HEADER_LENGTH + 17;
                    bytes.putByte(at, (byte) (bytes.getByte(at) ^ 1));
                } else {
                    bytes.putInt(block + BlockDescriptor.PREVIOUS_CRC_OFFSET, previousCrc, ORDER);
                }
                previousCrc = sum(bytes, block);
            }
            Files.write(segments.get(i), bytes.byteArray());
        }
    }

    private static int sum(final UnsafeBuffer bytes, final int block) {
        final Crc crc = new Crc().reset();
        int record = block + BlockDescriptor.HEADER_LENGTH;
        for (int i = 0; i < BlockDescriptor.count(bytes, block); i++) {
            final int length = bytes.getInt(record, ORDER);
            bytes.putInt(
                    record + RecordDescriptor.CRC_OFFSET, new BlockCheck().recordCrc(bytes, record, length), ORDER);
            crc.update(bytes, record, RecordDescriptor.HEADER_LENGTH);
            record += RecordDescriptor.alignedLength(length);
        }
        final int value = crc.update(
                        bytes,
                        block + BlockDescriptor.VERSION_OFFSET,
                        BlockDescriptor.HEADER_LENGTH - BlockDescriptor.VERSION_OFFSET)
                .value();
        bytes.putInt(block + BlockDescriptor.CRC_OFFSET, value, ORDER);
        return value;
    }
}
