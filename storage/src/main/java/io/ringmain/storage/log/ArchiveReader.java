package io.ringmain.storage.log;

import static io.ringmain.storage.log.ArchiveDescriptor.COUNT_OFFSET;
import static io.ringmain.storage.log.ArchiveDescriptor.END;
import static io.ringmain.storage.log.ArchiveDescriptor.END_LENGTH;
import static io.ringmain.storage.log.ArchiveDescriptor.HASH_LENGTH;
import static io.ringmain.storage.log.ArchiveDescriptor.HASH_OFFSET;
import static io.ringmain.storage.log.ArchiveDescriptor.HEADER_LENGTH;
import static io.ringmain.storage.log.ArchiveDescriptor.POSITION_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads an archive; layout at {@link ArchiveDescriptor}. Each record is checked against its CRC before it is handed out,
 * the whole against its SHA-256 by {@link #verify}. Confined to one thread.
 */
public final class ArchiveReader implements AutoCloseable {
    private static final int BUFFER_LENGTH = 1 << 20;

    private final FileChannel channel;
    private final ArchiveSummary summary;
    private final long recordsOffset;
    private final BlockCheck check = new BlockCheck();
    private byte[] bytes = new byte[BUFFER_LENGTH];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    private long bufferOffset;
    private int bufferLength;

    private ArchiveReader(final Path file, final FileChannel channel) throws IOException {
        this.channel = channel;
        final long fileLength = channel.size();
        final int header = view(0, HEADER_LENGTH);
        if (header < 0
                || buffer.getLong(header + ArchiveDescriptor.MAGIC_OFFSET, LITTLE_ENDIAN) != ArchiveDescriptor.MAGIC
                || buffer.getInt(header + ArchiveDescriptor.VERSION_OFFSET, LITTLE_ENDIAN)
                        != ArchiveDescriptor.VERSION) {
            throw LogException.damaged(file + " is not an archive of version " + ArchiveDescriptor.VERSION);
        }
        final int textLength = buffer.getInt(header + ArchiveDescriptor.TEXT_LENGTH_OFFSET, LITTLE_ENDIAN);
        if (textLength < 0 || textLength > ArchiveDescriptor.MAX_TEXT_LENGTH) {
            throw LogException.damaged("damaged archive " + file + ": a text of " + textLength + " bytes");
        }
        recordsOffset = HEADER_LENGTH + (long) RecordDescriptor.alignedLength(textLength);
        final int text = view(HEADER_LENGTH, textLength);
        if (text < 0 || fileLength < recordsOffset + END_LENGTH) {
            throw LogException.damaged("damaged archive " + file + ": it ends at byte " + fileLength);
        }
        summary = summary(file, buffer.getStringWithoutLengthUtf8(text, textLength), fileLength);
    }

    private ArchiveSummary summary(final Path file, final String text, final long fileLength) throws IOException {
        final int end = view(fileLength - END_LENGTH, END_LENGTH);
        if (buffer.getLong(end, LITTLE_ENDIAN) != END) {
            throw LogException.damaged(
                    "damaged archive " + file + ": its end, at byte " + (fileLength - END_LENGTH) + ", is missing");
        }
        final byte[] hash = new byte[HASH_LENGTH];
        buffer.getBytes(end + HASH_OFFSET, hash);
        return new ArchiveSummary(
                file,
                text,
                buffer.getLong(end + COUNT_OFFSET, LITTLE_ENDIAN),
                buffer.getLong(end + ArchiveDescriptor.FIRST_POSITION_OFFSET, LITTLE_ENDIAN),
                buffer.getLong(end + ArchiveDescriptor.NEXT_POSITION_OFFSET, LITTLE_ENDIAN),
                buffer.getLong(end + ArchiveDescriptor.FIRST_TIMESTAMP_OFFSET, LITTLE_ENDIAN),
                buffer.getLong(end + ArchiveDescriptor.LAST_TIMESTAMP_OFFSET, LITTLE_ENDIAN),
                fileLength,
                HexFormat.of().formatHex(hash));
    }

    /**
     * Opens an archive and reads what it says about itself.
     *
     * @throws LogException when it can't be read, or isn't one.
     */
    public static ArchiveReader open(final Path file) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            return new ArchiveReader(file, channel);
        } catch (final IOException ex) {
            close(channel);
            throw new LogException("can't read archive " + file + ": " + ex, ex);
        } catch (final LogException ex) {
            close(channel);
            throw ex;
        }
    }

    private static void close(final FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (final IOException ignored) {
                // What matters is thrown already.
                return;
            }
        }
    }

    public ArchiveSummary summary() {
        return summary;
    }

    /** Reads records in order, as {@link LogReader#scan}. */
    public long scan(final long fromPosition, final LogReader.RecordHandler handler) {
        try {
            long at = recordsOffset;
            long reached = fromPosition;
            while (at < endOffset()) {
                final int entry = entry(at);
                final long position = buffer.getLong(entry, LITTLE_ENDIAN);
                final int length = buffer.getInt(entry + POSITION_LENGTH, LITTLE_ENDIAN);
                if (position >= fromPosition) {
                    reached = position + RecordDescriptor.alignedLength(length);
                    if (!handler.onRecord(position, buffer, entry + POSITION_LENGTH, length)) {
                        return reached;
                    }
                }
                at += RecordDescriptor.alignedLength(POSITION_LENGTH + length);
            }
            return reached;
        } catch (final IOException ex) {
            throw new LogException("can't read archive " + summary.file() + ": " + ex, ex);
        }
    }

    private long endOffset() {
        return summary.fileBytes() - END_LENGTH;
    }

    /** Where in the buffer the entry at a byte of the file is now: whole, and intact. */
    private int entry(final long at) throws IOException {
        final int header = view(at, POSITION_LENGTH + RecordDescriptor.HEADER_LENGTH);
        final int length = header < 0 ? -1 : buffer.getInt(header + POSITION_LENGTH, LITTLE_ENDIAN);
        if (length < RecordDescriptor.HEADER_LENGTH || at + POSITION_LENGTH + length > endOffset()) {
            throw damaged(at, "a record of " + length + " bytes");
        }
        final int entry = view(at, POSITION_LENGTH + length);
        final int record = entry + POSITION_LENGTH;
        if (buffer.getInt(record + RecordDescriptor.CRC_OFFSET, LITTLE_ENDIAN)
                != check.recordCrc(buffer, record, length)) {
            throw damaged(at, "position " + buffer.getLong(entry, LITTLE_ENDIAN) + ": record CRC");
        }
        return entry;
    }

    private LogException damaged(final long at, final String what) {
        return LogException.damaged("damaged archive " + summary.file() + " at byte " + at + ", " + what);
    }

    /** Brings bytes of the file into the buffer; returns where they are, -1 if the file ends before. */
    private int view(final long at, final int length) throws IOException {
        if (at >= bufferOffset && at + length <= bufferOffset + bufferLength) {
            return (int) (at - bufferOffset);
        }
        if (length > bytes.length) {
            bytes = new byte[RecordDescriptor.alignedLength(length)];
            buffer.wrap(bytes);
        }
        final ByteBuffer target = ByteBuffer.wrap(bytes);
        bufferOffset = at;
        while (target.hasRemaining() && channel.read(target, at + target.position()) >= 0) {
            continue;
        }
        bufferLength = target.position();
        return length <= bufferLength ? 0 : -1;
    }

    /**
     * Checks every byte.
     *
     * @throws LogException when something isn't what was written.
     */
    public void verify(final LogInspector.Progress progress) {
        final String hash = sha256(progress);
        final long[] seen = {0, -1};
        scan(0, (position, view, offset, length) -> {
            if (position <= seen[1]) {
                throw LogException.damaged(
                        "damaged archive " + summary.file() + ": position " + position + " behind " + seen[1]);
            }
            seen[0]++;
            seen[1] = position;
            return true;
        });
        if (!hash.equals(summary.sha256())) {
            throw LogException.damaged("damaged archive " + summary.file() + ": its SHA-256 is " + hash + ", expected "
                    + summary.sha256());
        }
        if (seen[0] != summary.records()) {
            throw LogException.damaged(
                    "damaged archive " + summary.file() + ": " + seen[0] + " records, expected " + summary.records());
        }
    }

    private String sha256(final LogInspector.Progress progress) {
        final MessageDigest sha256 = ArchiveWriter.newSha256();
        final long end = summary.fileBytes() - HASH_LENGTH;
        try {
            for (long at = 0; at < end; at += bytes.length) {
                final int length = (int) Math.min(bytes.length, end - at);
                sha256.update(bytes, view(at, length), length);
                progress.onProgress(at + length, end, 0);
            }
        } catch (final IOException ex) {
            throw new LogException("can't read archive " + summary.file() + ": " + ex, ex);
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    @Override
    public void close() {
        close(channel);
    }
}
