package io.ringmain.storage.log;

import static io.ringmain.storage.log.BlockDescriptor.HEADER_LENGTH;

import io.ringmain.storage.DataFiles;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.LegacyRollCycles;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The message log over Chronicle Queue, of which it uses the mapped append alone: one excerpt per block, into a file
 * that was filled with zeroes before. Forcing, rolling, recovery, locking and reading are done here.
 */
public final class ChronicleMessageLog implements MessageLog {
    static {
        // Before any class of Chronicle is loaded: no telemetry, no banner, no thread that watches the disk.
        System.setProperty("chronicle.analytics.disable", "true");
        System.setProperty("chronicle.announcer.disable", "true");
        System.setProperty("chronicle.disk.monitor.disable", "true");
    }

    /** Chronicle's own data at the end of a segment: the next document header and an index page. */
    private static final int SEGMENT_MARGIN = 128 << 10;

    /** Chronicle's own data at the start of a segment: file header and first index pages, with room to spare. */
    private static final int SEGMENT_PREFACE = 64 << 10;

    private static final int LOCK_TIMEOUT_MS = 1000;
    private static final long NONE = -1;

    private final LogDirectory directory;
    private final DirectoryLock lock;
    private final BlockIndex index;
    private final KeptFiles kept;
    private final KeptCompaction compaction;
    private final SegmentList segments;
    private final SegmentAllocator allocator;
    private final SegmentSealer sealer;
    private final GapList gaps;
    private final int scannedAtOpen;
    private final SegmentClock clock = new SegmentClock();
    private final LogContext context;
    private final Forcing forcing;
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer blockHeader = new UnsafeBuffer(new byte[HEADER_LENGTH]);
    private final UnsafeBuffer recordHeader = new UnsafeBuffer(new byte[RecordDescriptor.HEADER_LENGTH]);
    private final Crc crc = new Crc();
    private final Crc recordCrc = new Crc();
    private final int maxRecordLength;
    private final int usableBytes;

    /** Held while a segment is forced or closed: {@link #force()} may run beside the writer. */
    private final UnforcedSegments unforced = new UnforcedSegments();

    private volatile FileChannel segmentChannel;
    private volatile long publishedPosition;
    private volatile long forcedPosition;
    private volatile boolean forceFailed;
    private FileChannel rolledChannel;
    private long rolledCycle;
    private Path segmentFile;
    private long writtenOffset = SEGMENT_PREFACE;
    private long appendPosition;
    private int previousCrc;
    private long blockFirstPosition;
    private long blockTimestampNs;
    private boolean blockBegun;
    private DocumentContext document;
    private int blockLength;
    private int blockCapacity;
    private int blockCount;
    private volatile long forces;
    private long segmentFirstPosition;
    private volatile long rollRequested = NONE;

    private ChronicleMessageLog(final LogContext context, final LogDirectory directory, final DirectoryLock lock)
            throws IOException {
        this.context = context;
        this.forcing = context.forcing();
        this.directory = directory;
        this.lock = lock;
        this.index = new BlockIndex();
        this.kept = new KeptFiles(directory, context.eventLog());
        this.segments = new SegmentList(directory, index, kept, context.eventLog(), context.truncationSteps());
        this.maxRecordLength = context.maxRecordLength();
        this.usableBytes = context.segmentBytes() - SEGMENT_MARGIN;
        final LogRecovery recovery = new LogRecovery(context, directory, index, segments);
        recovery.run();
        kept.open(segments.isEmpty() ? -1 : segments.firstPosition());
        compaction = newCompaction();
        appendPosition = recovery.nextPosition();
        publishedPosition = appendPosition;
        forcedPosition = appendPosition;
        previousCrc = recovery.previousCrc();
        gaps = recovery.gaps();
        scannedAtOpen = recovery.scanned();
        sealer = new SegmentSealer(context, directory, recovery.check(), recovery.chain(), unforced, this::forceRolled);
        allocator = new SegmentAllocator(
                directory, context.segmentBytes(), context.forcesAtRoll(), forcing, context.eventLog());
        clock.cycle(cycleAfter(recovery.lastCycle()));
        allocator.prepare(clock.cycle());
        allocator.await();
        final ChronicleTable table = new ChronicleTable(directory, forcing);
        table.checkRoom();
        queue = SingleChronicleQueueBuilder.binary(directory.active())
                .rollCycle(LegacyRollCycles.MINUTELY)
                .timeProvider(clock)
                .blockSize(context.segmentBytes())
                .timeoutMS(LOCK_TIMEOUT_MS)
                .build();
        appender = queue.createAppender();
        table.takeRoom();
        // One writer at a time, but not always the same thread: recovery, then the journal, then whoever closes.
        appender.singleThreadedCheckDisabled(true);
    }

