package io.ringmain.engine;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.auth.Authorizer;
import io.ringmain.engine.auth.Permissions;
import io.ringmain.engine.catalog.CatalogLane;
import io.ringmain.engine.core.BrokerCore;
import io.ringmain.engine.core.CoreLimits;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.driver.AdminLog;
import io.ringmain.engine.driver.CatalogAgent;
import io.ringmain.engine.driver.ColdFetchAgent;
import io.ringmain.engine.driver.CoreAgent;
import io.ringmain.engine.driver.DeniedWills;
import io.ringmain.engine.driver.EgressPublisher;
import io.ringmain.engine.driver.EventKeys;
import io.ringmain.engine.driver.LogKeeper;
import io.ringmain.engine.driver.Notes;
import io.ringmain.engine.driver.Recovery;
import io.ringmain.engine.driver.ReplayAgent;
import io.ringmain.engine.driver.SnapshotAgent;
import io.ringmain.engine.driver.SnapshotFiles;
import io.ringmain.engine.driver.SnapshotMark;
import io.ringmain.engine.driver.SysTopicsAgent;
import io.ringmain.engine.event.BrokerStartedEvent;
import io.ringmain.engine.event.RecordsLostEvent;
import io.ringmain.engine.io.AuthorizerGuard;
import io.ringmain.engine.io.Bans;
import io.ringmain.engine.io.IoAgent;
import io.ringmain.engine.io.IoContext;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.io.NioTransport;
import io.ringmain.engine.io.Policy;
import io.ringmain.engine.journal.Durability;
import io.ringmain.engine.journal.ForceSignal;
import io.ringmain.engine.journal.ForceThread;
import io.ringmain.engine.journal.JournalAgent;
import io.ringmain.engine.journal.LogSpace;
import io.ringmain.engine.journal.SyncAgent;
import io.ringmain.engine.ring.ReplayRequests;
import io.ringmain.engine.ring.RingPoller;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.storage.log.ChronicleMessageLog;
import io.ringmain.storage.log.LogContext;
import io.ringmain.storage.log.LogGap;
import io.ringmain.storage.log.MessageLog;
import io.ringmain.storage.log.SealRequest;
import io.ringmain.storage.snapshot.SnapshotDirectory;
import io.ringmain.storage.snapshot.SnapshotHistory;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.agrona.collections.LongArrayList;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.CompositeAgent;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** A running broker: recovered, listening, serving until closed. */
public final class Broker implements AutoCloseable {
    private static final long DRAIN_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(3);
    private static final int SNAPSHOT_POLL_MS = 50;
    private static final int FETCH_REQUEST_BYTES = 64 << 10;

    private final BrokerContext context;
    private final EpochNanoClock clock;
    private final MessageLog log;
    private final NioTransport[] transports;
    private final IoAgent[] ios;
    private final IoContext ioContext;
    private final JournalAgent journal;
    private final CoreAgent core;
    private final ColdFetchAgent fetch;
    private final Agent sync;
    private final ForceSignal forceSignal;
    private final SnapshotDirectory snapshots;
    private final BrokerCore state;
    private final SnapshotAgent snapshotter;
    private final AdminLog admin;
    private final Sequence coreSequence;

    /** Null if clients can't ask which topics exist. */
    private final CatalogAgent catalog;

    private final Agent sysTopics;
    private final ReplayAgent replay;
    private final Notes notes;
    private final AtomicBoolean sysTopicsRequested = new AtomicBoolean();
    private final Sequence nextDeadline = new Sequence(BrokerCore.NO_DEADLINE);
    private final List<SocketAddress> addresses = new ArrayList<>();
    private final List<AgentRunner> runners = new ArrayList<>();
    private final List<Runnable> firstOnThreads = new ArrayList<>();
    private final AtomicBoolean halted = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final SharedDuty duty;
    private CoreLimits coreLimits;

