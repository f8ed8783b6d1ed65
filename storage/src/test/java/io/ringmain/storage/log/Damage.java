package io.ringmain.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/** What can happen to a segment file, a row each of what Chronicle Queue was seen to take silently for the end of data. */
enum Damage {
    ZERO_PAGE(true, (file, at) -> write(file, at, new byte[4096])),
    HEADER_ZERO(true, (file, at) -> write(file, at, new byte[4])),
    LENGTH_4_MORE(true, (file, at) -> header(file, at, header -> header + 4)),
    LENGTH_100_KB(true, (file, at) -> header(file, at, header -> 100_000)),
    LENGTH_1_GB(true, (file, at) -> header(file, at, header -> 0x3FFF_FFFF)),
    NOT_COMPLETE(true, (file, at) -> header(file, at, header -> header | 0x8000_0000)),
    END_MARK(true, (file, at) -> header(file, at, header -> 0xC000_0000)),
    TAKEN_FOR_META_DATA(true, (file, at) -> header(file, at, header -> header | 0x4000_0000)),
    GARBAGE_8_KB(true, (file, at) -> write(file, at, garbage(8192))),
    FLIPPED_BYTE(true, (file, at) -> write(file, at + 4 + BlockDescriptor.HEADER_LENGTH + 20, new byte[] {1, 2, 3})),
    CUT_INSIDE_A_BLOCK(false, (file, at) -> truncate(file, at + 100)),
    CUT_BETWEEN_BLOCKS(false, (file, at) -> truncate(file, at)),
    CUT_TO_100_BYTES(false, (file, at) -> truncate(file, 100)),
    CUT_TO_NOTHING(false, (file, at) -> truncate(file, 0)),
    FIRST_PAGE_ZERO(false, (file, at) -> write(file, 0, new byte[4096])),
    FIRST_PAGE_GARBAGE(false, (file, at) -> write(file, 0, garbage(4096))),
    INDEX_PAGE_ZERO(false, (file, at) -> write(file, secondDocument(file), new byte[4096])),
    MISSING(false, (file, at) -> Files.delete(file));

    /** Does it, at the header of a document. */
    @FunctionalInterface
    interface Deed {
        void on(Path file, long documentOffset) throws IOException;
    }

    @FunctionalInterface
    private interface Change {
        int of(int header);
    }

    /** Whether it hits one place, and what lies before is as it was. */
    final boolean local;

    private final Deed deed;

    Damage(final boolean local, final Deed deed) {
        this.local = local;
        this.deed = deed;
    }

    void strike(final Path file, final long documentOffset) throws IOException {
        deed.on(file, documentOffset);
    }

    private static byte[] garbage(final int length) {
        final byte[] bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        return bytes;
    }

    private static void write(final Path file, final long at, final byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
    }

    private static int read(final Path file, final long at) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            final ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(bytes, at);
            return bytes.getInt(0);
        }
    }

    private static void header(final Path file, final long at, final Change change) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        write(file, at, bytes.putInt(change.of(read(file, at))).array());
    }

    private static void truncate(final Path file, final long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }

    /** Behind the file header: the first page of Chronicle's index. */
    private static long secondDocument(final Path file) throws IOException {
        return (4 + (read(file, 0) & 0x3FFF_FFFF) + 3) & ~3;
    }
}