    /**
     * Opens the log of a data directory: takes its lock, checks every block that isn't in a sealed segment with an intact
     * sidecar, puts a torn tail right.
     *
     * @throws LogException when the directory can't be used: held by another broker, not writable, out of space,
     *     damaged. The message names the place.
     */
    public static ChronicleMessageLog open(final LogContext context) {
        context.conclude();
        final Path data = context.dataDir();
        DirectoryLock lock = null;
        try {
            DataFiles.createDirectories(data);
            lock = DirectoryLock.acquire(data);
            if (new LogDirectory(data).isImported()) {
                throw new LogException("the records in " + data.toAbsolutePath()
                        + " were imported, to be read; give the broker another data directory");
            }
            return new ChronicleMessageLog(context, new LogDirectory(data), lock);
        } catch (final IOException ex) {
            release(lock);
            throw new LogException("can't use the data directory " + data.toAbsolutePath() + ": " + reason(ex), ex);
        } catch (final RuntimeException ex) {
            release(lock);
            throw ex;
        }
    }

    private KeptCompaction newCompaction() {
        return new KeptCompaction(
                directory,
                kept,
                new MappedLogReader(directory, index, kept),
                context.segmentBytes() / 2,
                context.eventLog(),
                context.truncationSteps());
    }

    private static String reason(final IOException ex) {
        return ex instanceof AccessDeniedException ? "permission denied for " + ex.getMessage() : ex.toString();
    }

    private static void release(final DirectoryLock lock) {
        if (lock != null) {
            lock.close();
        }
    }

    private long cycleAfter(final long cycle) {
        return Math.max(cycle + 1, TimeUnit.NANOSECONDS.toMillis(context.clock().nanoTime()) / SegmentClock.CYCLE_MS);
    }

    @Override
    public int maxRecordLength() {
        return maxRecordLength;
    }

    @Override
    public long appendPosition() {
        return appendPosition;
    }

    @Override
    public long remainingBytes(final long wanted) {
        allocator.retryIfFailed();
        final long here = Math.max(0, usableBytes - writtenOffset);
        if (here < wanted) {
            allocator.awaitAttempt();
        }
        return here + (allocator.isReady() ? usableBytes - SEGMENT_PREFACE : 0);
    }

    @Override
    public void beginBlock(final long timestampNs) {
        if (blockBegun) {
            throw new IllegalStateException("the block before was not ended");
        }
        blockBegun = true;
        blockTimestampNs = timestampNs;
        blockFirstPosition = appendPosition;
        blockCount = 0;
    }

    @Override
    public boolean append(final DirectBuffer buffer, final int offset, final int length) {
        final int aligned = RecordDescriptor.alignedLength(length);
        if (length > maxRecordLength) {
            throw new IllegalArgumentException("record of " + length + " bytes, at most " + maxRecordLength);
        }
        if (document == null) {
            openDocument(Math.max(BlockDescriptor.TARGET_LENGTH, HEADER_LENGTH + aligned));
        } else if (blockLength + aligned > blockCapacity) {
            return false;
        }
        final int value = recordCrc
                .reset()
                .update(buffer, offset + RecordDescriptor.HEADER_LENGTH, length - RecordDescriptor.HEADER_LENGTH)
                .value();
        view.putBytes(blockLength, buffer, offset, length);
        view.putInt(blockLength + RecordDescriptor.LENGTH_OFFSET, length, ByteOrder.LITTLE_ENDIAN);
        view.putInt(blockLength + RecordDescriptor.CRC_OFFSET, value, ByteOrder.LITTLE_ENDIAN);
        for (int i = length; i < aligned; i++) {
            view.putByte(blockLength + i, (byte) 0);
        }
        recordHeader.putInt(RecordDescriptor.LENGTH_OFFSET, length, ByteOrder.LITTLE_ENDIAN);
        recordHeader.putInt(RecordDescriptor.CRC_OFFSET, value, ByteOrder.LITTLE_ENDIAN);
        crc.update(recordHeader, 0, RecordDescriptor.HEADER_LENGTH);
        blockLength += aligned;
        blockCount++;
        appendPosition += aligned;
        return true;
    }

