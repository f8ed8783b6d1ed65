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
import java.util.HexFormat;
import java.util.List;

/**
 * Brings the files of an earlier run into order before anything is appended: seal and roll.
 *
 * <ol>
 *   <li>Segments are moved out of Chronicle's folder; half-made files are put aside; the rest of the folder goes.
 *   <li>A sealed segment whose sidecar fits it and its neighbours isn't read. Of any other every block is checked. A bad
 *       block ends the log, if it lies behind everything that is known to have been forced; segments behind it are put
 *       aside. Any other damage refuses the start, or is cut out if so asked ({@link SegmentSalvage}).
 *   <li>The newest segment gets an end mark and is cut behind it. The next append goes to a new file.
 *   <li>Segments that were read get sidecars.
 * </ol>
 */
final class LogRecovery {
    private static final int DOCUMENT_HEADER = 4;
    private static final int NEXT_DOCUMENT = 8;
    private static final String REFUSED =
            ". The broker doesn't start, so that nothing acknowledged is lost silently; restore the file, or go"
                    + " on without what is lost with --salvage";

    private final LogContext context;
    private final LogDirectory directory;
    private final BlockIndex index;
    private final SegmentList segments;
    private final HashChain chain = new HashChain();
    private GapList gaps;
    private SegmentCheck check;
    private SegmentSalvage salvage;
    private long lastCycle = -1;
    private long bytes;
    private int scanned;
    private boolean areSidecarsTrusted = true;
    private long blocksBefore;
    private boolean isCut;

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
        gaps = readGaps();
        check = new SegmentCheck(gaps);
        emptyActiveFolder();
        salvage = new SegmentSalvage(context, directory, gaps);
        final List<Path> files = directory.segments();
        final long total = files.stream().mapToLong(LogInspector::size).sum();
        resumeChain(chain, directory, files, gaps);
        lastCycle = files.isEmpty() ? -1 : LogDirectory.cycle(files.get(files.size() - 1));
        for (int i = 0; i < files.size() && !isCut; i++) {
            final Path file = files.get(i);
            bytes += LogInspector.size(file);
            open(file, files.subList(i + 1, files.size()));
            context.progress().onProgress(bytes, total, check.records());
        }
        checkReach();
    }

    private GapList readGaps() {
        try {
            return GapList.read(directory);
        } catch (final LogException ex) {
            if (!context.salvage()) {
                throw ex;
            }
            context.eventLog().accept("log: " + ex.getMessage());
            areSidecarsTrusted = false;
            return GapList.anew(directory);
        }
    }

    /** Tells a chain where it is known without what lies before: at the beginning of a log that lost some, behind gaps. */
    static void resumeChain(
            final HashChain chain, final LogDirectory directory, final List<Path> files, final GapList gaps) {
        final Sidecar removed = Sidecar.readFile(directory.removedSidecar());
        if (removed != null) {
            chain.resumeAt(removed.nextPosition(), removed.chainAfter());
        }
        final Sidecar first = files.isEmpty() ? null : Sidecar.read(files.get(0));
        if (first != null) {
            chain.resumeAt(first.firstPosition(), first.chainBefore());
        }
        for (final LogGap gap : gaps.gaps()) {
            if (gap.resumePosition() >= 0) {
                chain.resumeAt(gap.resumePosition(), HexFormat.of().parseHex(gap.resumeHash()));
            }
        }
    }

    private void makeFolders() throws IOException {
        DataFiles.createDirectories(directory.active());
    }

    private void emptyActiveFolder() throws IOException {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory.active())) {
            for (final Path file : stream) {
                if (LogDirectory.cycle(file) < 0) {
                    if (!SpareSegment.isOne(file)) {
                        Files.delete(file);
                    }
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

    private void open(final Path file, final List<Path> later) throws IOException {
        final Sidecar sealed = Sidecar.read(file);
        if (sealed != null && fits(file, sealed)) {
            check.skip(sealed);
            chain.value(sealed.chainAfter());
            adopt(sealed);
            return;
        }
        scanned++;
        final SidecarBuilder scan = scan(file, later, sealed);
        if (isCut) {
            putAside(later);
        }
        if ((isCut || later.isEmpty()) && Files.exists(file)) {
            checkReach();
            seal(file, check.endOffset());
        }
        if (!scan.isEmpty()) {
            // What is intact in the page cache is on the device before anything says so.
            force(file);
            final Sidecar made = scan.build(file);
            made.write(file);
            adopt(made);
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

    private boolean fits(final Path file, final Sidecar sealed) {
        if (!areSidecarsTrusted || !sealed.describes(file) || !check.isFollowedBy(sealed)) {
            return false;
        }
        chain.before(sealed.firstPosition());
        return chain.isAt(sealed.chainBefore());
    }

    private void adopt(final Sidecar sidecar) {
        if (index.count() == 0 && !chain.isKnownAt(sidecar.firstPosition())) {
            context.eventLog()
                    .accept("log: the hash chain begins anew at position " + sidecar.firstPosition()
                            + ": what it was there is lost, and an anchor from before doesn't hold any more");
        }
        for (int i = 0; i < sidecar.entryCount(); i++) {
            index.add(sidecar.entryPosition(i), sidecar.cycle(), sidecar.entryDocumentOffset(i));
        }
        segments.onBlock(sidecar.cycle(), sidecar.firstPosition(), sidecar.firstTimestampNs());
    }

    /** Checks every block; where damage is to be cut out, again until nothing is left of it. */
    private SidecarBuilder scan(final Path file, final List<Path> later, final Sidecar sealed) throws IOException {
        final boolean newest = later.isEmpty();
        final SegmentCheck.Mark mark = check.mark();
        final byte[] chainBefore = chain.value();
        while (true) {
            check.reset(mark);
            chain.value(chainBefore);
            final SidecarBuilder builder = new SidecarBuilder(chain, context.keys());
            try (Segment segment = Segment.map(file)) {
                blocksBefore = check.blocks();
                final boolean intact = check.run(segment, builder);
                final int behind = check.blockBehind(segment, check.endOffset());
                if (intact && behind < 0) {
                    checkAgainstSeal(file, builder, sealed);
                    if (!newest && sealed == null && !check.hasEndMark(segment) && hasLostItsEnd(later)) {
                        reportTornTail(segment);
                        isCut = true;
                    }
                    return builder;
                }
                final long forced = forcedPosition(segment, behind);
                final boolean isTail =
                        end() >= forced && !check.isNoTornTail() && (newest || sealed == null && isUnforced(later));
                // Also what was never promised is kept by a salvage, where it lies intact behind damage.
                if (isTail && !(context.salvage() && (behind >= 0 || !newest))) {
                    reportTornTail(segment);
                    isCut = true;
                    return builder;
                }
                if (!context.salvage()) {
                    throw damaged(segment, newest, forced);
                }
                if (!cutOut(segment, mark, newest ? forced : -1, sealed)) {
                    check.reset(mark);
                    chain.value(chainBefore);
                    return new SidecarBuilder(chain, context.keys());
                }
            }
        }
    }

    private boolean cutOut(final Segment segment, final SegmentCheck.Mark mark, final long forced, final Sidecar sealed)
            throws IOException {
        if (check.jump() != SegmentCheck.NO_JUMP) {
            salvage.missing(segment.file(), check, sealed);
            resumeChain(chain, directory, List.of(), gaps);
            return true;
        }
        final boolean isLeft = salvage.replace(segment, check, mark, forced, sealed);
        resumeChain(chain, directory, List.of(), gaps);
        return isLeft;
    }

    /** Records may have been altered with all their CRCs; not so that they have the hash that was taken at sealing. */
    private void checkAgainstSeal(final Path file, final SidecarBuilder scan, final Sidecar sealed) {
        if (sealed == null || !scan.isAlteredSince(sealed)) {
            return;
        }
        final String what = "segment " + file + ", positions " + sealed.firstPosition() + " to " + sealed.nextPosition()
                + ": what it holds is not what was sealed (the hash chain differs)";
        if (!context.salvage()) {
            throw LogException.damaged("the log is damaged: " + what
                    + ". The broker doesn't start; restore the file, or take it as it is with --salvage");
        }
        context.eventLog().accept("log: taken as it is: " + what);
    }

    /** The greatest position that is known to have been forced, by blocks before and behind damage. */
    private long forcedPosition(final Segment segment, final int behind) {
        long forced = Math.max(check.maxForcedPosition(), context.mustReach());
        for (int at = behind; at >= 0; at = check.blockBehind(segment, at + NEXT_DOCUMENT)) {
            if (canBeBehind(segment, at, end())) {
                forced = Math.max(forced, BlockDescriptor.forcedPosition(segment.buffer(), at + DOCUMENT_HEADER));
            }
        }
        return forced;
    }

    /** Whether a segment that is intact as far as it goes was longer before the power was lost. */
    private boolean hasLostItsEnd(final List<Path> later) throws IOException {
        final long first;
        try (Segment segment = Segment.map(later.get(0))) {
            final int block = check.blockBehind(segment, 0);
            first = block < 0 ? -1 : BlockDescriptor.firstPosition(segment.buffer(), block + DOCUMENT_HEADER);
        }
        return first > end()
                && !gaps.holds(end(), first)
                && !context.salvage()
                && end() >= Math.max(check.maxForcedPosition(), context.mustReach())
                && isUnforced(later);
    }

    /**
     * Whether nothing in the segments behind damage says that something behind it had been forced. They were rolled to
     * before the damaged one was forced, by who doesn't force at a roll, and then the power was lost.
     */
    private boolean isUnforced(final List<Path> later) throws IOException {
        for (final Path file : later) {
            if (Sidecar.read(file) != null) {
                return false;
            }
            try (Segment segment = Segment.map(file)) {
                long reach = Long.MAX_VALUE;
                for (int at = check.blockBehind(segment, 0);
                        at >= 0;
                        at = check.blockBehind(segment, at + NEXT_DOCUMENT)) {
                    final int block = at + DOCUMENT_HEADER;
                    final long first = BlockDescriptor.firstPosition(segment.buffer(), block);
                    final long forced = BlockDescriptor.forcedPosition(segment.buffer(), block);
                    if (first <= reach && forced <= first && forced > end()) {
                        return false;
                    }
                    // A payload that looks like a block must not pass for one: the first tells where the others can be.
                    reach = reach == Long.MAX_VALUE ? first + segment.length() : reach;
                }
            }
        }
        return true;
    }

    private void putAside(final List<Path> later) throws IOException {
        for (final Path file : later) {
            final Path aside = file.resolveSibling(file.getFileName() + LogDirectory.QUARANTINE_SUFFIX);
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            context.eventLog().accept("log: " + aside + " comes behind a torn tail and had not been forced; put aside");
        }
        LogDirectory.force(directory.sealed());
    }

    /** Damage at the end of the newest segment, behind all forced positions, is a torn tail; any other is fatal. */
    private LogException damaged(final Segment segment, final boolean newest, final long forced) {
        return LogException.damaged("the log is damaged: segment " + segment.file() + ", byte " + damageOffset()
                + ", position " + place() + ": " + damage()
                + (newest ? "; everything below position " + forced + " had been forced to the device" : "")
                + REFUSED);
    }

    private void reportTornTail(final Segment segment) {
        context.eventLog()
                .accept("log: torn tail cut in " + segment.file() + " at byte " + check.endOffset() + ", position "
                        + end() + " (" + damage() + "); nothing shows that anything from there on had been forced");
    }

    private long end() {
        return Math.max(0, check.nextPosition());
    }

    private String damage() {
        return check.damage() == null ? "hole" : check.damage();
    }

    private int damageOffset() {
        return check.damage() == null ? check.endOffset() : check.damageOffset();
    }

    private String place() {
        final long position = check.damage() == null ? end() : check.damagePosition();
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

    private void force(final Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            context.forcing().file(file, channel, true);
        }
    }

    /** Where the next record goes: 0 for a new log. */
    long nextPosition() {
        return Math.max(gaps.end(), end());
    }

    /** CRC of the last block, 0 for a new log. */
    int previousCrc() {
        return check.previousCrc();
    }

    /** Cycle of the newest segment, -1 for a new log. */
    long lastCycle() {
        return lastCycle;
    }

    /** Segments that were read through. */
    int scanned() {
        return scanned;
    }

    GapList gaps() {
        return gaps;
    }

    /** Where the check of the segments stands, for who seals the next. */
    SegmentCheck check() {
        return check;
    }

    /** The hash chain behind the last segment. */
    HashChain chain() {
        return chain;
    }
}
