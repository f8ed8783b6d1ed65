package io.ringmain.engine.sim;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.auth.Authorizer;
import io.ringmain.engine.core.BrokerCore;
import io.ringmain.engine.core.CoreLimits;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.driver.AdminLog;
import io.ringmain.engine.driver.ColdFetchAgent;
import io.ringmain.engine.driver.CoreAgent;
import io.ringmain.engine.driver.DeniedWills;
import io.ringmain.engine.driver.EgressPublisher;
import io.ringmain.engine.driver.Notes;
import io.ringmain.engine.driver.Recovery;
import io.ringmain.engine.driver.ReplayAgent;
import io.ringmain.engine.driver.SnapshotMark;
import io.ringmain.engine.driver.StoredSnapshot;
import io.ringmain.engine.event.BrokerStartedEvent;
import io.ringmain.engine.io.AddressSet;
import io.ringmain.engine.io.AuditOptions;
import io.ringmain.engine.io.IoAgent;
import io.ringmain.engine.io.IoContext;
import io.ringmain.engine.io.IoLimits;
import io.ringmain.engine.io.MqttOptions;
import io.ringmain.engine.io.Policy;
import io.ringmain.engine.io.websocket.WebSocketLayer;
import io.ringmain.engine.io.websocket.WebSocketOptions;
import io.ringmain.engine.journal.Durability;
import io.ringmain.engine.journal.JournalAgent;
import io.ringmain.engine.journal.LogSpace;
import io.ringmain.engine.journal.SyncAgent;
import io.ringmain.engine.ring.RingPoller;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.protocol.websocket.AllowedOrigins;
import io.ringmain.protocol.websocket.UpgradeRules;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * One life of a broker: the real agents over a simulated network, clock and log, each stepped by the scheduler when
 * chance says so. The ring and the lanes are small, so that they are full now and then.
 */
final class SimBroker {
    static final CoreLimits CORE_LIMITS = new CoreLimits()
            .receiveMaximum(8)
            .takeoverByOtherUser(CoreLimits.REFUSE)
            .subscriptionsPerSession(100)
            .retainedMessages(1000)
            .retainedPerSlice(4);
    static final IoLimits IO_LIMITS = new IoLimits()
            .maxConnections(100)
            .maxPacketSize(3 << 10)
            .maxConnectPacketSize(3 << 10)
            .receiveMaximum(8)
            .filtersPerSubscribe(64)
            .outboundBytes(2 << 10)
            .takeovers(0)
            .stallTimeoutNs(3_600_000_000_000L);

    /** Some QoS 0 messages are records, of some there are records, and of some the subscribers know the publisher. */
    private static final AuditOptions AUDIT = new AuditOptions()
            .recordQos0(List.of("x/1"))
            .recordQos0Headers(List.of("x/2"))
            .stamp(List.of("x/3", "will/#"));

    private static final WebSocketOptions WEB_SOCKET_OPTIONS = new WebSocketOptions(
            new UpgradeRules("/mqtt", new AllowedOrigins(List.of())), AddressSet.NONE, 1024, 16, 3 << 10, 3 << 10, 100);

    private static final int MAX_EVENT_LENGTH = 4 << 10;
    private static final int RING_SLOTS = 128;
    private static final int LANE_BYTES = 32 << 10;
    private static final int FETCH_REQUEST_BYTES = 1 << 10;

    private final SimLog log;
    private final IoContext context;
    private final SimTransport[] transports;
    private final IoAgent[] ios;
    private final BrokerCore core;
    private final Notes notes;
    private final JournalAgent journal;
    private final CoreAgent coreAgent;
    private final List<Agent> agents = new ArrayList<>();
    private final Sequence journalled = new Sequence();
    private final Sequence coreSequence;
    private final AdminLog admin;
    private final SimRandom random;
    private final Counters counters = new Counters();
    private final List<SimChannel> channels = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final long recoveredDigest;

