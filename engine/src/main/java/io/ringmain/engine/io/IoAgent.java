package io.ringmain.engine.io;

import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.ClientIdentity;
import io.ringmain.engine.auth.Permissions;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.ring.FanOutHandler;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.protocol.ReasonCode;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.jctools.queues.MpscUnboundedArrayQueue;

/**
 * One I/O agent: owner of an egress lane and of the connections whose sessions belong to it. One of them also accepts
 * for all.
 *
 * <p>A duty cycle is {@link #pollTransport}, {@link #drainLane}, {@link #flush}; on a shared thread they are called one
 * by one, with the other agents between them.
 */
public final class IoAgent implements Agent, Transport.Handler, FanOutHandler {
    private static final int SCRATCH_LENGTH = 4096;
    private static final long CLOSE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final int CONNECTION_ID_SHIFT = 20;
    private static final int SCARCE_OUTBOUND_BYTES = 16 << 10;

    /** An accept that fails after this long without is news again. */
    private static final long ACCEPT_WORKS_NS = TimeUnit.MINUTES.toNanos(1);

    /** A connection on its way to the agent that owns its session. */
    private final class HandOver implements Runnable {
        private final Connection from;

        HandOver(final Connection from) {
            this.from = from;
        }

        @Override
        public void run() {
            peers[from.handOverTo].takeOver(from);
        }
    }

    private final IoContext context;
    private final IoLimits limits;
    private final Counters counters;
    private final int lane;
    private final int laneCount;
    private final Transport transport;
    private final SlotRing ring;
    private final int slotsWithoutMessages;
    private final BufferPool pool = new BufferPool();
    private final Long2ObjectHashMap<Connection> connectionsById = new Long2ObjectHashMap<>();
    private final ConnectionTable table;
    private final FlushList flushes;
    private final RetryList retries;
    private final TakeoverGuard takeovers;
    private final UserPropertyLimit userPropertyLimit;
    private final MpscUnboundedArrayQueue<Runnable> inbox = new MpscUnboundedArrayQueue<>(64);
    private final Throttle throttle;
    private final Gate gate;
    private final AuthorizerGuard authorizers;
    private final ClientRates rates;
    private final Farewell farewell;
    private final CatalogHandler catalog;
    private final InboundHandler inbound;
    private final Reader reader;
    private final EgressHandler egress;
    private UnsafeBuffer scratch = new UnsafeBuffer(new byte[SCRATCH_LENGTH]);

    private IoAgent[] peers = {this};
    private Policy policy;
    private long nextConnectionId;
    private long nowNs;
    private long commitPosition;
    private long controlPackets;
    private long countedBufferBytes;
    private long acceptFailedNs;
    private volatile boolean shutdownRequested;
    private volatile boolean drained;
    private boolean shuttingDown;

    /**
     * @param lane index of this agent.
     * @param laneCount number of agents.
     * @param egressLane core to this agent.
     * @param fetchRequests this agent to the one that reads the log.
     * @param fetchAnswers back from it.
     */
    public IoAgent(
            final IoContext context,
            final int lane,
            final int laneCount,
            final Transport transport,
            final RingBuffer egressLane,
            final RingBuffer fetchRequests,
            final RingBuffer fetchAnswers) {
        this.context = context;
        this.policy = context.policy();
        this.limits = new IoLimits().set(policy.limits());
        this.counters = context.counters;
        this.lane = lane;
        this.transport = transport;
        this.ring = context.ring;
        this.slotsWithoutMessages = Math.max(0, ring.capacity() - context.messageSlots);
        this.nowNs = context.clock.nanoTime();
        this.nextConnectionId =
                (TimeUnit.NANOSECONDS.toMillis(nowNs) << CONNECTION_ID_SHIFT) / laneCount * laneCount + lane;
        this.userPropertyLimit = new UserPropertyLimit(limits, counters);
        this.catalog = new CatalogHandler(this, context, lane);
        this.inbound = new InboundHandler(this, context, catalog, lane, laneCount);
        this.reader = new Reader(this, inbound, pool);
        this.egress = new EgressHandler(this, context, catalog, egressLane, fetchRequests, fetchAnswers);
        this.throttle = new Throttle(this, limits, (long) ring.byteCapacity() + egressLane.capacity());
        this.table = new ConnectionTable(this, limits);
        this.gate = new Gate(this, context);
        this.rates = new ClientRates(this, context.debts);
        this.authorizers = new AuthorizerGuard(counters, context.eventLog);
        this.flushes = new FlushList(this, counters);
        this.retries = new RetryList(this, lane);
        this.farewell = new Farewell(context.options);
        this.takeovers = new TakeoverGuard(limits);
        this.laneCount = laneCount;
        boundBuffers();
    }