    private void openDocument(final int capacity) {
        if (writtenOffset + capacity > usableBytes || rollRequested != NONE && mayRoll()) {
            roll();
        }
        document = appender.writingDocument();
        final Bytes<?> bytes = document.wire().bytes();
        view.wrap(bytes.addressForWrite(bytes.writePosition()), capacity);
        crc.reset();
        blockCapacity = capacity;
        blockLength = HEADER_LENGTH;
    }

    @Override
    public void endBlock() {
        if (!blockBegun) {
            throw new IllegalStateException("no block was begun");
        }
        blockBegun = false;
        if (document == null) {
            return;
        }
        BlockDescriptor.write(
                blockHeader,
                0,
                previousCrc,
                blockFirstPosition,
                blockTimestampNs,
                blockLength,
                blockCount,
                forcedPosition);
        BlockDescriptor.segmentLength(blockHeader, 0, context.segmentBytes());
        previousCrc = crc.update(
                        blockHeader, BlockDescriptor.VERSION_OFFSET, HEADER_LENGTH - BlockDescriptor.VERSION_OFFSET)
                .value();
        blockHeader.putInt(BlockDescriptor.CRC_OFFSET, previousCrc, ByteOrder.LITTLE_ENDIAN);
        view.putBytes(0, blockHeader, 0, HEADER_LENGTH);
        publish();
    }

    private void publish() {
        final Bytes<?> bytes = document.wire().bytes();
        final long documentOffset = bytes.writePosition() - Integer.BYTES;
        bytes.writeSkip(blockLength);
        document.close();
        document = null;
        writtenOffset = documentOffset + Integer.BYTES + blockLength;
        index.add(blockFirstPosition, clock.cycle(), (int) documentOffset);
        segments.onBlock(clock.cycle(), blockFirstPosition, blockTimestampNs);
        if (segmentChannel == null) {
            startSegment();
        }
        // Last: whoever forces up to here must find the channel of the segment that it ends in.
        publishedPosition = appendPosition;
    }

    /** The first block of a segment made its file: from here on force reaches it, and the one after it is made. */
    private void startSegment() {
        segmentFirstPosition = blockFirstPosition;
        segmentFile = directory.active().resolve(LogDirectory.name(clock.cycle()) + LogDirectory.SUFFIX);
        try {
            final FileChannel channel =
                    FileChannel.open(segmentFile, StandardOpenOption.READ, StandardOpenOption.WRITE);
            forcing.file(segmentFile, channel, true);
            synchronized (directory) {
                forcing.directory(directory.active());
                forcing.directory(directory.sealed());
            }
            segmentChannel = channel;
        } catch (final IOException ex) {
            forceFailed = true;
            throw new LogException("can't start segment " + segmentFile + ": " + ex, ex);
        }
        allocator.prepare(cycleAfter(clock.cycle()));
        if (rolledChannel != null) {
            // Only now has Chronicle written its end mark into the segment before.
            sealer.seal(rolledCycle, rolledChannel, segmentFirstPosition);
            rolledChannel = null;
        }
    }

    @Override
    public void requestRoll(final long segmentFirstPosition) {
        rollRequested = segmentFirstPosition;
    }

    /** A segment that holds nothing is not ended; one whose successor isn't there yet waits, but nobody with it. */
    private boolean mayRoll() {
        if (segmentChannel == null || rollRequested != segmentFirstPosition) {
            rollRequested = NONE;
            return false;
        }
        return allocator.isReady();
    }

