package io.ringmain.storage.log;

import io.ringmain.storage.DataFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Brings the files of an earlier run into order before anything is appended: seal and roll.
 *
 * <ol>
 *   <li>Segments are moved out of Chronicle's folder; half-made files are put aside; the rest of the folder goes.
 *   <li>Every block of every segment is checked. The first bad block of the newest segment ends the log, if it lies
 *       behind everything that is known to have been forced; any other damage refuses the start.
 *   <li>The newest segment gets an end mark and is cut behind it. The next append goes to a new file.
 * </ol>
 */
final class LogRecovery {
    private static final int DOCUMENT_HEADER = 4;
    private static final int NEXT_DOCUMENT = 8;
    private static final String REFUSED =
            ". The broker doesn't start, so that nothing acknowledged is lost silently; restore the file";

    private final LogContext context;
    private final LogDirectory directory;
    private final BlockIndex index;
    private final SegmentList segments;
    private final SegmentCheck check = new SegmentCheck();
    private long lastCycle = -1;
    private long blocksBefore;

    LogRecovery(
            final LogContext context,
            final LogDirectory directory,
            final BlockIndex index,
            final SegmentList segments) {
        this.segments = segments;
        this.context = context;
        this.directory = directory;
        this.index = index;
    }

    void run() throws IOException {
        makeFolders();
        emptyActiveFolder();
        final List<Path> files = directory.segments();
        for (int i = 0; i < files.size(); i++) {
            final Path file = files.get(i);
            lastCycle = LogDirectory.cycle(file);
            checkSegment(file, i == files.size() - 1);
        }
        if (files.isEmpty()) {
            checkReach();
        }
    }

    private void makeFolders() throws IOException {
        DataFiles.createDirectories(directory.active());
    }

    private void emptyActiveFolder() throws IOException {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory.active())) {
            for (final Path file : stream) {
                if (LogDirectory.cycle(file) < 0) {
                    Files.delete(file);
                } else if (holdsNothing(file)) {
                    putAside(file);
                } else {
                    Files.move(file, directory.sealed().resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }
        LogDirectory.force(directory.active());
        LogDirectory.force(directory.sealed());
    }

    /**
     * A file of full length whose first header was never completed, without any block: the process died while it was
     * made. One that is shorter, or has blocks, was damaged, and is judged like any other.
     */
    private boolean holdsNothing(final Path file) throws IOException {
        try (Segment segment = Segment.map(file)) {
            return segment.length() >= LogContext.MIN_SEGMENT_BYTES
                    && segment.buffer().getInt(0, ByteOrder.LITTLE_ENDIAN) <= 0
                    && check.blockBehind(segment, 0) < 0;
        }
    }

    private void putAside(final Path file) throws IOException {
        final Path aside = directory.sealed().resolve(file.getFileName() + LogDirectory.QUARANTINE_SUFFIX);
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        context.eventLog().accept("log: " + aside + " was never completed and holds no records; put aside");
    }

    private void checkSegment(final Path file, final boolean newest) throws IOException {
        try (Segment segment = Segment.map(file)) {
            final long cycle = LogDirectory.cycle(file);
            blocksBefore = check.blocks();
            final boolean intact = check.run(segment, (in, document, block) -> {
                final long first = BlockDescriptor.firstPosition(in.buffer(), block);
                index.add(first, cycle, document);
                segments.onBlock(cycle, first, BlockDescriptor.timestampNs(in.buffer(), block));
            });
            final int end = check.endOffset();
            final int behind = check.blockBehind(segment, end);
            if (!intact || behind >= 0) {
                judgeDamage(segment, newest, behind);
            }
        }
        if (newest) {
            checkReach();
            seal(file, check.endOffset());
        }
    }

    /** What lost its last segment as a whole is intact as far as it goes; only something else can tell. */
    private void checkReach() {
        if (nextPosition() < context.mustReach()) {
            throw LogException.damaged("the log is damaged: " + directory.sealed() + " ends at position "
                    + nextPosition() + ", but a snapshot says that it was forced to the device up to "
                    + context.mustReach() + ": segments are missing, or their ends" + REFUSED);
        }
    }

    /** Damage at the end of the newest segment, behind all forced positions, is a torn tail; any other is fatal. */
    private void judgeDamage(final Segment segment, final boolean newest, final int behind) {
        final long end = Math.max(0, check.nextPosition());
        final String what = check.damage() == null ? "hole" : check.damage();
        final int offset = check.damage() == null ? check.endOffset() : check.damageOffset();
        long forced = Math.max(check.maxForcedPosition(), context.mustReach());
        for (int at = behind; at >= 0; at = check.blockBehind(segment, at + NEXT_DOCUMENT)) {
            if (canBeBehind(segment, at, end)) {
                forced = Math.max(forced, BlockDescriptor.forcedPosition(segment.buffer(), at + DOCUMENT_HEADER));
            }
        }
        if (!newest || end < forced || check.isNoTornTail()) {
            throw LogException.damaged(
                    "the log is damaged: segment " + segment.file() + ", byte " + offset + ", position "
                            + place(end) + ": " + what
                            + (newest ? "; everything below position " + forced + " had been forced to the device" : "")
                            + REFUSED);
        }
        context.eventLog()
                .accept("log: torn tail cut in " + segment.file() + " at byte " + check.endOffset() + ", position "
                        + end + " (" + what + "); nothing shows that anything from there on had been forced");
    }

    private String place(final long end) {
        final long position = check.damage() == null ? end : check.damagePosition();
        return position < 0 ? "unknown" : String.valueOf(position);
    }

    /**
     * A payload that looks like a block must not pass for one: positions grow no faster than the file. At the start of a
     * segment nothing says where they are.
     */
    private boolean canBeBehind(final Segment segment, final int document, final long end) {
        if (check.blocks() == blocksBefore) {
            return true;
        }
        final int block = document + DOCUMENT_HEADER;
        final long distance = BlockDescriptor.firstPosition(segment.buffer(), block) - end;
        return distance >= 0
                && distance <= document - check.endOffset()
                && BlockDescriptor.forcedPosition(segment.buffer(), block) <= end + distance;
    }

    /** Ends the segment: an end mark where the next document would be, and nothing behind it, no half-made block either. */
    private static void seal(final Path file, final int endOffset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            final ByteBuffer mark = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            mark.putInt(0, BlockCursor.END_OF_DATA);
            channel.truncate(endOffset);
            channel.write(mark, endOffset);
            channel.force(true);
        }
    }

    /** Where the next record goes: 0 for a new log. */
    long nextPosition() {
        return Math.max(0, check.nextPosition());
    }

    /** CRC of the last block, 0 for a new log. */
    int previousCrc() {
        return check.previousCrc();
    }

    /** Cycle of the newest segment, -1 for a new log. */
    long lastCycle() {
        return lastCycle;
    }

    long records() {
        return check.records();
    }
}