    private Broker(final BrokerContext context) {
        this.context = context;
        this.coreLimits = context.coreLimits();
        this.clock = context.clock();
        this.snapshots = new SnapshotDirectory(context.dataDir());
        this.log = openLog(context, snapshots);
        snapshots.history(new SnapshotHistory(context.snapshotHistoryNs(), log::firstPosition));
        context.eventLog().accept("log open: positions " + log.firstPosition() + " to " + log.appendPosition());
        final int laneCount = context.ioThreads();
        final SlotRing ring = new SlotRing(context.ringSlots(), BrokerContext.SLOT_LENGTH, context.maxEventLength());
        final RingBuffer[] lanes = rings(laneCount, context.laneBytes());
        final RingBuffer[] fetchRequests = rings(laneCount, FETCH_REQUEST_BYTES);
        final RingBuffer[] fetchAnswers = rings(laneCount, context.laneBytes());
        final Sequence journalled = new Sequence();
        final Sequence commitPosition = new Sequence(log.appendPosition());
        final RingPoller corePoller = ring.newPoller(journalled);
        ring.addGatingSequences(corePoller.sequence());
        coreSequence = corePoller.sequence();
        admin = new AdminLog(ring, context.counters());
        final LogSpace space = new LogSpace(context.logReserveBytes());
        ios = new IoAgent[laneCount];
        transports = new NioTransport[laneCount];
        final EgressPublisher egress =
                new EgressPublisher(lanes, this::onLaneFull, this::pausePublisher, context.counters());
        final SnapshotFiles snapshotFiles = new SnapshotFiles(snapshots, context.eventLog());
        state = Recovery.recover(
                log,
                snapshotFiles.newestFirst(),
                () -> new BrokerCore(new CoreLimits(), egress),
                context.eventLog(),
                context.replayProgress());
        egress.unmute();
        notes = egress.notes();
        final SnapshotMark mark = new SnapshotMark();
        core = new CoreAgent(ring, corePoller, state, egress, nextDeadline, mark, context.counters());
        snapshotter = newSnapshotter(ring, commitPosition, mark, snapshotFiles.loadedPosition());
        journal = new JournalAgent(
                ring,
                log,
                context.durability(),
                clock,
                journalled,
                commitPosition,
                corePoller.sequence(),
                nextDeadline,
                space,
                context.counters());
        journal.notBefore(state.timestampNs());
        sync = new SyncAgent(log, commitPosition, context.counters(), this::onCommit);
        forceSignal = new ForceSignal(log);
        fetch = new ColdFetchAgent(fetchRequests, fetchAnswers, log.newReader());
        sysTopics = new SysTopicsAgent(
                ring, context.counters(), clock, sysTopicsRequested, version(), context.sysTopicsIntervalNs());
        final ReplayRequests replayRequests = new ReplayRequests();
        replay = new ReplayAgent(
                ring,
                replayRequests,
                commitPosition,
                notes.toldPosition(),
                log,
                clock,
                context.counters(),
                context.eventLog(),
                context.replayBytesPerSecond(),
                this::wakeup);
        catalog = context.catalogLimits().enabled() ? newCatalog(commitPosition) : null;
        ioContext = newIoContext(ring, commitPosition, space).replayRequests(replayRequests);
        for (int lane = 0; lane < laneCount; lane++) {
            transports[lane] = new NioTransport();
            ios[lane] = new IoAgent(
                    ioContext, lane, laneCount, transports[lane], lanes[lane], fetchRequests[lane], fetchAnswers[lane]);
        }
        for (final IoAgent io : ios) {
            io.peers(ios);
        }
        if (context.threadingMode() != ThreadingMode.DEDICATED) {
            egress.direct(ios);
        }
        final boolean mayWait = context.threadingMode() == ThreadingMode.SHARED;
        duty = new SharedDuty(
                ios,
                forcesBeside() ? new CompositeAgent(journal, forceSignal) : journal,
                core,
                fetch,
                forcesBehindJournal() ? sync : null,
                sysTopics,
                nextDeadline,
                clock,
                mayWait,
                new BusyPoll(SystemNanoClock.INSTANCE, context.busyPollNs()));
        final List<LogGap> gaps =
                log.gaps().stream().filter(gap -> !gap.isAnnounced()).toList();
        announceGaps(ring, corePoller.sequence(), gaps);
        denyWills(ring, corePoller.sequence());
        announceStart(ring, corePoller.sequence(), laneCount);
        snapshotter.onBrokerStarted(log.appendPosition());
        if (!gaps.isEmpty()) {
            settleGaps();
        }
    }

