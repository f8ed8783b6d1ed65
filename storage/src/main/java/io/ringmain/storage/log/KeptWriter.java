package io.ringmain.storage.log;

import static io.ringmain.storage.log.KeptDescriptor.ENTRY_LENGTH;
import static io.ringmain.storage.log.KeptDescriptor.HEADER_LENGTH;

import io.ringmain.storage.DataFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes one file of kept records: a temporary file, forced, renamed, and its directory forced. Until
 * {@link #finish()} has returned, what the records are from must stay.
 */
final class KeptWriter implements AutoCloseable {
    private static final int BUFFER_LENGTH = 256 << 10;

    private final LogDirectory directory;
    private final Consumer<TruncationStep> steps;
    private final long firstPosition;
    private final long nextPosition;
    private final Path target;
    private final Path temporary;
    private final FileChannel channel;
    private ByteBuffer pendingBytes = ByteBuffer.allocateDirect(BUFFER_LENGTH);
    private final UnsafeBuffer pending = new UnsafeBuffer(pendingBytes);
    private UnsafeBuffer table = new UnsafeBuffer(new byte[1024 * ENTRY_LENGTH]);
    private int pendingLength;
    private long fileLength = HEADER_LENGTH;
    private int count;

    /**
     * @param firstPosition of the range that the records are from.
     * @param nextPosition behind it.
     */
    KeptWriter(
            final LogDirectory directory,
            final long firstPosition,
            final long nextPosition,
            final Consumer<TruncationStep> steps)
            throws IOException {
        this.directory = directory;
        this.steps = steps;
        this.firstPosition = firstPosition;
        this.nextPosition = nextPosition;
        this.target = directory.kept(firstPosition, nextPosition);
        this.temporary = target.resolveSibling(target.getFileName() + LogDirectory.TEMPORARY_SUFFIX);
        this.channel = DataFiles.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        channel.position(HEADER_LENGTH);
    }

    /** Adds a record as it lies in a buffer; positions ascend. */
    void add(final long position, final DirectBuffer buffer, final int offset, final int length) throws IOException {
        final int aligned = RecordDescriptor.alignedLength(length);
        if (aligned > pending.capacity() - pendingLength) {
            flush();
            reserve(aligned);
        }
        pending.putBytes(pendingLength, buffer, offset, length);
        pending.setMemory(pendingLength + length, aligned - length, (byte) 0);
        pendingLength += aligned;
        addEntry(position, length);
        fileLength += aligned;
    }

    private void reserve(final int length) {
        if (length > pending.capacity()) {
            pendingBytes = ByteBuffer.allocateDirect(length);
            pending.wrap(pendingBytes);
        }
    }

    private void addEntry(final long position, final int length) throws IOException {
        final long behind = fileLength + RecordDescriptor.alignedLength(length) + (count + 1L) * ENTRY_LENGTH;
        if (behind > Integer.MAX_VALUE) {
            throw new IOException(temporary + " would be longer than 2 GiB");
        }
        final int at = count * ENTRY_LENGTH;
        if (at == table.capacity()) {
            final byte[] larger = new byte[(int) Math.min(2L * at, Integer.MAX_VALUE & -ENTRY_LENGTH)];
            table.getBytes(0, larger, 0, at);
            table = new UnsafeBuffer(larger);
        }
        KeptDescriptor.writeEntry(table, at, position, (int) fileLength, length);
        count++;
    }

    private void flush() throws IOException {
        pendingBytes.clear().limit(pendingLength);
        write(pendingBytes);
        pendingLength = 0;
    }

    private void write(final ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Records so far. */
    int count() {
        return count;
    }

    /** Makes the file durable under its name; from here on it counts. */
    KeptRange finish() throws IOException {
        flush();
        final int tableLength = count * ENTRY_LENGTH;
        write(ByteBuffer.wrap(table.byteArray(), 0, tableLength));
        final UnsafeBuffer header = new UnsafeBuffer(new byte[HEADER_LENGTH]);
        KeptDescriptor.write(header, firstPosition, nextPosition, count, (int) fileLength);
        KeptDescriptor.crc(header, KeptFile.crcOf(new Crc(), header, table, 0, tableLength));
        channel.position(0);
        write(ByteBuffer.wrap(header.byteArray()));
        channel.force(true);
        channel.close();
        steps.accept(TruncationStep.KEPT_FORCED);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        steps.accept(TruncationStep.KEPT_RENAMED);
        LogDirectory.force(directory.sealed());
        steps.accept(TruncationStep.KEPT_DURABLE);
        return new KeptRange(target, firstPosition, nextPosition, fileLength + tableLength, count);
    }

    /** Closes the file; what was not finished is swept up at the next pass or start. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
