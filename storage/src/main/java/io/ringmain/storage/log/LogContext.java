package io.ringmain.storage.log;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;

/** Configuration of a {@link ChronicleMessageLog}. */
public final class LogContext {
    static final int MIN_SEGMENT_BYTES = 1 << 20;

    private Path dataDir;
    private int segmentBytes = 64 << 20;
    private int maxRecordLength = (2 << 20) + (64 << 10);
    private EpochNanoClock clock = SystemEpochNanoClock.INSTANCE;
    private Consumer<String> eventLog = line -> {};
    private RecordKeys keys = RecordKeys.NONE;
    private LogInspector.Progress progress = (done, total, records) -> {};
    private boolean salvage;
    private boolean forcesAtRoll = true;
    private Runnable onBackgroundThread = () -> {};
    private Consumer<TruncationStep> truncationSteps = step -> {};
    private long mustReach;
    private Forcing forcing = Forcing.DEVICE;

    /** The data directory; made if it isn't there. */
    public LogContext dataDir(final Path dir) {
        this.dataDir = dir;
        return this;
    }

    public Path dataDir() {
        return dataDir;
    }

    /** Bytes of a segment file: a multiple of 64 KiB, at least 1 MiB. */
    public LogContext segmentBytes(final int bytes) {
        this.segmentBytes = bytes;
        return this;
    }

    public int segmentBytes() {
        return segmentBytes;
    }

    /** Longest record in bytes with its header. */
    public LogContext maxRecordLength(final int bytes) {
        this.maxRecordLength = bytes;
        return this;
    }

    public int maxRecordLength() {
        return maxRecordLength;
    }

    public LogContext clock(final EpochNanoClock clock) {
        this.clock = clock;
        return this;
    }

    public EpochNanoClock clock() {
        return clock;
    }

    /** Takes a line for each thing that an operator should know: a tail that was cut, a file put aside. */
    public LogContext eventLog(final Consumer<String> eventLog) {
        this.eventLog = eventLog;
        return this;
    }

    public Consumer<String> eventLog() {
        return eventLog;
    }

    /** Finds the keys of records for the filters of sealed segments. */
    public LogContext keys(final RecordKeys keys) {
        this.keys = keys;
        return this;
    }

    public RecordKeys keys() {
        return keys;
    }

    /** Told how far opening is, after each segment. */
    public LogContext progress(final LogInspector.Progress progress) {
        this.progress = progress;
        return this;
    }

    public LogInspector.Progress progress() {
        return progress;
    }

    /**
     * Whether damage that would refuse the start is cut out instead: intact blocks are kept, what is lost is listed in
     * {@link MessageLog#gaps()}.
     */
    public LogContext salvage(final boolean salvage) {
        this.salvage = salvage;
        return this;
    }

    public boolean salvage() {
        return salvage;
    }

    /**
     * Whether a segment is forced before the next one gets its first block, by the thread that appends. Who doesn't
     * promise what {@link MessageLog#force} promises needn't wait for the device: the segment is forced before it is
     * sealed then, beside, and its file is made in larger pieces.
     */
    public LogContext forcesAtRoll(final boolean forces) {
        this.forcesAtRoll = forces;
        return this;
    }

    boolean forcesAtRoll() {
        return forcesAtRoll;
    }

    /** Runs first on each thread that does what can wait, such as to lower its priority. */
    public LogContext onBackgroundThread(final Runnable onStart) {
        this.onBackgroundThread = onStart;
        return this;
    }

    Runnable onBackgroundThread() {
        return onBackgroundThread;
    }

    /** Is told what truncation has done so far: where a test lets it end as a crash would. */
    LogContext truncationSteps(final Consumer<TruncationStep> steps) {
        this.truncationSteps = steps;
        return this;
    }

    Consumer<TruncationStep> truncationSteps() {
        return truncationSteps;
    }

    /**
     * The position that the log is known to have reached durably, by something else than the log itself, such as a
     * snapshot. A log that ends before has lost something, and is not opened.
     */
    public LogContext mustReach(final long position) {
        this.mustReach = position;
        return this;
    }

    long mustReach() {
        return mustReach;
    }

    LogContext forcing(final Forcing forcing) {
        this.forcing = forcing;
        return this;
    }

    Forcing forcing() {
        return forcing;
    }

    /** Checks that the numbers fit together; called once by open. */
    LogContext conclude() {
        if (dataDir == null) {
            throw new LogException("no data directory given");
        }
        if (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes > 1 << 30 || segmentBytes % (64 << 10) != 0) {
            throw new LogException(
                    "segment size " + segmentBytes + ": expected a multiple of 64 KiB from 1 MiB to 1 GiB");
        }
        final int room = segmentBytes / 4 - BlockDescriptor.HEADER_LENGTH - RecordDescriptor.ALIGNMENT;
        if (maxRecordLength > room) {
            throw new LogException("a segment of " + segmentBytes + " bytes takes records of at most " + room
                    + " bytes, but packets need " + maxRecordLength + ": make segments at least four times as large");
        }
        return this;
    }
}
