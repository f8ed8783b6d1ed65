package io.ringmain.engine.io;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.catalog.CatalogLane;
import io.ringmain.engine.catalog.CatalogLimits;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.ring.ReplayRequests;
import io.ringmain.engine.ring.SlotRing;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;

/** What all I/O agents of a broker share. Set by the wiring, then left alone, but for the {@link Policy}. */
public final class IoContext {
    final long secret;
    final Admission admission;
    final Debts debts;
    final AtomicReference<Policy> policy = new AtomicReference<>(Policy.OPEN);

    AtomicBoolean sysTopicsRequested = new AtomicBoolean();
    SlotRing ring;
    int messageSlots = Integer.MAX_VALUE;
    ReplayRequests replayRequests = new ReplayRequests();
    Sequence commitPosition;
    BooleanSupplier logFull = () -> false;
    MqttOptions options = new MqttOptions();
    AuditOptions audit = new AuditOptions();
    Set<String> stampingListeners = Set.of();
    CatalogLimits catalogLimits = new CatalogLimits();
    CatalogLane[] catalogLanes = {};
    EpochNanoClock clock = SystemEpochNanoClock.INSTANCE;
    Counters counters = new Counters();
    Consumer<String> eventLog = line -> {};

    /**
     * @param secret makes assigned client ids of this run unlike those of others, and keeps it from everybody outside
     *     which keys share places in tables. Random, but in a simulation, which must not depend on chance.
     */
    public IoContext(final long secret) {
        this.secret = secret;
        this.admission = new Admission(secret);
        this.debts = new Debts(secret);
    }

    /** Where events go. */
    public IoContext ring(final SlotRing ring) {
        this.ring = ring;
        return this;
    }

    /** Most slots of the ring that may be taken when a PUBLISH is added: so many messages may be on their way. */
    public IoContext messageSlots(final int slots) {
        this.messageSlots = slots;
        return this;
    }

    /** Set when somebody has subscribed to figures of the broker. */
    public IoContext sysTopicsRequested(final AtomicBoolean flag) {
        this.sysTopicsRequested = flag;
        return this;
    }

    /** Where it is said what replays want to read. */
    public IoContext replayRequests(final ReplayRequests requests) {
        this.replayRequests = requests;
        return this;
    }

    public ReplayRequests replayRequests() {
        return replayRequests;
    }

    /** Up to where the log is committed; read only. */
    public IoContext commitPosition(final Sequence position) {
        this.commitPosition = position;
        return this;
    }

    /** True while the log has no room for new messages. */
    public IoContext logFull(final BooleanSupplier full) {
        this.logFull = full;
        return this;
    }

    /** Of the policy that is in force. */
    public IoContext limits(final IoLimits limits) {
        return policy(policy.get().withLimits(limits));
    }

    /** From now on this holds, for new connections and for those that are there. Any thread. */
    public IoContext policy(final Policy newPolicy) {
        policy.set(newPolicy);
        return this;
    }

    public Policy policy() {
        return policy.get();
    }

    public IoContext options(final MqttOptions options) {
        this.options = options;
        return this;
    }

    public IoContext audit(final AuditOptions audit) {
        this.audit = audit;
        return this;
    }

    /** Names of the listeners whose clients' messages tell their subscribers who published them. */
    public IoContext stampingListeners(final Set<String> names) {
        this.stampingListeners = names;
        return this;
    }

    /**
     * Where to ask which topics exist.
     *
     * @param lanes one for each agent; none when there is no catalogue.
     */
    public IoContext catalog(final CatalogLimits limits, final CatalogLane... lanes) {
        this.catalogLimits = limits;
        this.catalogLanes = lanes;
        return this;
    }

    public IoContext clock(final EpochNanoClock clock) {
        this.clock = clock;
        return this;
    }

    public IoContext counters(final Counters counters) {
        this.counters = counters;
        return this;
    }

    public IoContext eventLog(final Consumer<String> eventLog) {
        this.eventLog = eventLog;
        return this;
    }
}