    /** Each agent has its share; beyond it there is as much again for those who can't do with less. */
    private void boundBuffers() {
        final long share = limits.bufferBytes() / laneCount;
        pool.bound(share, 2 * share);
    }

    /** Unsent bytes of a connection from which on it is behind: few when all of them together are many. */
    int outboundBytes() {
        return pool.isScarce() ? Math.min(SCARCE_OUTBOUND_BYTES, limits.outboundBytes()) : limits.outboundBytes();
    }

    /** Tells the agents of each other, before any of them runs. */
    public void peers(final IoAgent[] agents) {
        peers = agents;
        throttle.peers(agents);
    }

    @Override
    public String roleName() {
        return "io-" + lane;
    }

    @Override
    public int doWork() {
        return pollTransport(0) + drainLane() + flush();
    }

    /** Reads what clients have sent, and does what has waited. */
    public int pollTransport(final long timeoutMs) {
        beginCycle();
        int work = transport.poll(this, timeoutMs);
        if (timeoutMs > 0) {
            beginCycle();
        }
        work += inbox.drain(Runnable::run);
        work += reader.readBuffered();
        // Before what has waited goes on: whose it is may be to be paused.
        work += throttle.takeSignals();
        work += retries.run() + rates.resume();
        table.makeRound(nowNs);
        if (shutdownRequested && !shuttingDown) {
            shutDown();
        }
        inbound.countReceived(counters);
        reader.countReceived(counters);
        if (pool.takenBytes() != countedBufferBytes) {
            counters.add(CounterId.BUFFER_BYTES, pool.takenBytes() - countedBufferBytes);
            countedBufferBytes = pool.takenBytes();
        }
        return work;
    }

    private void beginCycle() {
        nowNs = context.clock.nanoTime();
        commitPosition = context.commitPosition.get();
        lookAtPolicy();
    }

    /** Turns what the core has said into packets. Also called by the core's thread, when it is the same. */
    public int drainLane() {
        commitPosition = context.commitPosition.get();
        final int work = egress.drainLane() + egress.drainAnswers() + catalog.takeAnswers();
        egress.countSent(counters);
        if (controlPackets > 0) {
            counters.add(CounterId.PACKETS_SENT, controlPackets);
            controlPackets = 0;
        }
        return work;
    }

    /** Takes a message from the core, on the core's thread, behind everything that is in the lane. */
    @Override
    public void onFanOut(
            final DirectBuffer targets,
            final int targetsOffset,
            final int count,
            final DirectBuffer lists,
            final int listsOffset,
            final DirectBuffer event,
            final int eventOffset,
            final long requiredPosition) {
        commitPosition = context.commitPosition.get();
        while (egress.drainLane() > 0) {
            // A read of the lane ends where its buffer does; what comes behind that is older than this message too.
        }
        egress.onFanOut(targets, targetsOffset, count, lists, listsOffset, event, eventOffset, requiredPosition);
    }

    /** Writes to sockets what may leave. */
    public int flush() {
        commitPosition = context.commitPosition.get();
        final int work = flushes.run();
        if (shuttingDown && table.isEmpty()) {
            drained = true;
        }
        return work;
    }

    /** True while bytes wait for the ring, or could leave by now: not the time to block in select. */
    public boolean hasPendingWork() {
        commitPosition = context.commitPosition.get();
        return !retries.isEmpty() || flushes.hasDue() || !inbox.isEmpty() || reader.hasBuffered();
    }

