package io.ringmain.storage.log;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The gaps of a log, in the file {@code data/log/gaps}. Little-endian; the CRC is over everything behind it.
 *
 * <pre>
 *  0        8         12       16      20     24
 *  +--------+---------+--------+-------+------+-- gaps: ------------------------------------------------------------
 *  | magic  | version | crc32c | count | zero | from byte | to byte | from position | to position | before ns | ...
 *  +--------+---------+--------+-------+------+---------------------------------------------------------------------
 *  gap, continued:  ... | after ns | resume position | flags | segment name 24 bytes | resume hash 64 bytes |
 * </pre>
 */
final class GapList {
    private static final long MAGIC = 0x7370_6167_6961_6D72L;
    private static final int VERSION = 1;
    private static final int VERSION_OFFSET = 8;
    private static final int CRC_OFFSET = 12;
    private static final int COUNT_OFFSET = 16;
    private static final int HEADER_LENGTH = 24;
    private static final int NUMBERS = 9;
    private static final int NAME_OFFSET = NUMBERS * Long.BYTES;
    private static final int NAME_LENGTH = 24;
    private static final int HASH_OFFSET = NAME_OFFSET + NAME_LENGTH;
    private static final int HASH_LENGTH = 2 * HashChain.LENGTH;
    private static final int ENTRY_LENGTH = HASH_OFFSET + HASH_LENGTH;
    private static final int MAX_COUNT = 1 << 20;

    private final Path file;
    private final List<LogGap> gaps = new CopyOnWriteArrayList<>();

    private GapList(final Path file) {
        this.file = file;
    }

    /**
     * Reads the gaps of a log.
     *
     * @throws LogException when the file is damaged.
     */
    static GapList read(final LogDirectory directory) {
        final GapList list = new GapList(directory.gaps());
        try {
            if (Files.exists(list.file)) {
                list.decode(new UnsafeBuffer(Files.readAllBytes(list.file)));
            }
        } catch (final IOException ex) {
            throw new LogException("can't read " + list.file + ": " + ex, ex);
        }
        return list;
    }

    /** An empty list in place of one that can't be read; a salvage finds the gaps again. */
    static GapList anew(final LogDirectory directory) {
        return new GapList(directory.gaps());
    }

    private void decode(final UnsafeBuffer bytes) {
        if (bytes.capacity() < HEADER_LENGTH
                || bytes.getLong(0, LITTLE_ENDIAN) != MAGIC
                || bytes.getInt(VERSION_OFFSET, LITTLE_ENDIAN) != VERSION
                || bytes.getInt(CRC_OFFSET, LITTLE_ENDIAN) != crc(bytes)) {
            throw LogException.damaged("the list of salvaged gaps is damaged: " + file
                    + ". Restore it, or find the gaps again with --salvage");
        }
        final int count = bytes.getInt(COUNT_OFFSET, LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            gaps.add(decode(bytes, HEADER_LENGTH + i * ENTRY_LENGTH));
        }
    }

    private static LogGap decode(final UnsafeBuffer bytes, final int at) {
        final long[] numbers = new long[NUMBERS];
        for (int i = 0; i < NUMBERS; i++) {
            numbers[i] = bytes.getLong(at + i * Long.BYTES, LITTLE_ENDIAN);
        }
        return new LogGap(
                text(bytes, at + NAME_OFFSET, NAME_LENGTH),
                numbers[0],
                numbers[1],
                numbers[2],
                numbers[3],
                numbers[4],
                numbers[5],
                numbers[6],
                text(bytes, at + HASH_OFFSET, HASH_LENGTH),
                (numbers[7] & 1) != 0);
    }

    private static String text(final UnsafeBuffer bytes, final int at, final int length) {
        final byte[] text = new byte[length];
        bytes.getBytes(at, text);
        return new String(text, StandardCharsets.US_ASCII).trim();
    }

    private static int crc(final UnsafeBuffer bytes) {
        return new Crc()
                .reset()
                .update(bytes, COUNT_OFFSET, bytes.capacity() - COUNT_OFFSET)
                .value();
    }

    private void write() {
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[HEADER_LENGTH + gaps.size() * ENTRY_LENGTH]);
        bytes.putLong(0, MAGIC, LITTLE_ENDIAN);
        bytes.putInt(VERSION_OFFSET, VERSION, LITTLE_ENDIAN);
        bytes.putInt(COUNT_OFFSET, gaps.size(), LITTLE_ENDIAN);
        for (int i = 0; i < gaps.size(); i++) {
            encode(gaps.get(i), bytes, HEADER_LENGTH + i * ENTRY_LENGTH);
        }
        bytes.putInt(CRC_OFFSET, crc(bytes), LITTLE_ENDIAN);
        try {
            Sidecar.replace(file, bytes);
        } catch (final IOException ex) {
            throw new LogException("can't write " + file + ": " + ex, ex);
        }
    }

    private static void encode(final LogGap gap, final UnsafeBuffer bytes, final int at) {
        final long[] numbers = {
            gap.fromByte(),
            gap.toByte(),
            gap.fromPosition(),
            gap.toPosition(),
            gap.beforeNs(),
            gap.afterNs(),
            gap.resumePosition(),
            gap.isAnnounced() ? 1 : 0,
            0
        };
        for (int i = 0; i < NUMBERS; i++) {
            bytes.putLong(at + i * Long.BYTES, numbers[i], LITTLE_ENDIAN);
        }
        bytes.putStringWithoutLengthAscii(at + NAME_OFFSET, gap.segment());
        bytes.putStringWithoutLengthAscii(at + HASH_OFFSET, gap.resumeHash());
    }

    /** Adds gaps, durably; what they cover of earlier ones goes. */
    void add(final List<LogGap> found) {
        gaps.removeIf(known -> found.stream().anyMatch(known::isWithin));
        gaps.addAll(found);
        if (gaps.size() > MAX_COUNT) {
            throw new LogException("more than " + MAX_COUNT + " gaps: this log can't be salvaged");
        }
        write();
    }

    /** The broker knows all gaps from here on. */
    void announced() {
        gaps.replaceAll(LogGap::announced);
        write();
    }

    /** Whether exactly these positions are known to be lost. */
    boolean holds(final long fromPosition, final long toPosition) {
        for (final LogGap gap : gaps) {
            if (gap.fromPosition() == fromPosition && gap.toPosition() == toPosition) {
                return true;
            }
        }
        return false;
    }

    /** The end of the last gap, 0 without any: positions before it were in use. */
    long end() {
        return gaps.stream().mapToLong(LogGap::toPosition).max().orElse(0);
    }

    List<LogGap> gaps() {
        return List.copyOf(gaps);
    }
}