    private void roll() {
        if (segmentChannel == null) {
            throw new LogException("a block doesn't fit into an empty segment");
        }
        allocator.await();
        rollRequested = NONE;
        if (context.forcesAtRoll()) {
            // Before any block of the next segment.
            forceSegment(appendPosition);
        } else {
            checkForceWorked();
            unforced.add(segmentFile, segmentChannel);
        }
        rolledCycle = clock.cycle();
        rolledChannel = segmentChannel;
        segmentChannel = null;
        writtenOffset = SEGMENT_PREFACE;
        clock.cycle(allocator.nextCycle());
    }

    @Override
    public long force() {
        // The position first: when the writer rolls in between, all up to there is forced, or in an unforced segment.
        final long position = publishedPosition;
        return position > forcedPosition ? forceSegment(position) : forcedPosition;
    }

    /**
     * Forces the segments that are not forced yet, and the current one if there is one. Nobody asks again after a
     * failure.
     */
    private long forceSegment(final long position) {
        synchronized (unforced) {
            checkForceWorked();
            final FileChannel channel = segmentChannel;
            try {
                unforced.force(forcing);
                if (channel != null) {
                    forcing.file(segmentFile, channel, false);
                    forces++;
                }
            } catch (final IOException ex) {
                // The kernel may have dropped the pages that it couldn't write: a second call would say that all is
                // well.
                forceFailed = true;
                throw new LogException(
                        "force failed at position " + forcedPosition + " in segment " + LogDirectory.name(clock.cycle())
                                + ": " + ex,
                        ex);
            }
            forcedPosition = Math.max(forcedPosition, position);
            return forcedPosition;
        }
    }

    private void checkForceWorked() {
        if (forceFailed) {
            throw new LogException("a force failed behind position " + forcedPosition + " and is not tried again");
        }
    }

    /** Forces the oldest segment that was rolled; for the sealer, which takes them one by one. */
    private void forceRolled(final Path file, final FileChannel channel, final long nextPosition) throws IOException {
        synchronized (unforced) {
            if (forceFailed) {
                throw new IOException("a force failed behind position " + forcedPosition);
            }
            try {
                forcing.file(file, channel, true);
            } catch (final IOException ex) {
                forceFailed = true;
                throw ex;
            }
            forcedPosition = Math.max(forcedPosition, nextPosition);
        }
    }

    /** Calls of fdatasync so far. */
    long forces() {
        return forces;
    }

    /** Segments that had to be read through when the log was opened. */
    int scannedAtOpen() {
        return scannedAtOpen;
    }

    /** Waits until the segments that were rolled so far are sealed. */
    void awaitSealed() {
        sealer.await();
    }

    @Override
    public List<LogGap> gaps() {
        return gaps.gaps();
    }

    @Override
    public void gapsAnnounced() {
        gaps.announced();
    }

    @Override
    public long firstPosition() {
        return segments.firstPosition();
    }

    @Override
    public long positionBefore(final long timestampNs) {
        return segments.positionBefore(timestampNs);
    }

    @Override
    public long segmentBefore(final long position) {
        return segments.segmentBefore(position);
    }

    @Override
    public int truncate(
            final long lowWaterPosition, final LivePositions live, final Retention retention, final long nowNs) {
        sealer.await();
        // What is removed is needed no more because of what comes later; so that has to be there for good.
        force();
        return segments.truncate(lowWaterPosition, live, retention, nowNs, compaction);
    }

    @Override
    public boolean isOverdue(final Retention retention, final long nowNs) {
        return segments.isOverdue(retention, nowNs);
    }

    @Override
    public LogUsage usage() {
        return segments.usage();
    }

    @Override
    public LogReader newReader() {
        return new MappedLogReader(directory, index, kept);
    }

    @Override
    public void close() {
        if (document != null) {
            document.rollbackOnClose();
            document.close();
            document = null;
        }
        try {
            if (!forceFailed) {
                forceSegment(publishedPosition);
            }
            if (segmentChannel != null) {
                segmentChannel.close();
            }
            if (rolledChannel != null) {
                rolledChannel.close();
            }
        } catch (final IOException ex) {
            throw new LogException("can't close the segment: " + ex, ex);
        } finally {
            compaction.close();
            sealer.close();
            allocator.close();
            appender.close();
            queue.close();
            lock.close();
        }
    }
}