    /** By when {@link #pollTransport} has to be called again, though nothing happens until then. */
    public long nextDeadlineNs() {
        return rates.nextResumeNs();
    }

    /** Ends a {@link #pollTransport} that waits. Any thread. */
    public void wakeup() {
        transport.wakeup();
    }

    /** Asks the agent to say goodbye to its clients: no more are accepted, MQTT 5 ones get 0x8B. Any thread. */
    public void requestShutdown() {
        shutdownRequested = true;
        transport.wakeup();
    }

    /** True when all connections are closed after {@link #requestShutdown}. Any thread. */
    public boolean isDrained() {
        return drained;
    }

    private void shutDown() {
        shuttingDown = true;
        transport.stopAccepting();
        table.forEach(connection -> {
            connection.knownToCore = false;
            closeWithReason(connection, ReasonCode.SERVER_SHUTTING_DOWN, null);
        });
    }

    @Override
    public void onClose() {
        table.forEach(connection -> connection.channel.close());
        inbox.drain(task -> {
            if (task instanceof HandOver handOver) {
                handOver.from.channel.close();
            }
        });
        transport.close();
    }

    @Override
    public void onAccept(final Channel socket, final ListenerConfig listener) {
        lookAtPolicy();
        if (shuttingDown) {
            counters.increment(CounterId.CONNECTIONS_REFUSED_LIMIT);
            socket.close();
            return;
        }
        final Connection connection = gate.accept(socket, listener, pool);
        if (connection != null) {
            counters.increment(CounterId.CONNECTIONS_ACCEPTED);
            counters.increment(CounterId.CONNECTIONS_OPEN);
            adopt(connection);
        }
    }

    /** Said once for each time that the system is short of something, counted always. */
    @Override
    public void onAcceptFailed(final ListenerConfig listener, final IOException cause) {
        if (counters.get(CounterId.CONNECTIONS_ACCEPT_FAILED) == 0 || nowNs - acceptFailedNs > ACCEPT_WORKS_NS) {
            event("listener " + listener.name() + ": the system gives no socket for a client: " + cause.getMessage()
                    + "; tried again every 100 ms");
        }
        acceptFailedNs = nowNs;
        counters.increment(CounterId.CONNECTIONS_ACCEPT_FAILED);
    }

    private void adopt(final Connection connection) {
        table.add(connection);
        transport.adopt(connection.channel, connection);
        connection.channel.attach(() -> execute(() -> onReadable(connection)));
    }

    /** Runs something on the agent's thread, soon. Any thread. */
    void execute(final Runnable task) {
        inbox.offer(task);
        wakeup();
    }

    @Override
    public void onReadable(final Connection connection) {
        lookAtPolicy();
        reader.onReadable(connection);
    }

    /** Tries again what the ring had no room for. */
    void retry(final Connection connection) {
        reader.retry(connection);
    }

    /** Lets another agent go on with a connection. */
    void handOver(final Connection connection) {
        final IoAgent owner = peers[connection.handOverTo];
        connection.channel.release();
        table.remove(connection);
        if (connection.received != null) {
            pool.moved(-connection.received.capacity());
        }
        connection.state = ConnectionState.CLOSED;
        owner.execute(new HandOver(connection));
    }

    /** Goes on with a connection that another agent has let go. */
    private void takeOver(final Connection from) {
        final Connection connection = new Connection(from.channel, from.listener, pool, from.openedNs);
        connection.address = from.address;
        connection.addressKey = from.addressKey;
        connection.heldBytes = from.heldBytes;
        connection.clientId = from.clientId;
        connection.clientIdAssigned = from.clientIdAssigned;
        connection.lastReadNs = nowNs;
        connection.received = from.received;
        connection.receivedLength = from.receivedLength;
        from.received = null;
        if (connection.received != null) {
            pool.moved(connection.received.capacity());
        }
        adopt(connection);
        if (shuttingDown) {
            closeSilently(connection, null, "shutting down");
        } else if (gate.isBannedNow(connection)) {
            // Since the other agent let it in: neither had it when it went over to the policy that bans it.
            closeWithReason(connection, ReasonCode.ADMINISTRATIVE_ACTION, CounterId.CONNECTIONS_CLOSED_BANNED);
        } else {
            retry(connection);
            if (connection.halfOpen) {
                gate.hold(connection);
            }
        }
    }

