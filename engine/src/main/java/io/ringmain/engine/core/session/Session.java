package io.ringmain.engine.core.session;

import io.ringmain.engine.core.state.HashedEntry;
import io.ringmain.engine.core.state.IdentifierSets;
import io.ringmain.engine.core.state.StateDigest;
import io.ringmain.engine.core.state.Timer;
import io.ringmain.engine.core.topic.Replay;
import io.ringmain.engine.core.topic.Subscription;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One session. The numbers of its connection are meaningful while {@link #isConnected()}.
 *
 * <p>Fields that are part of the digest as one piece, its header, are changed between {@link SessionStore#beginChange}
 * and {@link SessionStore#endChange}.
 */
public final class Session extends HashedEntry {
    /** Messages with QoS 0 that are read from the log for a client before it must have taken them. */
    public static final int STORED_QOS0_WINDOW = 256;

    /** {@link #expiryDeadlineNs} when nothing is to happen. */
    public static final long NOT_WAITING = -1;

    private static final long HEADER_SALT = 0x5E55_1011L;
    private static final long OWNER_SALT = 0x0B3E_4221L;

    private final int id;
    private final UnsafeBuffer clientId;
    private final long salt;
    private final InFlightWindow inFlight;
    private final PendingQueue pending;
    private final InboundIds inbound;
    private List<Subscription> subscriptions = List.of();
    private List<Subscription> shared = List.of();
    private List<Replay> replays = List.of();
    private Timer<Session> expiry;
    private Timer<Session> willDelay;

    long connectionId;
    int lane;
    int protocolLevel;
    int receiveMaximum;
    int maximumPacketSize;
    long expirySeconds;
    Will will;
    UnsafeBuffer owner;

    int unreported;

    private long matchEpoch;
    private int matchQos;
    private boolean matchRetain;
    private int matchIdentifiers;

    Session(
            final int id,
            final int hash,
            final UnsafeBuffer clientId,
            final StateDigest digest,
            final IdentifierSets identifiers) {
        super(hash);
        this.id = id;
        this.clientId = clientId;
        this.salt = StateDigest.mix(StateDigest.hash(clientId, 0, clientId.capacity()), id);
        this.inFlight = new InFlightWindow(digest, identifiers, StateDigest.mix(salt, 1));
        this.pending = new PendingQueue(digest, identifiers, StateDigest.mix(salt, 2));
        this.inbound = new InboundIds(digest, StateDigest.mix(salt, 3));
    }

    /** Dense, used again when the session is gone. */
    public int id() {
        return id;
    }

    public UnsafeBuffer clientId() {
        return clientId;
    }

    /** Tells this session from others in the digest. */
    public long salt() {
        return salt;
    }

    public InFlightWindow inFlight() {
        return inFlight;
    }

    public PendingQueue pending() {
        return pending;
    }

    public InboundIds inbound() {
        return inbound;
    }

    /**
     * In no order that means anything: removal moves the last one into the gap. To be added to only after {@link
     * #makeSubscriptions}.
     */
    public List<Subscription> subscriptions() {
        return subscriptions;
    }

    /** Those of the subscriptions that are shared, as above. */
    public List<Subscription> shared() {
        return shared;
    }

    /** Its subscriptions that are on their way through the log, by number; as above. */
    public List<Replay> replays() {
        return replays;
    }

    // Most sessions of a large broker are idle: what they may never need is made when it is needed first.

    public List<Subscription> makeSubscriptions() {
        return subscriptions = made(subscriptions);
    }

    public List<Subscription> makeShared() {
        return shared = made(shared);
    }

    public List<Replay> makeReplays() {
        return replays = made(replays);
    }

    private static <T> List<T> made(final List<T> list) {
        return list instanceof ArrayList ? list : new ArrayList<>(1);
    }

    /** Null when the session never had to expire. */
    public Timer<Session> expiry() {
        return expiry;
    }

    /** Null when no will of the session ever had to wait. */
    public Timer<Session> willDelay() {
        return willDelay;
    }

    public Timer<Session> makeExpiry() {
        return expiry = expiry != null ? expiry : new Timer<>(this, 2L * id);
    }

    public Timer<Session> makeWillDelay() {
        return willDelay = willDelay != null ? willDelay : new Timer<>(this, 2L * id + 1);
    }

    /** Epoch nanoseconds, {@link #NOT_WAITING} if the session doesn't expire now. */
    public long expiryDeadlineNs() {
        return deadlineNs(expiry);
    }

    /** Epoch nanoseconds, {@link #NOT_WAITING} if no will waits. */
    public long willDeadlineNs() {
        return deadlineNs(willDelay);
    }

    private static long deadlineNs(final Timer<Session> timer) {
        return timer != null && timer.isWaiting() ? timer.deadlineNs() : NOT_WAITING;
    }

    public boolean isConnected() {
        return connectionId != 0;
    }

    public long connectionId() {
        return connectionId;
    }

    public int lane() {
        return lane;
    }

    public int protocolLevel() {
        return protocolLevel;
    }

    /** Most messages in flight to the client. */
    public int receiveMaximum() {
        return receiveMaximum;
    }

    public int maximumPacketSize() {
        return maximumPacketSize;
    }

    public long expirySeconds() {
        return expirySeconds;
    }

    /**
     * Name of the user whose client was the last to connect, empty for one without a name; null if it isn't known, since
     * the snapshot that the session comes from didn't tell.
     */
    public UnsafeBuffer owner() {
        return owner;
    }

    /** Null if there is none. */
    public Will will() {
        return will;
    }

    /**
     * Notes that a subscription of this session matches the message of this epoch.
     *
     * @return true for the first of them.
     */
    public boolean match(final long epoch, final int qos, final boolean retainAsPublished) {
        if (matchEpoch != epoch) {
            matchEpoch = epoch;
            matchQos = qos;
            matchRetain = retainAsPublished;
            matchIdentifiers = 0;
            return true;
        }
        matchQos = Math.max(matchQos, qos);
        matchRetain |= retainAsPublished;
        return false;
    }

    /** Highest QoS among the subscriptions that match the message of the current epoch. */
    public int matchQos() {
        return matchQos;
    }

    /** Whether one of them asks for the retain flag as it was published. */
    public boolean matchRetain() {
        return matchRetain;
    }

    /** Where the router keeps the identifiers of those subscriptions. */
    public int matchIdentifiers() {
        return matchIdentifiers;
    }

    public void matchIdentifiers(final int place) {
        matchIdentifiers = place;
    }

    /**
     * Number of messages with QoS 0 that were read from the log for the client since its I/O agent last said that it has
     * sent what it was given.
     */
    public int unreported() {
        return unreported;
    }

    /** Whether more of them may be sent before it says so again. */
    public boolean isPaced() {
        return unreported < STORED_QOS0_WINDOW;
    }

    /** What the header adds to the digest. */
    long headerHash() {
        long hash = StateDigest.mix(salt, HEADER_SALT, connectionId);
        hash = StateDigest.mix(hash, (long) lane << 32 | protocolLevel, receiveMaximum);
        hash = StateDigest.mix(hash, maximumPacketSize, expirySeconds, unreported);
        hash = StateDigest.mix(hash, expiryDeadlineNs());
        hash = StateDigest.mix(hash, willDeadlineNs());
        hash = StateDigest.mix(hash, will == null ? 0 : will.hash());
        return owner == null ? hash : StateDigest.mix(hash, OWNER_SALT, StateDigest.hash(owner, 0, owner.capacity()));
    }
}