    /** There is something in the ring that came from no socket. */
    private void wakeup() {
        if (context.threadingMode() == ThreadingMode.SHARED) {
            ios[0].wakeup();
        }
    }

    private static long mustReach(final BrokerContext context, final SnapshotDirectory snapshots) {
        return context.durability() == Durability.SYNC && !context.salvage() ? snapshots.newestPosition() + 1 : 0;
    }

    /**
     * In {@code sync}, what a snapshot has was forced before: a log that ends earlier is damaged. In the other modes that
     * is what a power loss may leave, and after a salvage what is wanted: snapshots of what is lost are put aside.
     */
    private static MessageLog openLog(final BrokerContext context, final SnapshotDirectory snapshots) {
        final MessageLog log = ChronicleMessageLog.open(new LogContext()
                .forcesAtRoll(context.durability() == Durability.SYNC)
                .dataDir(context.dataDir())
                .segmentBytes(context.segmentBytes())
                .maxRecordLength(context.maxEventLength())
                .mustReach(mustReach(context, snapshots))
                .keys(new EventKeys())
                .onBackgroundThread(() -> toBackground(context))
                .salvage(context.salvage())
                .progress(context.scanProgress())
                .clock(context.clock())
                .eventLog(context.eventLog()));
        for (final Path file : snapshots.putAsideFrom(log.appendPosition())) {
            context.eventLog()
                    .accept("not used: " + file + " is of what the log lost; it ends at position "
                            + log.appendPosition());
        }
        return log;
    }

    /** Whether a thread of its own waits for the device. */
    private boolean forcesBeside() {
        return context.forceThread() == ForceThread.OWN && context.durability() == Durability.SYNC;
    }

    private boolean forcesBehindJournal() {
        return context.forceThread() != ForceThread.OWN && context.durability() == Durability.SYNC;
    }

    /** On the thread that forces: who may be blocked in select is told that acknowledgements may leave. */
    private void onCommit() {
        if (forcesBeside() && context.threadingMode() == ThreadingMode.SHARED) {
            for (final IoAgent io : ios) {
                io.wakeup();
            }
        }
    }

    private SnapshotAgent newSnapshotter(
            final SlotRing ring, final Sequence commitPosition, final SnapshotMark mark, final long newestSnapshot) {
        final LogKeeper keeper = new LogKeeper(
                log,
                ring,
                commitPosition,
                context.retention(),
                new SealRequest(context.dataDir()),
                clock,
                context.counters(),
                context.segmentAgeNs());
        return new SnapshotAgent(
                ring,
                commitPosition,
                mark,
                snapshots,
                log,
                admin,
                keeper,
                clock,
                context.counters(),
                context.eventLog(),
                newestSnapshot,
                context.snapshotLogBytes(),
                context.snapshotIntervalNs());
    }

    private CatalogAgent newCatalog(final Sequence commitPosition) {
        return new CatalogAgent(
                log,
                commitPosition,
                context.dataDir(),
                context.catalogLimits(),
                clock,
                context.counters(),
                context.eventLog(),
                ios.length,
                lane -> ios[lane].wakeup());
    }

