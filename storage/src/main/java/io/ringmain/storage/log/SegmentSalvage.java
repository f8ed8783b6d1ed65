package io.ringmain.storage.log;

import io.ringmain.storage.DataFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Takes the intact blocks out of a damaged segment. What is lost is listed first, durably; then a clean file with what
 * is left takes the segment's name, while the damaged one stays beside it. So at no time does a crash lose anything more,
 * and the next salvage does again what wasn't finished.
 */
final class SegmentSalvage {
    private static final int DOCUMENT_HEADER = 4;

    private final LogContext context;
    private final LogDirectory directory;
    private final GapList gaps;

    SegmentSalvage(final LogContext context, final LogDirectory directory, final GapList gaps) {
        this.context = context;
        this.directory = directory;
        this.gaps = gaps;
    }

    /** A block that is kept, by the offset of its document header. */
    private record Kept(int documentOffset, long firstPosition, long nextPosition, int endOffset, long timestampNs) {}

    /** Lists the positions that are missing in front of an intact block; {@code sidecar} is that block's segment's. */
    void missing(final Path file, final SegmentCheck check, final Sidecar sidecar) {
        final boolean isFirst = sidecar != null && sidecar.firstPosition() == check.jump();
        final LogGap gap = new LogGap(
                file.getFileName().toString(),
                0,
                0,
                check.nextPosition(),
                check.jump(),
                check.lastTimestampNs(),
                check.jumpTimestampNs(),
                isFirst ? sidecar.firstPosition() : -1,
                isFirst ? HexFormat.of().formatHex(sidecar.chainBefore()) : "",
                false);
        add(List.of(gap));
    }

    private void add(final List<LogGap> found) {
        if (!found.isEmpty()) {
            gaps.add(found);
            found.forEach(gap -> context.eventLog().accept("log: lost, and left out from now on: " + gap));
        }
    }

    /**
     * Replaces a damaged segment.
     *
     * @param mark where the log stood before it.
     * @param forcedPosition up to which records are known to have been there if this is the newest segment, else -1.
     * @param sidecar of the segment when it was sealed, null if there is none.
     * @return false if nothing is left of it.
     */
    boolean replace(
            final Segment segment,
            final SegmentCheck check,
            final SegmentCheck.Mark mark,
            final long forcedPosition,
            final Sidecar sidecar)
            throws IOException {
        final List<Kept> kept = intactBlocks(segment, check, mark.nextPosition());
        add(gapsBetween(segment, kept, beginning(mark, sidecar), mark.lastTimestampNs(), forcedPosition, sidecar));
        final Path file = segment.file();
        final Path aside = file.resolveSibling(file.getFileName() + LogDirectory.DAMAGED_SUFFIX);
        if (kept.isEmpty()) {
            Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } else {
            final Path clean = file.resolveSibling(file.getFileName() + ".salvaged");
            write(clean, segment, kept);
            copy(file, aside);
            Files.move(clean, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        LogDirectory.force(directory.sealed());
        context.eventLog()
                .accept("log: salvaged " + kept.size() + " blocks of segment " + file + "; the damaged file is kept as "
                        + aside);
        return !kept.isEmpty();
    }

    /** Where the segment began; that of the oldest is known by what lay before it or from its sealing. */
    private long beginning(final SegmentCheck.Mark mark, final Sidecar sidecar) {
        if (mark.nextPosition() >= 0) {
            return mark.nextPosition();
        }
        final Sidecar removed = Sidecar.readFile(directory.removedSidecar());
        final long begin = sidecar == null ? 0 : sidecar.firstPosition();
        return sidecar == null && removed != null ? removed.nextPosition() : begin;
    }

    private static List<Kept> intactBlocks(
            final Segment segment, final SegmentCheck check, final long expectedPosition) {
        final UnsafeBuffer buffer = segment.buffer();
        final List<Kept> kept = new ArrayList<>();
        long next = Math.max(0, expectedPosition);
        int at = check.blockBehind(segment, 0);
        while (at >= 0) {
            final int block = at + DOCUMENT_HEADER;
            final int end = block + BlockDescriptor.length(buffer, block);
            if (BlockDescriptor.firstPosition(buffer, block) >= next) {
                next = BlockDescriptor.nextPosition(buffer, block);
                kept.add(new Kept(
                        at,
                        BlockDescriptor.firstPosition(buffer, block),
                        next,
                        end,
                        BlockDescriptor.timestampNs(buffer, block)));
            }
            at = check.blockBehind(segment, end);
        }
        return kept;
    }

    private static List<LogGap> gapsBetween(
            final Segment segment,
            final List<Kept> kept,
            final long beginning,
            final long beforeNs,
            final long forcedPosition,
            final Sidecar sidecar) {
        final List<LogGap> found = new ArrayList<>();
        long position = beginning;
        long timeNs = beforeNs;
        int end = 0;
        for (final Kept block : kept) {
            if (block.firstPosition > position) {
                found.add(gap(
                        segment,
                        end,
                        block.documentOffset,
                        position,
                        block.firstPosition,
                        timeNs,
                        block.timestampNs,
                        sidecar));
            }
            position = block.nextPosition;
            timeNs = block.timestampNs;
            end = block.endOffset;
        }
        if (forcedPosition > position) {
            found.add(gap(segment, end, segment.length(), position, forcedPosition, timeNs, 0, sidecar));
        }
        return found;
    }

    /** The chain is known again where the segment ended when it was sealed. */
    private static LogGap gap(
            final Segment segment,
            final int fromByte,
            final int toByte,
            final long fromPosition,
            final long toPosition,
            final long beforeNs,
            final long afterNs,
            final Sidecar sidecar) {
        return new LogGap(
                segment.file().getFileName().toString(),
                fromByte,
                toByte,
                fromPosition,
                toPosition,
                beforeNs,
                afterNs,
                sidecar == null ? -1 : sidecar.nextPosition(),
                sidecar == null ? "" : HexFormat.of().formatHex(sidecar.chainAfter()),
                false);
    }

    /** Blocks byte for byte, in the framing that all segments have. */
    private static void write(final Path clean, final Segment segment, final List<Kept> kept) throws IOException {
        try (FileChannel channel = DataFiles.open(
                clean, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            final ByteBuffer header = ByteBuffer.allocate(DOCUMENT_HEADER).order(ByteOrder.LITTLE_ENDIAN);
            for (final Kept block : kept) {
                final int length = block.endOffset - block.documentOffset - DOCUMENT_HEADER;
                writeFully(channel, header.clear().putInt(0, length));
                final byte[] bytes = new byte[length];
                segment.buffer().getBytes(block.documentOffset + DOCUMENT_HEADER, bytes);
                writeFully(channel, ByteBuffer.wrap(bytes));
            }
            writeFully(channel, header.clear().putInt(0, BlockCursor.END_OF_DATA));
            channel.force(true);
        }
    }

    private static void writeFully(final FileChannel channel, final ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void copy(final Path file, final Path aside) throws IOException {
        Files.deleteIfExists(aside);
        try {
            Files.createLink(aside, file);
        } catch (final UnsupportedOperationException | java.nio.file.FileSystemException ex) {
            Files.copy(file, aside, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }
}
