package io.ringmain.engine.driver;

import io.ringmain.engine.core.BrokerCore;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.storage.log.LogException;
import io.ringmain.storage.log.LogInspector;
import io.ringmain.storage.log.LogReader;
import io.ringmain.storage.log.MessageLog;
import io.ringmain.storage.snapshot.SnapshotException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;

/**
 * Brings a core to the state that the log tells: from a snapshot, and then by the same calls as when it was made.
 */
public final class Recovery implements LogReader.RecordHandler {
    private static final long RECORDS_PER_LINE = 5_000_000;
    private static final long RECORDS_PER_CHECK = 4096;

    private final BrokerCore core;
    private final Consumer<String> eventLog;
    private final long lastPosition;
    private final long firstPosition;
    private final long endPosition;
    private final LogInspector.Progress progress;
    private long records;

    private Recovery(
            final BrokerCore core,
            final Consumer<String> eventLog,
            final long lastPosition,
            final long endPosition,
            final LogInspector.Progress progress) {
        this.core = core;
        this.eventLog = eventLog;
        this.lastPosition = lastPosition;
        this.firstPosition = core.position() + 1;
        this.endPosition = endPosition;
        this.progress = progress;
    }

    /**
     * Makes a core with the state at the end of the log.
     *
     * @param snapshots newest first; the first that can be used is.
     * @param newCore makes a core that has seen nothing and whose output is silent.
     */
    public static BrokerCore recover(
            final MessageLog log,
            final List<StoredSnapshot> snapshots,
            final Supplier<BrokerCore> newCore,
            final Consumer<String> eventLog) {
        return recover(log, snapshots, newCore, eventLog, (done, total, records) -> {});
    }

    /** As {@link #recover(MessageLog, List, Supplier, Consumer)}; tells how far it is in bytes of the log. */
    public static BrokerCore recover(
            final MessageLog log,
            final List<StoredSnapshot> snapshots,
            final Supplier<BrokerCore> newCore,
            final Consumer<String> eventLog,
            final LogInspector.Progress progress) {
        try (LogReader reader = log.newReader()) {
            // Also when a snapshot spares the replay: messages are read by their positions as long as they live.
            reader.scan(log.firstPosition(), (position, buffer, offset, length) -> {
                checkVersion(position, buffer, offset);
                return false;
            });
            final BrokerCore core = load(snapshots, log.appendPosition() - 1, newCore, eventLog);
            checkBeginning(log, core);
            final long from = core.position();
            final long records =
                    new Recovery(core, eventLog, Long.MAX_VALUE, log.appendPosition(), progress).run(reader);
            eventLog.accept("recovered " + records + " events "
                    + (from < 0 ? "" : "behind the snapshot at position " + from + " ") + "to position "
                    + log.appendPosition() + ", digest " + Long.toHexString(core.digest()));
            return core;
        }
    }

    private static void checkVersion(final long position, final DirectBuffer buffer, final int offset) {
        final int version = EventHeader.version(buffer, offset);
        if (version != EventHeader.VERSION) {
            throw new LogException("the log has records of version " + version + " at position " + position
                    + ", and this broker reads and writes version " + EventHeader.VERSION
                    + ": start the broker that wrote it, or give this one another data directory");
        }
    }

    /** A log whose beginning was removed tells the state only on top of a snapshot that reaches into it. */
    static void checkBeginning(final MessageLog log, final BrokerCore core) {
        final long reached = Math.max(0, core.position());
        if (log.firstPosition() > reached && !isKnownLost(log, reached)) {
            throw new LogException("the log begins at position " + log.firstPosition() + ", and "
                    + (core.position() < 0
                            ? "there is no snapshot that can be used"
                            : "the newest snapshot that can be used ends at position " + core.position())
                    + ": the state in between is lost. Restore data/snapshots or the segments");
        }
    }

    /** Whether what is missing is a gap that was salvaged, which the state has to do without. */
    private static boolean isKnownLost(final MessageLog log, final long reached) {
        return log.gaps().stream()
                .anyMatch(gap -> gap.fromPosition() <= reached && gap.toPosition() >= log.firstPosition());
    }

    /**
     * Makes a core from the first of the snapshots that can be used, or an empty one.
     *
     * @param notBehind a snapshot behind this position is of no use.
     */
    public static BrokerCore load(
            final List<StoredSnapshot> snapshots,
            final long notBehind,
            final Supplier<BrokerCore> newCore,
            final Consumer<String> eventLog) {
        for (final StoredSnapshot snapshot : snapshots) {
            if (snapshot.position() > notBehind) {
                eventLog.accept("not used: " + snapshot + " is of position " + snapshot.position()
                        + ", the log ends at " + (notBehind + 1));
                continue;
            }
            final BrokerCore core = newCore.get();
            try {
                snapshot.read(core.loadSnapshot());
                eventLog.accept("loaded the snapshot at position " + snapshot.position());
                return core;
            } catch (final SnapshotException ex) {
                eventLog.accept("not used: " + ex.getMessage());
            } catch (final IllegalArgumentException ex) {
                eventLog.accept("not used: " + snapshot + ": " + ex.getMessage());
            }
        }
        return newCore.get();
    }

    /**
     * Replays the log into a core, from where it stands.
     *
     * @param lastPosition of the last event to be replayed.
     * @return the number of events.
     */
    static long replay(
            final LogReader reader, final BrokerCore core, final long lastPosition, final Consumer<String> eventLog) {
        return new Recovery(core, eventLog, lastPosition, lastPosition, (done, total, records) -> {}).run(reader);
    }

    /** Takes records and applies them to a core, up to and with the one at a position. */
    public static LogReader.RecordHandler into(
            final BrokerCore core, final long lastPosition, final LogInspector.Progress progress) {
        return new Recovery(core, line -> {}, lastPosition, lastPosition, progress);
    }

    private long run(final LogReader reader) {
        reader.scan(firstPosition, this);
        return records;
    }

    @Override
    public boolean onRecord(final long position, final DirectBuffer buffer, final int offset, final int length) {
        if (position > lastPosition) {
            return false;
        }
        checkVersion(position, buffer, offset);
        try {
            core.onEvent(buffer, offset);
        } catch (final RuntimeException ex) {
            throw new IllegalStateException(
                    "the log can't be replayed: the core failed at position " + position + " on "
                            + EventType.name(EventHeader.type(buffer, offset)) + ": " + ex,
                    ex);
        }
        if (++records % RECORDS_PER_LINE == 0) {
            eventLog.accept("recovering: " + records + " events, position " + position);
        }
        if (records % RECORDS_PER_CHECK == 0) {
            progress.onProgress(position - firstPosition, endPosition - firstPosition, records);
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted at position " + position + ": the broker is stopping");
            }
        }
        return position < lastPosition;
    }
}