    private IoContext newIoContext(final SlotRing ring, final Sequence commitPosition, final LogSpace space) {
        return new IoContext(new SecureRandom().nextLong())
                .ring(ring)
                .messageSlots(QueueRoom.messageSlots(context))
                .commitPosition(commitPosition)
                .logFull(space::isFull)
                .policy(context.policy())
                .options(context.mqttOptions())
                .audit(context.auditOptions())
                .stampingListeners(context.listeners().stream()
                        .filter(ListenerConfig::stamp)
                        .map(ListenerConfig::name)
                        .collect(Collectors.toSet()))
                .sysTopicsRequested(sysTopicsRequested)
                .catalog(context.catalogLimits(), catalog == null ? new CatalogLane[0] : catalog.lanes())
                .clock(clock)
                .counters(context.counters())
                .eventLog(context.eventLog());
    }

    private static String version() {
        final String version = Broker.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private static RingBuffer[] rings(final int count, final int capacity) {
        final RingBuffer[] rings = new RingBuffer[count];
        for (int i = 0; i < count; i++) {
            rings[i] = new OneToOneRingBuffer(
                    new UnsafeBuffer(ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH)));
        }
        return rings;
    }

    /** What the state refers to and the log has lost is let go before a will, or anything else, is read. */
    private void announceGaps(final SlotRing ring, final Sequence coreSequence, final List<LogGap> gaps) {
        for (final LogGap gap : gaps) {
            final long sequence = ring.tryClaim(RecordsLostEvent.LENGTH);
            RecordsLostEvent.write(ring.buffer(), ring.offset(sequence), gap.fromPosition(), gap.toPosition());
            ring.commit(sequence, RecordsLostEvent.LENGTH);
            apply(sequence, coreSequence);
        }
    }

    /**
     * A snapshot saves later starts from replaying over the gaps, on which they might come to another state than this one,
     * which may rest on a snapshot from behind them.
     */
    private void settleGaps() {
        context.eventLog()
                .accept("records lost: " + context.counters().get(CounterId.DROPPED_RECORD_LOST)
                        + " references to them dropped");
        log.force();
        try {
            SnapshotAgent.write(state, snapshots);
        } catch (final RuntimeException ex) {
            context.counters().increment(CounterId.SNAPSHOTS_FAILED);
            context.eventLog().accept("no snapshot after the salvage: " + ex.getMessage());
        }
        log.gapsAnnounced();
    }

    /** A will that its client may not publish any more must not be published by this start; the log tells why it isn't. */
    private void denyWills(final SlotRing ring, final Sequence coreSequence) {
        final Policy policy = context.policy();
        if (policy.authorizer() == Authorizer.ALLOW_ALL && policy.bans() == Bans.NONE) {
            return;
        }
        final AuthorizerGuard authorizers = new AuthorizerGuard(context.counters(), context.eventLog());
        final LongArrayList denied = DeniedWills.find(
                state,
                client -> policy.bans().hasClient(client.clientId(), client.username())
                        ? Permissions.NONE
                        : authorizers.permissionsOf(policy.authorizer(), client));
        long last = SlotRing.FULL;
        for (int i = 0; i < denied.size(); ) {
            final long sequence = DeniedWills.trySequence(ring, denied.getLong(i));
            if (sequence == SlotRing.FULL) {
                apply(last, coreSequence);
            } else {
                last = sequence;
                i++;
            }
        }
        if (!denied.isEmpty()) {
            apply(last, coreSequence);
            context.counters().add(CounterId.DROPPED_WILL_ACL, denied.size());
            context.eventLog()
                    .accept("wills dropped, as their clients may not publish them any more: " + denied.size());
        }
    }

    /** The first event of the run that serves; nobody can connect before it is applied and committed. */
    private void announceStart(final SlotRing ring, final Sequence coreSequence, final int laneCount) {
        final long[] limits = context.coreLimits().values();
        final int length = BrokerStartedEvent.length(limits.length);
        final long sequence = ring.tryClaim(length);
        BrokerStartedEvent.write(ring.buffer(), ring.offset(sequence), laneCount, limits);
        ring.commit(sequence, length);
        apply(sequence, coreSequence);
    }