    /** A poll may have waited for long: what it reports is treated by the policy of now. */
    private void lookAtPolicy() {
        if (context.policy() != policy) {
            changePolicy();
        }
    }

    /** From now on the connections of this agent have the rights, and keep the limits, of another policy. */
    private void changePolicy() {
        policy = context.policy();
        limits.set(policy.limits());
        boundBuffers();
        table.forEach(connection -> {
            if (connection.access != null) {
                connection.access.permissions(permissionsOf(connection.access.identity()));
                retries.checkWill(connection);
            }
            if (gate.isBannedNow(connection)) {
                retries.dropWill(connection);
                closeWithReason(connection, ReasonCode.ADMINISTRATIVE_ACTION, CounterId.CONNECTIONS_CLOSED_BANNED);
            }
        });
    }

    /** What a client may do by the policy in force; nothing if that can't be found out. */
    Permissions permissionsOf(final ClientIdentity client) {
        return authorizers.permissionsOf(policy.authorizer(), client);
    }

    Policy policy() {
        return policy;
    }

    IoLimits limits() {
        return limits;
    }

    /** What was decided about a connection that waits for it. */
    void onVerdict(final Connection connection, final AuthVerdict verdict) {
        if (connection.isOpen() && connection.awaitingVerdict) {
            connection.verdict = verdict;
            connection.awaitingVerdict = false;
            retry(connection);
        }
    }

    @Override
    public void onWritable(final Connection connection) {
        connection.writeBlocked = false;
        scheduleFlush(connection);
    }

    /** The CONNECT is in the ring: from here on the connection has an id and the core knows it. */
    void register(final Connection connection) {
        connection.id = nextConnectionId += peers.length;
        connection.state = ConnectionState.OPEN;
        counters.increment(CounterId.CONNECTS_ACCEPTED);
        connection.knownToCore = true;
        gate.opened(connection);
        connection.channel.opened();
        rates.opened(connection);
        connectionsById.put(connection.id, connection);
    }

    /** The connection that has this id, null if it is closed or closing. */
    Connection connection(final long id) {
        return connectionsById.get(id);
    }

    /** As {@link SlotRing#tryClaim}, counted when it fails. */
    long claim(final int length) {
        return claim(length, 0);
    }

    /**
     * As {@link #claim}, for a PUBLISH of whatever QoS: those with QoS 0 could keep the others out if they had more of the
     * ring.
     */
    long claimMessage(final int length) {
        return claim(length, slotsWithoutMessages);
    }

    private long claim(final int length, final int leftFree) {
        final long sequence = ring.tryClaim(length, leftFree);
        if (sequence == SlotRing.FULL) {
            counters.increment(CounterId.RING_FULL);
        }
        return sequence;
    }

    SlotRing ring() {
        return ring;
    }

    long nowNs() {
        return nowNs;
    }

    long commitPosition() {
        return commitPosition;
    }

    Throttle throttle() {
        return throttle;
    }

    /**
     * Pauses a connection of any agent, at once: a queue that it publishes to is long. The agent of the subscriber has to be
     * told behind that, in its lane, to end the pause. The core's thread.
     */
    public void pausePublisher(final long connectionId) {
        throttle.pause(connectionId);
    }

    ClientRates rates() {
        return rates;
    }

    Gate gate() {
        return gate;
    }

    UserPropertyLimit userPropertyLimit() {
        return userPropertyLimit;
    }

    /** The core has given the session of a connection to another connection. */
    void onTakenOver(final Connection connection) {
        if (takeovers.onTakeover(connection.clientId, nowNs)) {
            event("client id " + connection.clientIdText() + " is taken over again and again: refused for "
                    + TimeUnit.NANOSECONDS.toSeconds(limits.takeoverBanNs()) + " s");
        }
    }

    /** Whether the client id of a connection is refused for now. */
    boolean isBanned(final Connection connection) {
        return takeovers.isBanned(connection.clientId, nowNs);
    }

