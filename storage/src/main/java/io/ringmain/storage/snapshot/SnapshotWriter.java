package io.ringmain.storage.snapshot;

import static io.ringmain.storage.snapshot.SnapshotDescriptor.BLOCK_HEADER_LENGTH;
import static io.ringmain.storage.snapshot.SnapshotDescriptor.BLOCK_LENGTH;
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

import io.ringmain.storage.DataFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/** Writes one snapshot: sections, then {@link #finish}. Until then nothing that counts has changed on disk. */
public final class SnapshotWriter implements AutoCloseable {
    private final Runnable afterFinish;
    private final Path temporary;
    private final Path target;
    private final FileChannel channel;
    private final ExpandableArrayBuffer block = new ExpandableArrayBuffer(BLOCK_LENGTH + (BLOCK_LENGTH >> 2));
    private final CRC32C allCrc = new CRC32C();
    private final ByteBuffer crcBytes = ByteBuffer.allocate(Integer.BYTES).order(LITTLE_ENDIAN);
    private int blockLength = BLOCK_HEADER_LENGTH;
    private long bytes;
    private boolean finished;

    /** @param afterFinish called when the snapshot counts. */
    SnapshotWriter(final Path target, final long position, final long timestampNs, final Runnable afterFinish) {
        this.afterFinish = afterFinish;
        this.target = target;
        this.temporary = target.resolveSibling(target.getFileName() + SnapshotDirectory.TEMPORARY_SUFFIX);
        try {
            DataFiles.createDirectories(target.getParent());
            channel = DataFiles.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
        } catch (final IOException ex) {
            throw new SnapshotException("can't write " + temporary + ": " + ex.getMessage(), ex);
        }
        try {
            writeHeader(position, timestampNs);
        } catch (final IOException ex) {
            close();
            throw new SnapshotException("can't write " + temporary + ": " + ex.getMessage(), ex);
        }
    }

    /**
     * Begins a file that stands alone, and replaces the one that was there when it is finished.
     *
     * @param position of the last record of the log that is in it.
     * @param timestampNs of that record, epoch nanoseconds.
     */
    public static SnapshotWriter of(final Path file, final long position, final long timestampNs) {
        return new SnapshotWriter(file, position, timestampNs, () -> {});
    }

    private void writeHeader(final long position, final long timestampNs) throws IOException {
        block.putLong(MAGIC_OFFSET, MAGIC, LITTLE_ENDIAN);
        block.putInt(VERSION_OFFSET, VERSION, LITTLE_ENDIAN);
        block.putLong(POSITION_OFFSET, position, LITTLE_ENDIAN);
        block.putLong(TIMESTAMP_OFFSET, timestampNs, LITTLE_ENDIAN);
        final CRC32C crc = new CRC32C();
        crc.update(block.byteArray(), POSITION_OFFSET, HEADER_CRC_LENGTH);
        block.putInt(HEADER_CRC_OFFSET, (int) crc.getValue(), LITTLE_ENDIAN);
        addToAll((int) crc.getValue());
        write(HEADER_LENGTH);
    }

    /** Adds a section. */
    public void section(final int type, final DirectBuffer buffer, final int offset, final int length) {
        block.putInt(blockLength, type, LITTLE_ENDIAN);
        block.putInt(blockLength + 4, length, LITTLE_ENDIAN);
        block.putBytes(blockLength + SECTION_HEADER_LENGTH, buffer, offset, length);
        blockLength += SECTION_HEADER_LENGTH + length;
        if (blockLength >= BLOCK_LENGTH) {
            writeBlock();
        }
    }

    private void writeBlock() {
        final CRC32C crc = new CRC32C();
        crc.update(block.byteArray(), BLOCK_HEADER_LENGTH, blockLength - BLOCK_HEADER_LENGTH);
        block.putInt(0, blockLength - BLOCK_HEADER_LENGTH, LITTLE_ENDIAN);
        block.putInt(4, (int) crc.getValue(), LITTLE_ENDIAN);
        addToAll((int) crc.getValue());
        try {
            write(blockLength);
        } catch (final IOException ex) {
            throw new SnapshotException("can't write " + temporary + ": " + ex.getMessage(), ex);
        }
        blockLength = BLOCK_HEADER_LENGTH;
    }

    private void addToAll(final int crc) {
        crcBytes.putInt(0, crc);
        allCrc.update(crcBytes.array());
    }

    private void write(final int length) throws IOException {
        final ByteBuffer source = ByteBuffer.wrap(block.byteArray(), 0, length);
        while (source.hasRemaining()) {
            channel.write(source);
        }
        bytes += length;
    }

    /**
     * Makes the snapshot durable and lets it count; in a directory, older ones but the last go.
     *
     * @return its length in bytes.
     */
    public long finish() {
        if (blockLength > BLOCK_HEADER_LENGTH) {
            writeBlock();
        }
        try {
            block.putInt(0, 0, LITTLE_ENDIAN);
            block.putInt(4, (int) allCrc.getValue(), LITTLE_ENDIAN);
            write(BLOCK_HEADER_LENGTH);
            channel.force(true);
            channel.close();
            SnapshotDirectory.publish(temporary, target);
        } catch (final IOException ex) {
            throw new SnapshotException("can't write " + target + ": " + ex.getMessage(), ex);
        }
        finished = true;
        afterFinish.run();
        return bytes;
    }

    /** Gives an unfinished snapshot up. */
    @Override
    public void close() {
        if (!finished) {
            try {
                channel.close();
                Files.deleteIfExists(temporary);
            } catch (final IOException ex) {
                throw new SnapshotException("can't remove " + temporary + ": " + ex.getMessage(), ex);
            }
        }
    }
}
