package io.ringmain.engine;

import io.ringmain.engine.core.BrokerCore;
import io.ringmain.engine.core.CoreLimits;
import io.ringmain.engine.core.SilentOutput;
import io.ringmain.engine.core.StateVisitor;
import io.ringmain.engine.driver.Recovery;
import io.ringmain.engine.driver.SnapshotFiles;
import io.ringmain.engine.driver.StoredSnapshot;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.Origin;
import io.ringmain.storage.log.LogInspector;
import io.ringmain.storage.log.LogReader;
import io.ringmain.storage.snapshot.SnapshotDirectory;
import java.nio.file.Path;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The state of a broker as of a moment in the past, by the same core that it has: from the newest snapshot that is not
 * behind the moment, and the log from there. Reads a data directory that a broker may be running on, and changes nothing.
 */
public final class PastState {
    /**
     * Who has a connection.
     *
     * @param user name, empty without one.
     * @param peer address and port.
     * @param listener that it came by.
     */
    public record Client(String user, String peer, String listener) {}

    private final BrokerCore core;
    private final Long2ObjectHashMap<Client> clients = new Long2ObjectHashMap<>();
    private final Origin origin = new Origin();

    private PastState(final BrokerCore core) {
        this.core = core;
    }

    /**
     * Rebuilds the state behind an event.
     *
     * @param lastPosition of the last event that is in it.
     * @param progress told how far it is.
     * @return null if the log has lost its beginning and no snapshot reaches back so far: {@link #oldest}.
     * @throws io.ringmain.storage.log.LogException when the log is damaged.
     */
    public static PastState at(final Path dataDir, final long lastPosition, final LogInspector.Progress progress) {
        final LogInspector log = LogInspector.open(dataDir);
        final BrokerCore core = Recovery.load(
                snapshots(dataDir),
                lastPosition,
                () -> new BrokerCore(new CoreLimits(), new SilentOutput()),
                line -> {});
        if (firstPosition(log) > Math.max(0, core.position())) {
            return null;
        }
        final PastState state = new PastState(core);
        if (core.position() < lastPosition) {
            final LogReader.RecordHandler replay = Recovery.into(core, lastPosition, progress);
            log.scan(core.position() + 1, (position, buffer, offset, length) -> {
                if (position <= lastPosition) {
                    state.note(buffer, offset);
                }
                return replay.onRecord(position, buffer, offset, length);
            });
        }
        return state;
    }

    /** Position of the oldest state that can be rebuilt, -1 if none can. */
    public static long oldest(final Path dataDir) {
        final long first = firstPosition(LogInspector.open(dataDir));
        long oldest = first == 0 ? 0 : -1;
        for (final StoredSnapshot snapshot : snapshots(dataDir)) {
            if (oldest != 0 && snapshot.position() >= first) {
                oldest = snapshot.position();
            }
        }
        return oldest;
    }

    private static List<StoredSnapshot> snapshots(final Path dataDir) {
        return new SnapshotFiles(new SnapshotDirectory(dataDir), line -> {}).newestFirst();
    }

    private static long firstPosition(final LogInspector log) {
        final List<LogInspector.SegmentSummary> segments = log.summaries();
        return segments.isEmpty() ? 0 : segments.get(0).firstPosition();
    }

    /** Remembers who has which connection, which is no part of the state. */
    private void note(final DirectBuffer buffer, final int offset) {
        final long connectionId = EventHeader.connectionId(buffer, offset);
        switch (EventHeader.type(buffer, offset)) {
            case EventType.CONNECT -> {
                origin.wrap(buffer, offset);
                clients.put(connectionId, new Client(origin.username(), origin.peer(), origin.listener()));
            }
            case EventType.DISCONNECT, EventType.CONNECTION_LOST -> clients.remove(connectionId);
            case EventType.BROKER_STARTED -> clients.clear();
            default -> {}
        }
    }

    /** Position of the last event that is in the state, -1 for none. */
    public long position() {
        return core.position();
    }

    /** Time of that event, epoch nanoseconds. */
    public long timestampNs() {
        return core.timestampNs();
    }

    /** What the broker had as its digest then. */
    public long digest() {
        return core.digest();
    }

    /** Who has a connection; null if that isn't known, its CONNECT lying before what was replayed. */
    public Client client(final long connectionId) {
        return clients.get(connectionId);
    }

    /** Shows the state. */
    public void describe(final StateVisitor visitor) {
        core.describe(visitor);
    }
}