    void count(final CounterId id) {
        counters.increment(id);
    }

    void event(final String line) {
        context.eventLog.accept(line);
    }

    /** A buffer for a packet that is about to be put into a queue. */
    UnsafeBuffer scratch() {
        return scratch;
    }

    UnsafeBuffer scratch(final int length) {
        if (scratch.capacity() < length) {
            scratch = new UnsafeBuffer(new byte[BitUtil.findNextPositivePowerOfTwo(length)]);
        }
        return scratch;
    }

    /** Puts a packet that isn't a PUBLISH at the end of what the connection has to send. */
    void enqueueControl(
            final Connection connection, final DirectBuffer packet, final int length, final long requiredPosition) {
        if (length > connection.maximumPacketSize) {
            closeSilently(connection, CounterId.DROPPED_PACKET_TOO_LARGE, "it takes no packet of " + length + " bytes");
            return;
        }
        try {
            enqueue(connection.outbound, packet, length, requiredPosition);
            controlPackets++;
            scheduleFlush(connection);
        } catch (final BuffersExhausted ex) {
            closeSilently(connection, CounterId.CONNECTIONS_CLOSED_BUFFERS, ex.getMessage());
        }
    }

    private void enqueue(
            final OutboundQueue outbound, final DirectBuffer packet, final int length, final long requiredPosition) {
        if (outbound.isDeferring()) {
            outbound.defer(packet, 0, length, requiredPosition);
        } else {
            final int at = outbound.claim(length);
            outbound.encodedView().putBytes(at, packet, 0, length);
            outbound.commit(length, requiredPosition, commitPosition);
        }
    }

    void scheduleFlush(final Connection connection) {
        flushes.add(connection);
    }

    void pumpLater(final Connection connection) {
        retries.addPump(connection);
    }

    void reportDrained(final Connection connection) {
        if (connection.knownToCore) {
            retries.drained(connection.id);
        }
    }

    RetryList retries() {
        return retries;
    }

    void pump(final Connection connection) {
        egress.pump(connection);
    }

    /** Reads while the client can be answered, reports writable while it is behind. */
    void updateInterest(final Connection connection) {
        connection.channel.interest(connection.isReading(outboundBytes()), connection.writeBlocked);
        reader.scheduleBuffered(connection);
    }

    /** DISCONNECT of the client: sequenced, then the connection is closed without a word. */
    boolean onClientDisconnect(
            final Connection connection, final int reasonCode, final boolean hasExpiry, final long expirySeconds) {
        if (!retries.tryDisconnect(connection, reasonCode, hasExpiry, expirySeconds)) {
            return InboundHandler.BACK_PRESSURE;
        }
        connection.knownToCore = false;
        close(connection);
        return InboundHandler.HANDLED;
    }

    /** The core doesn't give a connection the session of its client id: it is that of another user. */
    void onSessionRefused(final Connection connection, final int reasonCode) {
        connection.knownToCore = false;
        counters.increment(CounterId.CONNECTIONS_REFUSED_OWNER);
        inbound.onSessionRefused(connection, reasonCode);
        refuse(connection, reasonCode);
    }

    /** A CONNECT that can't be let in: CONNACK where the version has a code for it, then close. */
    void refuse(final Connection connection, final int reasonCode) {
        counters.increment(ConnectHandler.refusalCounter(reasonCode));
        event("refused " + connection + ": " + ReasonCode.name(reasonCode));
        if (!Farewell.hasConnack(connection, reasonCode)) {
            close(connection);
            return;
        }
        enqueueControl(connection, scratch, Farewell.encodeConnack(scratch, connection, reasonCode), 0);
        startClosing(connection);
    }

    /** The client broke the protocol. */
    void closeForFault(final Connection connection, final int reasonCode) {
        final CounterId counter = reasonCode == ReasonCode.MALFORMED_PACKET
                ? CounterId.CONNECTIONS_CLOSED_MALFORMED
                : CounterId.CONNECTIONS_CLOSED_PROTOCOL_ERROR;
        closeWithReason(connection, reasonCode, counter);
    }

