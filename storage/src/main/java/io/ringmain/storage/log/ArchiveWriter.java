package io.ringmain.storage.log;

import static io.ringmain.storage.log.ArchiveDescriptor.END;
import static io.ringmain.storage.log.ArchiveDescriptor.END_LENGTH;
import static io.ringmain.storage.log.ArchiveDescriptor.HASH_OFFSET;
import static io.ringmain.storage.log.ArchiveDescriptor.HEADER_LENGTH;
import static io.ringmain.storage.log.ArchiveDescriptor.POSITION_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes an archive; layout at {@link ArchiveDescriptor}. It gets its name when it is complete and forced, so that half
 * an archive is none.
 */
public final class ArchiveWriter implements AutoCloseable {
    private static final int BUFFER_LENGTH = 256 << 10;
    private static final String TEMPORARY_SUFFIX = ".tmp";

    private final Path target;
    private final Path temporary;
    private final String text;
    private final FileChannel channel;
    private final MessageDigest sha256 = newSha256();
    private byte[] bytes = new byte[BUFFER_LENGTH];
    private final UnsafeBuffer pending = new UnsafeBuffer(bytes);
    private int pendingLength;
    private long fileLength;
    private long count;
    private long firstPosition;
    private long nextPosition;
    private long firstTimestampNs;
    private long lastTimestampNs;

    /**
     * @param text what the archive is, in lines {@code name: value}.
     * @throws IOException when the file can't be written.
     */
    public ArchiveWriter(final Path target, final String text) throws IOException {
        this.target = target;
        this.temporary = target.resolveSibling(target.getFileName() + TEMPORARY_SUFFIX);
        this.text = text;
        this.channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        writeHeader(text.getBytes(StandardCharsets.UTF_8));
    }

    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException ex) {
            throw new IllegalStateException("every Java has SHA-256", ex);
        }
    }

    private void writeHeader(final byte[] textBytes) throws IOException {
        if (textBytes.length > ArchiveDescriptor.MAX_TEXT_LENGTH) {
            throw new IOException("an archive's text of " + textBytes.length + " bytes, at most "
                    + ArchiveDescriptor.MAX_TEXT_LENGTH);
        }
        final int start = claim(HEADER_LENGTH + textBytes.length);
        pending.putLong(start + ArchiveDescriptor.MAGIC_OFFSET, ArchiveDescriptor.MAGIC, LITTLE_ENDIAN);
        pending.putInt(start + ArchiveDescriptor.VERSION_OFFSET, ArchiveDescriptor.VERSION, LITTLE_ENDIAN);
        pending.putInt(start + ArchiveDescriptor.TEXT_LENGTH_OFFSET, textBytes.length, LITTLE_ENDIAN);
        pending.putBytes(start + HEADER_LENGTH, textBytes);
    }

    /** Room for this many bytes, zeroes up to a multiple of 8 behind them. */
    private int claim(final int length) throws IOException {
        final int aligned = RecordDescriptor.alignedLength(length);
        if (aligned > bytes.length - pendingLength) {
            flush();
        }
        if (aligned > bytes.length) {
            bytes = new byte[aligned];
            pending.wrap(bytes);
        }
        final int start = pendingLength;
        pending.setMemory(start + length, aligned - length, (byte) 0);
        pendingLength += aligned;
        return start;
    }

    private void flush() throws IOException {
        sha256.update(bytes, 0, pendingLength);
        writeOut();
    }

    private void writeOut() throws IOException {
        final ByteBuffer out = ByteBuffer.wrap(bytes, 0, pendingLength);
        while (out.hasRemaining()) {
            channel.write(out);
        }
        fileLength += pendingLength;
        pendingLength = 0;
    }

    /** Adds a record as it lies in a buffer; positions ascend. */
    public void add(
            final long position, final long timestampNs, final DirectBuffer buffer, final int offset, final int length)
            throws IOException {
        final int start = claim(POSITION_LENGTH + length);
        pending.putLong(start, position, LITTLE_ENDIAN);
        pending.putBytes(start + POSITION_LENGTH, buffer, offset, length);
        if (count++ == 0) {
            firstPosition = position;
            firstTimestampNs = timestampNs;
        }
        nextPosition = position + RecordDescriptor.alignedLength(length);
        lastTimestampNs = timestampNs;
    }

    /** Ends the archive, makes it durable, and gives it its name. */
    public ArchiveSummary finish() throws IOException {
        final int start = claim(HASH_OFFSET);
        pending.putLong(start, END, LITTLE_ENDIAN);
        pending.putLong(start + ArchiveDescriptor.COUNT_OFFSET, count, LITTLE_ENDIAN);
        pending.putLong(start + ArchiveDescriptor.FIRST_POSITION_OFFSET, firstPosition, LITTLE_ENDIAN);
        pending.putLong(start + ArchiveDescriptor.NEXT_POSITION_OFFSET, nextPosition, LITTLE_ENDIAN);
        pending.putLong(start + ArchiveDescriptor.FIRST_TIMESTAMP_OFFSET, firstTimestampNs, LITTLE_ENDIAN);
        pending.putLong(start + ArchiveDescriptor.LAST_TIMESTAMP_OFFSET, lastTimestampNs, LITTLE_ENDIAN);
        flush();
        final byte[] hash = sha256.digest();
        pending.putBytes(claim(END_LENGTH - HASH_OFFSET), hash);
        writeOut();
        channel.force(true);
        channel.close();
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        LogDirectory.force(target.toAbsolutePath().getParent());
        return new ArchiveSummary(
                target,
                text,
                count,
                firstPosition,
                nextPosition,
                firstTimestampNs,
                lastTimestampNs,
                fileLength,
                HexFormat.of().formatHex(hash));
    }

    /** Takes back what was not finished. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(temporary);
    }
}