    /**
     * @param snapshots that lie on the disk, newest first.
     * @param authorizer says what clients may do.
     * @param webSockets whether clients speak through them.
     */
    SimBroker(
            final SimLog log,
            final SimClock clock,
            final SimRandom random,
            final int laneCount,
            final List<StoredSnapshot> snapshots,
            final Authorizer authorizer,
            final boolean webSockets) {
        this.log = log;
        this.random = random;
        final SlotRing ring = new SlotRing(RING_SLOTS, 128, MAX_EVENT_LENGTH);
        admin = new AdminLog(ring, counters);
        final RingBuffer[] lanes = rings(laneCount, LANE_BYTES);
        final RingBuffer[] requests = rings(laneCount, FETCH_REQUEST_BYTES);
        final RingBuffer[] answers = rings(laneCount, LANE_BYTES);
        final Sequence commitPosition = new Sequence(log.appendPosition());
        final Sequence nextDeadline = new Sequence(BrokerCore.NO_DEADLINE);
        final RingPoller poller = ring.newPoller(journalled);
        coreSequence = poller.sequence();
        ring.addGatingSequences(coreSequence);
        ios = new IoAgent[laneCount];
        transports = new SimTransport[laneCount];
        final EgressPublisher egress = new EgressPublisher(lanes, this::onLaneFull, this::pausePublisher, counters);
        core = Recovery.recover(log, snapshots, () -> new BrokerCore(new CoreLimits(), egress), line -> {});
        recoveredDigest = core.digest();
        egress.unmute();
        notes = egress.notes();
        final LogSpace space = new LogSpace(1);
        coreAgent = new CoreAgent(ring, poller, core, egress, nextDeadline, new SnapshotMark(), counters);
        journal = new JournalAgent(
                ring,
                log,
                Durability.SYNC,
                clock,
                journalled,
                commitPosition,
                coreSequence,
                nextDeadline,
                space,
                counters);
        context = new IoContext(random.nextLong())
                .ring(ring)
                .commitPosition(commitPosition)
                .logFull(space::isFull)
                .policy(Policy.OPEN.withLimits(IO_LIMITS).withAuthorizer(authorizer))
                .options(new MqttOptions().replayAvailable(true))
                .audit(AUDIT)
                .clock(clock)
                .counters(counters)
                .eventLog(faults::add);
        for (int lane = 0; lane < laneCount; lane++) {
            transports[lane] = new SimTransport(
                    webSockets ? List.of(new WebSocketLayer(WEB_SOCKET_OPTIONS, counters)) : List.of());
            ios[lane] =
                    new IoAgent(context, lane, laneCount, transports[lane], lanes[lane], requests[lane], answers[lane]);
        }
        for (final IoAgent io : ios) {
            io.peers(ios);
            agents.add(io);
        }
        if (random.oneIn(2)) {
            egress.direct(ios);
        }
        agents.add(journal);
        agents.add(coreAgent);
        agents.add(new SyncAgent(log, commitPosition, counters));
        agents.add(new ColdFetchAgent(requests, answers, log.newReader()));
        agents.add(new ReplayAgent(
                ring,
                context.replayRequests(),
                commitPosition,
                egress.notes().toldPosition(),
                log,
                clock,
                counters,
                faults::add,
                1L << 40,
                () -> {}));
        DeniedWills.find(core, authorizer::permissionsOf).forEachLong(id -> {
            if (DeniedWills.trySequence(ring, id) == SlotRing.FULL) {
                throw new AssertionError("no room for the wills that are denied");
            }
            counters.increment(CounterId.DROPPED_WILL_ACL);
        });
        final long[] limits = CORE_LIMITS.values();
        final int length = BrokerStartedEvent.length(limits.length);
        final long sequence = ring.tryClaim(length);
        BrokerStartedEvent.write(ring.buffer(), ring.offset(sequence), laneCount, limits);
        ring.commit(sequence, length);
    }

    private static RingBuffer[] rings(final int count, final int capacity) {
        final RingBuffer[] rings = new RingBuffer[count];
        for (int i = 0; i < count; i++) {
            rings[i] = new OneToOneRingBuffer(
                    new UnsafeBuffer(ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH)));
        }
        return rings;
    }

    private void pausePublisher(final long connectionId) {
        ios[0].pausePublisher(connectionId);
    }

    private void onLaneFull(final int lane) {
        ios[lane].drainLane();
        ios[lane].flush();
    }

    /** Steps one agent, whichever chance names. */
    int stepOne() {
        return step(agents.get(random.below(agents.size())));
    }

    /** Steps every agent once. */
    int stepAll() {
        int work = admin.doWork();
        for (final Agent agent : agents) {
            work += step(agent);
        }
        return work;
    }

    private int step(final Agent agent) {
        final int work;
        try {
            work = agent.doWork();
        } catch (final Exception ex) {
            throw new AssertionError(agent.roleName() + " failed: " + ex, ex);
        }
        if (counters.get(CounterId.CONNECTIONS_CLOSED_EXCEPTION) > 0) {
            throw new AssertionError("a connection was closed after an internal fault: " + faults);
        }
        return work;
    }

    /** Replaces what clients may do; each agent goes over to it in its next cycle. */
    void authorizer(final Authorizer authorizer) {
        context.policy(context.policy().withAuthorizer(authorizer));
    }

    Wire connect(final String peer) {
        final SimChannel channel = new SimChannel(random.split(), peer);
        channels.add(channel);
        return transports[0].connect(channel);
    }

    /** The power goes, or just the process, as far as the network can tell. */
    void die() {
        channels.forEach(SimChannel::brokerDied);
    }

    /** The operator changes his mind about something that the promises don't depend on. */
    void changeLimits() {
        admin.changeLimits(new CoreLimits()
                .receiveMaximum(CORE_LIMITS.receiveMaximum())
                .subscriptionsPerSession(CORE_LIMITS.subscriptionsPerSession())
                .retainedMessages(CORE_LIMITS.retainedMessages())
                .takeoverByOtherUser(CORE_LIMITS.takeoverByOtherUser())
                .retainedPerSlice(random.between(1, 8))
                .sharedStrategy(random.below(3))
                .values());
    }

    /** True when the core has applied all that is in the log. */
    boolean isCaughtUp() {
        return coreSequence.get() == journalled.get();
    }

    /** Whether a start from the state as it stands would miss nothing. */
    boolean mayTakeSnapshot() {
        return notes.areTold();
    }

    /** The state as it stands, as a snapshot file would hold it. */
    SimSnapshot takeSnapshot() {
        return SimSnapshot.of(core);
    }

    /** Compares the live state with one that is rebuilt from the log, and with its own digest computed anew. */
    void checkDigests() {
        if (core.digest() != core.digestFromScratch()) {
            throw new AssertionError("the digest that is kept differs from the one computed anew");
        }
        if (isCaughtUp()) {
            final EgressPublisher silent = new EgressPublisher(new RingBuffer[0], lane -> {}, id -> {}, counters);
            final BrokerCore replayed =
                    Recovery.recover(log, List.of(), () -> new BrokerCore(new CoreLimits(), silent), line -> {});
            if (replayed.digest() != core.digest()) {
                throw new AssertionError("the state that the log gives differs from the live state");
            }
        }
    }

    /** The last lines of the broker's event log. */
    List<String> recentEvents() {
        return faults.subList(Math.max(0, faults.size() - 5), faults.size());
    }

    long recoveredDigest() {
        return recoveredDigest;
    }

    Counters counters() {
        return counters;
    }
}