    /** Tells an MQTT 5 client why, then closes, when what was to be sent before has left. */
    void closeWithReason(final Connection connection, final int reasonCode, final CounterId counter) {
        if (!connection.isOpen()) {
            return;
        }
        if (counter != null) {
            counters.increment(counter);
            event("closing " + connection + ": " + ReasonCode.name(reasonCode));
        }
        lost(connection, reasonCode);
        if (connection.state == ConnectionState.AWAITING_CONNECT) {
            close(connection);
            return;
        }
        connection.outbound.dropDeferred();
        if (connection.isV5()) {
            enqueueControl(connection, scratch, farewell.encodeDisconnect(scratch, connection, reasonCode), 0);
        }
        startClosing(connection);
    }

    private void startClosing(final Connection connection) {
        if (connection.state == ConnectionState.CLOSED) {
            return;
        }
        forget(connection);
        connection.state = ConnectionState.CLOSING;
        connection.backPressured = false;
        connection.openedNs = nowNs;
        scheduleFlush(connection);
    }

    /** Closes at once, without a word. */
    void closeSilently(final Connection connection, final CounterId counter, final String why) {
        if (counter != null) {
            counters.increment(counter);
            event("closing " + connection + ": " + why);
        }
        lost(connection, ReasonCode.UNSPECIFIED_ERROR);
        close(connection);
    }

    /** What a read or a write has failed with. */
    void onLost(final Connection connection, final IOException cause) {
        if (cause instanceof ChannelException fault) {
            closeSilently(connection, fault.counter(), fault.getMessage());
        } else {
            onLost(connection);
        }
    }

    /** The client has closed or the network has given up. */
    void onLost(final Connection connection) {
        lost(connection, ReasonCode.UNSPECIFIED_ERROR);
        close(connection);
    }

    /** A fault of ours while we handled one connection ends that connection, and nothing else. */
    void onException(final Connection connection, final RuntimeException ex) {
        if (ex instanceof BuffersExhausted) {
            closeSilently(connection, CounterId.CONNECTIONS_CLOSED_BUFFERS, ex.getMessage());
            return;
        }
        counters.increment(CounterId.CONNECTIONS_CLOSED_EXCEPTION);
        final StackTraceElement[] trace = ex.getStackTrace();
        event("closing " + connection + " after an internal fault: " + ex
                + (trace.length > 0 ? " at " + trace[0] : ""));
        connection.outbound.clear();
        closeWithReason(connection, ReasonCode.UNSPECIFIED_ERROR, null);
    }

    private void lost(final Connection connection, final int reasonCode) {
        if (connection.knownToCore) {
            connection.knownToCore = false;
            retries.lost(connection, reasonCode);
        }
    }

    private void forget(final Connection connection) {
        if (connection.id != 0) {
            connectionsById.remove(connection.id);
            rates.closed(connection);
        }
        catalog.forget(connection);
        throttle.release(connection);
    }

    /** Closes the channel and lets everything go that the connection holds. */
    void close(final Connection connection) {
        if (connection.state == ConnectionState.CLOSED) {
            return;
        }
        final boolean isUnreadToGo = connection.state == ConnectionState.CLOSING;
        forget(connection);
        connection.state = ConnectionState.CLOSED;
        connection.backPressured = false;
        reader.release(connection);
        connection.outbound.clear();
        table.remove(connection);
        try {
            if (isUnreadToGo) {
                reader.discardUnread(connection);
            }
            connection.channel.close();
        } catch (final RuntimeException ex) {
            // Of a layer, such as a provider of TLS: it must not stop the agent.
            counters.increment(CounterId.CONNECTIONS_CLOSED_EXCEPTION);
            event("an internal fault while closing " + connection + ": " + ex);
            connection.channel.socket().close();
        } finally {
            gate.leave(connection);
            counters.add(CounterId.CONNECTIONS_OPEN, -1);
        }
    }

    boolean closeTimedOut(final Connection connection) {
        return connection.state == ConnectionState.CLOSING && nowNs - connection.openedNs > CLOSE_TIMEOUT_NS;
    }
}
