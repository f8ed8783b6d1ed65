package io.ringmain.storage.log;

import static io.ringmain.storage.log.KeptDescriptor.ENTRY_LENGTH;
import static io.ringmain.storage.log.KeptDescriptor.FIRST_POSITION_OFFSET;
import static io.ringmain.storage.log.KeptDescriptor.HEADER_LENGTH;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** A file of kept records mapped read-only: a look-up is a binary search in the mapping. Confined to one thread. */
final class KeptFile implements AutoCloseable {
    static final int NOT_FOUND = -1;

    private final Path file;
    private final MappedByteBuffer mapping;
    private final UnsafeBuffer buffer;
    private final Crc crc = new Crc();

    private KeptFile(final Path file, final MappedByteBuffer mapping) {
        this.file = file;
        this.mapping = mapping;
        this.buffer = new UnsafeBuffer(mapping);
    }

    /**
     * Maps a file and checks its header and its table, so that no entry leads outside.
     *
     * @throws LogException when they are damaged.
     */
    static KeptFile open(final Path file) throws IOException {
        final KeptFile mapped = map(file);
        final String damage = mapped.damage();
        if (damage != null) {
            mapped.close();
            throw LogException.damaged("damaged file of kept records " + file + ": " + damage);
        }
        return mapped;
    }

    /** Maps a file of which nothing is known. */
    static KeptFile map(final Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw LogException.damaged(
                        "damaged file of kept records " + file + ": " + channel.size() + " bytes are too many");
            }
            return new KeptFile(file, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
        }
    }

    /** What is wrong with header or table, null if nothing is. */
    String damage() {
        if (buffer.capacity() < HEADER_LENGTH || KeptDescriptor.magic(buffer) != KeptDescriptor.MAGIC) {
            return "not a file of kept records";
        }
        if (KeptDescriptor.version(buffer) != KeptDescriptor.VERSION) {
            return "version " + KeptDescriptor.version(buffer) + ", expected " + KeptDescriptor.VERSION;
        }
        final long tableLength = (long) count() * ENTRY_LENGTH;
        if (count() < 0
                || tableOffset() < HEADER_LENGTH
                || tableOffset() + tableLength != buffer.capacity()
                || crcOf(crc, buffer, buffer, tableOffset(), (int) tableLength) != KeptDescriptor.crc(buffer)) {
            return "table CRC";
        }
        return null;
    }

    /** The CRC of a header and a table that belong together. */
    static int crcOf(
            final Crc crc, final UnsafeBuffer header, final UnsafeBuffer table, final int offset, final int length) {
        return crc.reset()
                .update(header, FIRST_POSITION_OFFSET, HEADER_LENGTH - FIRST_POSITION_OFFSET)
                .update(table, offset, length)
                .value();
    }

    /** Whether the bytes of a record are those that were appended to the log. */
    boolean isIntact(final int index) {
        final int offset = offset(index);
        final int length = length(index);
        return offset >= HEADER_LENGTH
                && length >= RecordDescriptor.HEADER_LENGTH
                && offset % RecordDescriptor.ALIGNMENT == 0
                && (long) offset + RecordDescriptor.alignedLength(length) <= tableOffset()
                && buffer.getInt(offset + RecordDescriptor.LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN) == length
                && buffer.getInt(offset + RecordDescriptor.CRC_OFFSET, ByteOrder.LITTLE_ENDIAN)
                        == recordCrc(offset, length)
                && isPadded(offset + length);
    }

    private boolean isPadded(final int from) {
        for (int at = from; (at & (RecordDescriptor.ALIGNMENT - 1)) != 0; at++) {
            if (buffer.getByte(at) != 0) {
                return false;
            }
        }
        return true;
    }

    private int recordCrc(final int offset, final int length) {
        return crc.reset()
                .update(buffer, offset + RecordDescriptor.HEADER_LENGTH, length - RecordDescriptor.HEADER_LENGTH)
                .value();
    }

    /** Index of the record with this position, {@link #NOT_FOUND} if it isn't kept here. */
    int find(final long position) {
        final int index = firstNotBefore(position);
        return index < count() && position(index) == position ? index : NOT_FOUND;
    }

    /** Index of the first record that is not before a position, {@link #count()} if there is none. */
    int firstNotBefore(final long position) {
        int low = 0;
        int high = count() - 1;
        while (low <= high) {
            final int middle = (low + high) >>> 1;
            if (position(middle) < position) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    Path file() {
        return file;
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    int count() {
        return KeptDescriptor.count(buffer);
    }

    private int tableOffset() {
        return KeptDescriptor.tableOffset(buffer);
    }

    private int entry(final int index) {
        return tableOffset() + index * ENTRY_LENGTH;
    }

    long position(final int index) {
        return KeptDescriptor.entryPosition(buffer, entry(index));
    }

    int offset(final int index) {
        return KeptDescriptor.entryOffset(buffer, entry(index));
    }

    int length(final int index) {
        return KeptDescriptor.entryLength(buffer, entry(index));
    }

    /** What it says about itself. */
    KeptRange range() {
        return new KeptRange(
                file,
                KeptDescriptor.firstPosition(buffer),
                KeptDescriptor.nextPosition(buffer),
                buffer.capacity(),
                count());
    }

    @Override
    public void close() {
        IoUtil.unmap(mapping);
    }
}
