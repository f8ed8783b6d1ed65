package io.ringmain.storage.log;

import static io.ringmain.storage.log.SidecarDescriptor.*;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringmain.storage.DataFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a sealed segment holds, read from the file beside it: so that a start need not read the segment, and a narrow
 * question can pass it by. Derived from the segment, and made anew from it whenever it isn't there or doesn't fit.
 */
final class Sidecar {
    private final UnsafeBuffer buffer;

    /** @param buffer laid out as in {@link SidecarDescriptor}, but for its CRC. */
    Sidecar(final UnsafeBuffer buffer) {
        this.buffer = buffer;
    }

    /** The sidecar of a segment file; null if there is none, or one that isn't whole. */
    static Sidecar read(final Path segment) {
        final Sidecar sidecar = readFile(LogDirectory.sidecar(segment));
        return sidecar != null && sidecar.cycle() == LogDirectory.cycle(segment) ? sidecar : null;
    }

    static Sidecar readFile(final Path file) {
        try {
            if (!Files.exists(file) || Files.size(file) > MAX_LENGTH) {
                return null;
            }
            final UnsafeBuffer bytes = new UnsafeBuffer(Files.readAllBytes(file));
            return isWhole(bytes) ? new Sidecar(bytes) : null;
        } catch (final IOException ex) {
            return null;
        }
    }

    private static boolean isWhole(final UnsafeBuffer bytes) {
        if (bytes.capacity() < HEADER_LENGTH
                || bytes.getLong(MAGIC_OFFSET, LITTLE_ENDIAN) != MAGIC
                || bytes.getInt(VERSION_OFFSET, LITTLE_ENDIAN) != VERSION
                || bytes.getInt(CRC_OFFSET, LITTLE_ENDIAN) != crc(bytes)) {
            return false;
        }
        final long length = HEADER_LENGTH
                + (long) bytes.getInt(ENTRY_COUNT_OFFSET, LITTLE_ENDIAN) * ENTRY_LENGTH
                + bytes.getInt(FILTER_LENGTH_OFFSET, LITTLE_ENDIAN);
        return length == bytes.capacity();
    }

    private static int crc(final UnsafeBuffer bytes) {
        return new Crc()
                .reset()
                .update(bytes, FIRST_POSITION_OFFSET, bytes.capacity() - FIRST_POSITION_OFFSET)
                .value();
    }

    /** Puts the sidecar beside its segment, durably; it is there as a whole or not at all. */
    void write(final Path segment) throws IOException {
        buffer.putInt(CRC_OFFSET, crc(buffer), LITTLE_ENDIAN);
        replace(LogDirectory.sidecar(segment), buffer);
    }

    /** Replaces a small file as a whole, durably. */
    static void replace(final Path file, final UnsafeBuffer content) throws IOException {
        final Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = DataFiles.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            final ByteBuffer bytes = ByteBuffer.wrap(content.byteArray());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        LogDirectory.force(file.getParent());
    }

    /** Whether the segment file is, by length and time of change, the one that was sealed. */
    boolean describes(final Path segment) {
        try {
            return Files.size(segment) == number(FILE_LENGTH_OFFSET) && fileTimeNs(segment) == number(FILE_TIME_OFFSET);
        } catch (final IOException ex) {
            return false;
        }
    }

    static long fileTimeNs(final Path segment) throws IOException {
        return Files.getLastModifiedTime(segment).to(TimeUnit.NANOSECONDS);
    }

    private long number(final int offset) {
        return buffer.getLong(offset, LITTLE_ENDIAN);
    }

    private byte[] chain(final int offset) {
        final byte[] value = new byte[HashChain.LENGTH];
        buffer.getBytes(offset, value);
        return value;
    }

    long cycle() {
        return number(CYCLE_OFFSET);
    }

    long firstPosition() {
        return number(FIRST_POSITION_OFFSET);
    }

    long nextPosition() {
        return number(NEXT_POSITION_OFFSET);
    }

    long firstTimestampNs() {
        return number(FIRST_TIMESTAMP_OFFSET);
    }

    long lastTimestampNs() {
        return number(LAST_TIMESTAMP_OFFSET);
    }

    long blocks() {
        return number(BLOCKS_OFFSET);
    }

    long records() {
        return number(RECORDS_OFFSET);
    }

    /** Greatest position that a block of the segment names as forced. */
    long forcedPosition() {
        return number(FORCED_POSITION_OFFSET);
    }

    /** CRC that the first block names as that of the block before. */
    int previousCrc() {
        return buffer.getInt(PREVIOUS_CRC_OFFSET, LITTLE_ENDIAN);
    }

    int lastCrc() {
        return buffer.getInt(LAST_CRC_OFFSET, LITTLE_ENDIAN);
    }

    byte[] chainBefore() {
        return chain(CHAIN_BEFORE_OFFSET);
    }

    byte[] chainAfter() {
        return chain(CHAIN_AFTER_OFFSET);
    }

    int entryCount() {
        return buffer.getInt(ENTRY_COUNT_OFFSET, LITTLE_ENDIAN);
    }

    long entryPosition(final int entry) {
        return number(entry(entry) + ENTRY_POSITION_OFFSET);
    }

    long entryTimestampNs(final int entry) {
        return number(entry(entry) + ENTRY_TIMESTAMP_OFFSET);
    }

    int entryDocumentOffset(final int entry) {
        return (int) number(entry(entry) + ENTRY_DOCUMENT_OFFSET);
    }

    private static int entry(final int entry) {
        return HEADER_LENGTH + entry * ENTRY_LENGTH;
    }

    int keysVersion() {
        return buffer.getInt(KEYS_VERSION_OFFSET, LITTLE_ENDIAN);
    }

    /** Whether a record with this key may be in the segment; true as well if nothing is known about keys. */
    boolean mayHoldKey(final long keyHash) {
        final int length = buffer.getInt(FILTER_LENGTH_OFFSET, LITTLE_ENDIAN);
        return length == 0 || KeyFilter.mayHold(buffer, entry(entryCount()), length, keyHash);
    }

    /** The last entry with an earlier time, -1 if there is none. */
    int lastEntryBefore(final long timestampNs) {
        int low = 0;
        int high = entryCount() - 1;
        while (low <= high) {
            final int middle = (low + high) >>> 1;
            if (entryTimestampNs(middle) < timestampNs) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }
}
