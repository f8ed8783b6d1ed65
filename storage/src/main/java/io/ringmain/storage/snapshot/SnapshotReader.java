package io.ringmain.storage.snapshot;

import static io.ringmain.storage.snapshot.SnapshotDescriptor.BLOCK_HEADER_LENGTH;
import static io.ringmain.storage.snapshot.SnapshotDescriptor.HEADER_CRC_LENGTH;
import static io.ringmain.storage.snapshot.SnapshotDescriptor.HEADER_CRC_OFFSET;
import static io.ringmain.storage.snapshot.SnapshotDescriptor.HEADER_LENGTH;
import static io.ringmain.storage.snapshot.SnapshotDescriptor.MAGIC;
import static io.ringmain.storage.snapshot.SnapshotDescriptor.MAGIC_OFFSET;
import static io.ringmain.storage.snapshot.SnapshotDescriptor.POSITION_OFFSET;
import static io.ringmain.storage.snapshot.SnapshotDescriptor.SECTION_HEADER_LENGTH;
import static io.ringmain.storage.snapshot.SnapshotDescriptor.TIMESTAMP_OFFSET;
import static io.ringmain.storage.snapshot.SnapshotDescriptor.VERSION;
import static io.ringmain.storage.snapshot.SnapshotDescriptor.VERSION_OFFSET;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Reads one snapshot file, and believes nothing that its CRCs don't say. */
public final class SnapshotReader {
    /** Receives a section; the buffer is valid during the call only. */
    @FunctionalInterface
    public interface SectionHandler {
        void onSection(int type, DirectBuffer buffer, int offset, int length);
    }

    private final Path file;
    private final CRC32C allCrc = new CRC32C();
    private final ByteBuffer crcBytes = ByteBuffer.allocate(Integer.BYTES).order(LITTLE_ENDIAN);
    private byte[] bytes = new byte[SnapshotDescriptor.BLOCK_LENGTH];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    private long at;
    private long position;
    private long timestampNs;

    private SnapshotReader(final Path file) {
        this.file = file;
    }

    /** What a snapshot file says about itself. */
    public record Summary(Path file, long position, long timestampNs, long lengthBytes) {}

    /**
     * Reads a whole file.
     *
     * @throws SnapshotException when it is not intact, with the byte. Sections before the damage have been handed over.
     */
    public static Summary read(final Path file, final SectionHandler handler) {
        return new SnapshotReader(file).readAll(handler);
    }

    /** As {@link #read}, for its CRCs alone. */
    public static Summary verify(final Path file) {
        return read(file, (type, buffer, offset, length) -> {});
    }

    /**
     * Reads the beginning of a file alone; its length in the summary is that of the file.
     *
     * @throws SnapshotException when that isn't intact.
     */
    public static Summary header(final Path file) {
        final SnapshotReader reader = new SnapshotReader(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            reader.readHeader(channel);
            return new Summary(file, reader.position, reader.timestampNs, channel.size());
        } catch (final IOException ex) {
            throw new SnapshotException("can't read " + file + ": " + ex.getMessage(), ex);
        }
    }

    private Summary readAll(final SectionHandler handler) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            readHeader(channel);
            while (readBlock(channel, handler)) {
                // A block each time.
            }
            if (at != channel.size()) {
                throw damaged("bytes behind the end");
            }
            return new Summary(file, position, timestampNs, at);
        } catch (final IOException ex) {
            throw new SnapshotException("can't read " + file + ": " + ex.getMessage(), ex);
        }
    }

    private void readHeader(final FileChannel channel) throws IOException {
        fill(channel, HEADER_LENGTH);
        if (buffer.getLong(MAGIC_OFFSET, LITTLE_ENDIAN) != MAGIC
                || buffer.getInt(VERSION_OFFSET, LITTLE_ENDIAN) != VERSION) {
            throw damaged("not a snapshot of version " + VERSION);
        }
        checkCrc(POSITION_OFFSET, HEADER_CRC_LENGTH, buffer.getInt(HEADER_CRC_OFFSET, LITTLE_ENDIAN));
        position = buffer.getLong(POSITION_OFFSET, LITTLE_ENDIAN);
        timestampNs = buffer.getLong(TIMESTAMP_OFFSET, LITTLE_ENDIAN);
        at = HEADER_LENGTH;
    }

    private boolean readBlock(final FileChannel channel, final SectionHandler handler) throws IOException {
        fill(channel, BLOCK_HEADER_LENGTH);
        final int length = buffer.getInt(0, LITTLE_ENDIAN);
        final int crc = buffer.getInt(4, LITTLE_ENDIAN);
        if (length == 0) {
            if (crc != (int) allCrc.getValue()) {
                throw damaged("the CRC of all blocks");
            }
            at += BLOCK_HEADER_LENGTH;
            return false;
        }
        if (length < 0 || length > channel.size() - at) {
            throw damaged("a block of " + length + " bytes");
        }
        at += BLOCK_HEADER_LENGTH;
        fill(channel, length);
        checkCrc(0, length, crc);
        handOver(length, handler);
        at += length;
        return true;
    }

    private void handOver(final int length, final SectionHandler handler) {
        int section = 0;
        while (section < length) {
            final int sectionLength =
                    length - section < SECTION_HEADER_LENGTH ? -1 : buffer.getInt(section + 4, LITTLE_ENDIAN);
            final int body = section + SECTION_HEADER_LENGTH;
            if (sectionLength < 0 || sectionLength > length - body) {
                throw damaged("a section of " + sectionLength + " bytes");
            }
            handler.onSection(buffer.getInt(section, LITTLE_ENDIAN), buffer, body, sectionLength);
            section = body + sectionLength;
        }
    }

    private void checkCrc(final int offset, final int length, final int expected) {
        final CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        if ((int) crc.getValue() != expected) {
            throw damaged(
                    "CRC " + Integer.toHexString((int) crc.getValue()) + ", expected " + Integer.toHexString(expected));
        }
        crcBytes.putInt(0, expected);
        allCrc.update(crcBytes.array());
    }

    private void fill(final FileChannel channel, final int length) throws IOException {
        if (bytes.length < length) {
            bytes = new byte[length];
            buffer.wrap(bytes);
        }
        final ByteBuffer target = ByteBuffer.wrap(bytes, 0, length);
        while (target.hasRemaining()) {
            if (channel.read(target) < 0) {
                throw damaged("the end of the file, expected " + target.remaining() + " bytes more");
            }
        }
    }

    private SnapshotException damaged(final String what) {
        return new SnapshotException("damaged snapshot " + file + " at byte " + at + ": " + what);
    }
}