    private void apply(final long sequence, final Sequence coreSequence) {
        try {
            while (coreSequence.get() < sequence) {
                journal.doWork();
                core.doWork();
            }
            if (context.durability() == Durability.SYNC) {
                sync.doWork();
            }
        } catch (final Exception ex) {
            throw new IllegalStateException("the broker can't start: " + ex.getMessage(), ex);
        }
    }

    /**
     * Recovers the state from the log, opens the listeners and starts the agents.
     *
     * @throws io.ringmain.storage.log.LogException when the data directory can't be used; the message says why.
     * @throws java.io.UncheckedIOException when a listener can't be opened.
     */
    public static Broker launch(final BrokerContext context) {
        context.conclude();
        QueueRoom.shortages(context, context.ioLimits(), context.coreLimits()).forEach(context.eventLog());
        final Broker broker = new Broker(context);
        try {
            for (final ListenerConfig listener : context.listeners()) {
                broker.addresses.add(broker.transports[0].listen(listener));
            }
        } catch (final RuntimeException ex) {
            broker.duty.onClose();
            broker.log.close();
            throw ex;
        }
        broker.start();
        return broker;
    }

    /**
     * Puts another policy and other limits of the core in force: for new connections, and for what those that are there
     * do from now on. Any thread.
     *
     * @param reason what is put on record, for people; cut if it is long.
     */
    public synchronized void reload(final Policy policy, final CoreLimits limits, final String reason) {
        admin.record(AdminLog.OPERATOR, reason);
        if (!limits.equals(coreLimits)) {
            admin.changeLimits(limits.values());
            coreLimits = limits;
        }
        QueueRoom.shortages(context, policy.limits(), limits).forEach(context.eventLog());
        // Last, as nothing can fail any more: a reload is all or nothing.
        ioContext.policy(policy);
        for (final IoAgent io : ios) {
            io.wakeup();
        }
    }

    private void start() {
        switch (context.threadingMode()) {
            case SHARED -> startShared();
            case DEDICATED -> startDedicated();
            default -> {}
        }
        if (context.threadingMode() != ThreadingMode.INVOKER) {
            runInBackground(snapshotter, new SleepingMillisIdleStrategy(SNAPSHOT_POLL_MS));
            runInBackground(replay, replay.idleStrategy());
            if (catalog != null) {
                runInBackground(catalog, new SleepingIdleStrategy(CatalogAgent.SLEEP_NS));
            }
        }
        for (int i = 0; i < runners.size(); i++) {
            final Runnable first = firstOnThreads.get(i);
            AgentRunner.startOnThread(
                    runners.get(i),
                    agent -> new Thread(() -> {
                        first.run();
                        agent.run();
                    }));
        }
    }

    private void startShared() {
        run(duty, NoOpIdleStrategy.INSTANCE);
        if (forcesBeside()) {
            run(sync, forceSignal);
        }
    }

    private void startDedicated() {
        for (final IoAgent io : ios) {
            runPinned(io);
        }
        runPinned(forcesBehindJournal() ? new CompositeAgent(journal, sync) : journal);
        runPinned(core);
        if (forcesBeside()) {
            run(sync, context.newIdleStrategy());
        }
        run(new CompositeAgent(fetch, sysTopics), context.newIdleStrategy());
    }

    private void run(final Agent agent, final IdleStrategy idleStrategy) {
        run(agent, idleStrategy, () -> ThreadPriority.shortenSlice(context.timeSliceNs()));
    }

    private void runPinned(final Agent agent) {
        final Runnable pin = context.cpuPinning().next();
        run(agent, context.newIdleStrategy(), () -> {
            pin.run();
            ThreadPriority.shortenSlice(context.timeSliceNs());
        });
    }

    private void runInBackground(final Agent agent, final IdleStrategy idleStrategy) {
        run(agent, idleStrategy, () -> toBackground(context));
    }

    /** @param firstOnThread is run on the thread of the agent before it starts. */
    private void run(final Agent agent, final IdleStrategy idleStrategy, final Runnable firstOnThread) {
        runners.add(new AgentRunner(idleStrategy, this::halt, null, agent));
        firstOnThreads.add(firstOnThread);
    }

    /** A thread has the CPUs of the one that made it, which may be pinned. */
    private static void toBackground(final BrokerContext context) {
        context.cpuPinning().release();
        ThreadPriority.lower(context.backgroundNice());
    }

    /** An agent can't go on: nothing more is acknowledged, and the process is told to end. */
    private void halt(final Throwable failure) {
        if (!closed.get() && halted.compareAndSet(false, true)) {
            context.haltHandler()
                    .accept(
                            failure instanceof AgentTerminationException && failure.getCause() != null
                                    ? failure.getCause()
                                    : failure);
        }
    }

    private void pausePublisher(final long connectionId) {
        ios[0].pausePublisher(connectionId);
    }

    private void onLaneFull(final int lane) {
        if (context.threadingMode() != ThreadingMode.DEDICATED) {
            ios[lane].drainLane();
            ios[lane].flush();
        } else if (closed.get() && ios[lane].isDrained()) {
            throw new AgentTerminationException("closing");
        } else {
            LockSupport.parkNanos(1);
        }
    }

    /** Addresses that clients can connect to, of IP or paths of Unix domain sockets, in the order of the configuration. */
    public List<SocketAddress> listenerAddresses() {
        return List.copyOf(addresses);
    }

    /** Steps every agent once; for {@link ThreadingMode#INVOKER} only. Returns the work done, 0 for none. */
    public int doWork() {
        if (context.threadingMode() != ThreadingMode.INVOKER) {
            throw new IllegalStateException("the agents have threads of their own: " + context.threadingMode());
        }
        try {
            return duty.doWork() + snapshotter.doWork() + replay.doWork() + (catalog == null ? 0 : catalog.doWork());
        } catch (final Exception ex) {
            halt(ex);
            throw new IllegalStateException(ex);
        }
    }

    /** Stops listening, tells MQTT 5 clients 0x8B, flushes, closes the log. Blocks until done, a few seconds at most. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        for (final IoAgent io : ios) {
            io.requestShutdown();
        }
        await(this::isDrained);
        recordStop();
        for (final IoAgent io : ios) {
            io.wakeup();
        }
        runners.forEach(AgentRunner::close);
        if (runners.isEmpty()) {
            duty.onClose();
            snapshotter.onClose();
            replay.onClose();
            if (catalog != null) {
                catalog.onClose();
            }
        }
        takeLastSnapshot();
        log.close();
    }

    /** All agents have stopped, so the state can be written as it stands; the next start needn't replay. */
    private void takeLastSnapshot() {
        if (!context.snapshotOnStop() || halted.get() || !notes.areTold()) {
            return;
        }
        try {
            log.force();
            final long bytes = SnapshotAgent.write(state, snapshots);
            context.eventLog().accept("snapshot at position " + state.position() + ": " + bytes + " bytes");
        } catch (final RuntimeException ex) {
            context.counters().increment(CounterId.SNAPSHOTS_FAILED);
            context.eventLog().accept("no snapshot at the end: " + ex.getMessage());
        }
    }

    /** A log that ends otherwise tells that the broker did not end by itself. */
    private void recordStop() {
        admin.record(AdminLog.BROKER, "stop");
        ios[0].wakeup();
        await(() -> {
            admin.doWork();
            return admin.isBehind(coreSequence.get());
        });
    }

    private void await(final BooleanSupplier condition) {
        final long deadlineNs = System.nanoTime() + DRAIN_TIMEOUT_NS;
        while (System.nanoTime() < deadlineNs && !halted.get() && !condition.getAsBoolean()) {
            if (runners.isEmpty()) {
                doWork();
            } else {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
    }

    private boolean isDrained() {
        for (final IoAgent io : ios) {
            if (!io.isDrained()) {
                return false;
            }
        }
        return true;
    }
}
