package io.ringmain.engine;

import io.ringmain.engine.auth.Authenticator;
import io.ringmain.engine.auth.Authorizer;
import io.ringmain.engine.auth.EnhancedAuthenticator;
import io.ringmain.engine.catalog.CatalogLimits;
import io.ringmain.engine.core.CoreLimits;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.io.AuditOptions;
import io.ringmain.engine.io.Bans;
import io.ringmain.engine.io.IoLimits;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.io.MqttOptions;
import io.ringmain.engine.io.Policy;
import io.ringmain.engine.journal.Durability;
import io.ringmain.engine.journal.ForceThread;
import io.ringmain.storage.log.LogInspector;
import io.ringmain.storage.log.Retention;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.BitUtil;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.YieldingIdleStrategy;

/** Configuration of a {@link Broker}: set what differs from the defaults, then launch, which concludes it once. */
public final class BrokerContext {
    /** {@link #sysTopicsIntervalNs} when nothing is published under {@code $SYS}. */
    public static final long NO_SYS_TOPICS = 0;

    /** Bytes of a slot of the ring. */
    public static final int SLOT_LENGTH = 128;

    /** What an event has beside the bytes of its packet, client ids and user names: header, addresses. */
    private static final int EVENT_OVERHEAD = 4096;

    /** How often an event may have its client's id or user name beside its packet: in its origin, and in its stamp. */
    private static final int NAMES_IN_EVENT = 4;

    private static final int SEGMENT_GRANULE = 64 << 10;
    private static final int DEDICATED_CORES = 8;
    private static final int MAX_LANES = 256;

    private Path dataDir = Path.of("data");
    private List<ListenerConfig> listeners = List.of();
    private Durability durability = Durability.SYNC;
    private ThreadingMode threadingMode = ThreadingMode.AUTO;
    private ForceThread forceThread = ForceThread.AUTO;
    private int ioThreads;
    private int backgroundNice = 10;
    private long timeSliceNs = 100_000;
    private long busyPollNs = 50_000;
    private String cpus = CpuPinning.AUTO;
    private CpuPinning cpuPinning;
    private String idleStrategy = "auto";
    private int ringSlots = 1 << 16;
    private int laneBytes = 16 << 20;
    private int segmentBytes = 64 << 20;
    private IoLimits ioLimits = new IoLimits();
    private MqttOptions mqttOptions = new MqttOptions();
    private AuditOptions auditOptions = new AuditOptions();
    private CoreLimits coreLimits = new CoreLimits();
    private CatalogLimits catalogLimits = new CatalogLimits();
    private Counters counters = new Counters();
    private long snapshotLogBytes = 256L << 20;
    private long snapshotIntervalNs = TimeUnit.HOURS.toNanos(1);
    private boolean snapshotOnStop = true;
    private long snapshotHistoryNs = TimeUnit.DAYS.toNanos(1);
    private Retention retention = new Retention(TimeUnit.DAYS.toNanos(30), 500L << 30, 10);
    private long replayBytesPerSecond = 64L << 20;
    private long segmentAgeNs = TimeUnit.DAYS.toNanos(1);
    private long sysTopicsIntervalNs = TimeUnit.SECONDS.toNanos(10);
    private Authenticator authenticator = Authenticator.ANONYMOUS;
    private Authorizer authorizer = Authorizer.ALLOW_ALL;
    private List<EnhancedAuthenticator> enhancedAuthenticators = List.of();
    private Bans bans = Bans.NONE;
    private EpochNanoClock clock = SystemEpochNanoClock.INSTANCE;
    private Consumer<String> eventLog = line -> {};
    private Consumer<Throwable> haltHandler = cause -> {};
    private boolean salvage;
    private LogInspector.Progress scanProgress = (done, total, records) -> {};
    private LogInspector.Progress replayProgress = (done, total, records) -> {};

    /** Directory of lock, log and snapshots; made if it isn't there. */
    public BrokerContext dataDir(final Path dir) {
        this.dataDir = dir;
        return this;
    }

    public Path dataDir() {
        return dataDir;
    }

    public BrokerContext listeners(final List<ListenerConfig> listeners) {
        this.listeners = List.copyOf(listeners);
        return this;
    }

    public List<ListenerConfig> listeners() {
        return listeners;
    }

    public BrokerContext durability(final Durability durability) {
        this.durability = durability;
        return this;
    }

    public Durability durability() {
        return durability;
    }

    public BrokerContext threadingMode(final ThreadingMode mode) {
        this.threadingMode = mode;
        return this;
    }

    public ThreadingMode threadingMode() {
        return threadingMode;
    }

    /** Which thread waits for the device, with {@link Durability#SYNC}. */
    public BrokerContext forceThread(final ForceThread thread) {
        this.forceThread = thread;
        return this;
    }

    public ForceThread forceThread() {
        return forceThread;
    }

    /** Number of I/O agents, hence of egress lanes; 0 chooses by the number of cores. */
    public BrokerContext ioThreads(final int count) {
        this.ioThreads = count;
        return this;
    }

    public int ioThreads() {
        return ioThreads;
    }

    /** {@code auto}, or a list such as {@code 2-7,9}: where the threads of {@link ThreadingMode#DEDICATED} stay. */
    public BrokerContext cpus(final String list) {
        this.cpus = list;
        return this;
    }

    /** Concluded. */
    CpuPinning cpuPinning() {
        return cpuPinning;
    }

    /** Nice value, 0 to 19, of the threads that do what can wait, where that can be had; 0 leaves it as it is. */
    public BrokerContext backgroundNice(final int nice) {
        this.backgroundNice = nice;
        return this;
    }

    public int backgroundNice() {
        return backgroundNice;
    }

    /**
     * Time slice, nanoseconds, of the threads that a message passes, where that can be had: how soon they run when they
     * are woken on a processor that is busy. 0 leaves it as it is.
     */
    public BrokerContext timeSliceNs(final long ns) {
        this.timeSliceNs = ns;
        return this;
    }

    public long timeSliceNs() {
        return timeSliceNs;
    }

    /**
     * How long, in nanoseconds, the thread of {@link ThreadingMode#SHARED} looks for more before it sleeps, behind a cycle
     * in which it had much to do. 0: it sleeps at once.
     */
    public BrokerContext busyPollNs(final long ns) {
        this.busyPollNs = ns;
        return this;
    }

    public long busyPollNs() {
        return busyPollNs;
    }

    /** {@code auto | busy-spin | yield | back-off | park}, of the threads of {@link ThreadingMode#DEDICATED}. */
    public BrokerContext idleStrategy(final String name) {
        this.idleStrategy = name;
        return this;
    }

    public String idleStrategy() {
        return idleStrategy;
    }

    /** Slots of 128 bytes in the ring, a power of two. */
    public BrokerContext ringSlots(final int slots) {
        this.ringSlots = slots;
        return this;
    }

    public int ringSlots() {
        return ringSlots;
    }

    /** Capacity of each egress lane in bytes, a power of two. */
    public BrokerContext laneBytes(final int bytes) {
        this.laneBytes = bytes;
        return this;
    }

    public int laneBytes() {
        return laneBytes;
    }

    /** Size of a log segment in bytes; rounded up to a multiple of 64 KiB, and to what the largest packet needs. */
    public BrokerContext segmentBytes(final int bytes) {
        this.segmentBytes = bytes;
        return this;
    }

    public int segmentBytes() {
        return segmentBytes;
    }

    public BrokerContext ioLimits(final IoLimits limits) {
        this.ioLimits = limits;
        return this;
    }

    public IoLimits ioLimits() {
        return ioLimits;
    }

    public BrokerContext mqttOptions(final MqttOptions options) {
        this.mqttOptions = options;
        return this;
    }

    public MqttOptions mqttOptions() {
        return mqttOptions;
    }

    /** What is recorded beside what has to be, and what subscribers are told of it. */
    public BrokerContext auditOptions(final AuditOptions options) {
        this.auditOptions = options;
        return this;
    }

    public AuditOptions auditOptions() {
        return auditOptions;
    }

    public BrokerContext coreLimits(final CoreLimits limits) {
        this.coreLimits = limits;
        return this;
    }

    public CoreLimits coreLimits() {
        return coreLimits;
    }

    /** Whether clients can ask which topics exist, and the bounds of that. */
    public BrokerContext catalogLimits(final CatalogLimits limits) {
        this.catalogLimits = limits;
        return this;
    }

    public CatalogLimits catalogLimits() {
        return catalogLimits;
    }

    public Counters counters() {
        return counters;
    }

    /** A snapshot is taken when the log has grown by so many bytes since the last. */
    public BrokerContext snapshotLogBytes(final long bytes) {
        this.snapshotLogBytes = bytes;
        return this;
    }

    public long snapshotLogBytes() {
        return snapshotLogBytes;
    }

    /** Or after this time, nanoseconds, if it has grown at all. */
    public BrokerContext snapshotIntervalNs(final long intervalNs) {
        this.snapshotIntervalNs = intervalNs;
        return this;
    }

    public long snapshotIntervalNs() {
        return snapshotIntervalNs;
    }

    /** Beside the last two snapshots one per step of so long stays, as far back as the log reaches; 0 for none. */
    public BrokerContext snapshotHistoryNs(final long spacingNs) {
        this.snapshotHistoryNs = spacingNs;
        return this;
    }

    public long snapshotHistoryNs() {
        return snapshotHistoryNs;
    }

    /** Whether one is taken when the broker is closed. */
    public BrokerContext snapshotOnStop(final boolean taken) {
        this.snapshotOnStop = taken;
        return this;
    }

    public boolean snapshotOnStop() {
        return snapshotOnStop;
    }

    /** How long the log is kept where nothing needs it any more. */
    public BrokerContext retention(final Retention retention) {
        this.retention = retention;
        return this;
    }

    public Retention retention() {
        return retention;
    }

    /** Most bytes of the log that are read in a second for all subscribers that travel through it. */
    public BrokerContext replayBytesPerSecond(final long bytes) {
        this.replayBytesPerSecond = bytes;
        return this;
    }

    public long replayBytesPerSecond() {
        return replayBytesPerSecond;
    }

    /** After this time, nanoseconds, the log goes on in a new segment, whether the current one is full or not. */
    public BrokerContext segmentAgeNs(final long ageNs) {
        this.segmentAgeNs = ageNs;
        return this;
    }

    public long segmentAgeNs() {
        return segmentAgeNs;
    }

    /** Between two rounds of figures under {@code $SYS}, nanoseconds; {@link #NO_SYS_TOPICS} for none at all. */
    public BrokerContext sysTopicsIntervalNs(final long intervalNs) {
        this.sysTopicsIntervalNs = intervalNs;
        return this;
    }

    public long sysTopicsIntervalNs() {
        return sysTopicsIntervalNs;
    }

    /** Decides who may connect. */
    public BrokerContext authenticator(final Authenticator authenticator) {
        this.authenticator = authenticator;
        return this;
    }

    public Authenticator authenticator() {
        return authenticator;
    }

    /** Decides what who is connected may do. */
    public BrokerContext authorizer(final Authorizer authorizer) {
        this.authorizer = authorizer;
        return this;
    }

    public Authorizer authorizer() {
        return authorizer;
    }

    /** The methods of enhanced authentication that clients may use in place of a password. */
    public BrokerContext enhancedAuthenticators(final List<EnhancedAuthenticator> authenticators) {
        this.enhancedAuthenticators = List.copyOf(authenticators);
        return this;
    }

    public List<EnhancedAuthenticator> enhancedAuthenticators() {
        return enhancedAuthenticators;
    }

    /** Who may not connect, whatever they know. */
    public BrokerContext bans(final Bans bans) {
        this.bans = bans;
        return this;
    }

    public Bans bans() {
        return bans;
    }

    /** What of this may change while the broker runs. */
    public Policy policy() {
        return new Policy(authenticator, authorizer, enhancedAuthenticators, bans, ioLimits);
    }

    public BrokerContext clock(final EpochNanoClock clock) {
        this.clock = clock;
        return this;
    }

    public EpochNanoClock clock() {
        return clock;
    }

    /** Takes one line per notable event (recovery, listener, connection closed for cause); called from any agent. */
    public BrokerContext eventLog(final Consumer<String> eventLog) {
        this.eventLog = eventLog;
        return this;
    }

    public Consumer<String> eventLog() {
        return eventLog;
    }

    /** Called once, from the thread that failed, when the broker can't go on; it has stopped acknowledging. */
    public BrokerContext haltHandler(final Consumer<Throwable> handler) {
        this.haltHandler = handler;
        return this;
    }

    public Consumer<Throwable> haltHandler() {
        return haltHandler;
    }

    /** Whether a damaged log is served without what is lost of it, rather than not at all. */
    public BrokerContext salvage(final boolean salvage) {
        this.salvage = salvage;
        return this;
    }

    public boolean salvage() {
        return salvage;
    }

    /** Told how far a start is with reading the log, in bytes of its files. */
    public BrokerContext scanProgress(final LogInspector.Progress progress) {
        this.scanProgress = progress;
        return this;
    }

    public LogInspector.Progress scanProgress() {
        return scanProgress;
    }

    /** Told how far a start is with replaying the log, in positions. */
    public BrokerContext replayProgress(final LogInspector.Progress progress) {
        this.replayProgress = progress;
        return this;
    }

    public LogInspector.Progress replayProgress() {
        return replayProgress;
    }

    /**
     * Resolves what was left open and makes the sizes fit the largest packet.
     *
     * @throws IllegalArgumentException naming what doesn't fit and what was expected.
     */
    void conclude() {
        final int cores = Runtime.getRuntime().availableProcessors();
        if (threadingMode == ThreadingMode.AUTO) {
            threadingMode = cores < DEDICATED_CORES ? ThreadingMode.SHARED : ThreadingMode.DEDICATED;
        }
        if (threadingMode == ThreadingMode.INVOKER) {
            forceThread = ForceThread.JOURNAL;
        } else if (forceThread == ForceThread.AUTO) {
            forceThread = ForceThread.OWN;
        }
        if (ioThreads == 0) {
            ioThreads = threadingMode == ThreadingMode.DEDICATED ? Math.max(1, cores / 4) : 1;
        }
        if (ioThreads < 1 || ioThreads > MAX_LANES) {
            throw new IllegalArgumentException("I/O threads: " + ioThreads + ", expected 1 to " + MAX_LANES);
        }
        newIdleStrategy();
        cpuPinning = CpuPinning.of(threadingMode == ThreadingMode.DEDICATED ? cpus : CpuPinning.AUTO);
        final int longest = maxEventLength();
        ringSlots = BitUtil.findNextPositivePowerOfTwo(Math.max(ringSlots, 4 * (longest / SLOT_LENGTH + 1)));
        laneBytes = BitUtil.findNextPositivePowerOfTwo(Math.max(laneBytes, 8 * (longest + EVENT_OVERHEAD)));
        final int wanted = Math.max(segmentBytes, 4 * (longest + EVENT_OVERHEAD));
        segmentBytes = (wanted + SEGMENT_GRANULE - 1) / SEGMENT_GRANULE * SEGMENT_GRANULE;
    }

    /** Longest event in bytes that a packet within the limits can make. */
    int maxEventLength() {
        return Math.max(ioLimits.maxPacketSize(), ioLimits.maxConnectPacketSize()) + eventOverhead();
    }

    /** Bytes that an event has at most beside those of its packet. */
    int eventOverhead() {
        return EVENT_OVERHEAD + NAMES_IN_EVENT * ioLimits.clientIdLength();
    }

    /** Room in the log below which no new messages are taken: what the ring may hold, so that all of it fits. */
    long logReserveBytes() {
        return Math.min((long) ringSlots * SLOT_LENGTH + (1 << 20), segmentBytes / 2);
    }

    /** A new strategy of the configured kind; each thread needs its own. */
    IdleStrategy newIdleStrategy() {
        return switch (idleStrategy) {
            case "busy-spin" -> BusySpinIdleStrategy.INSTANCE;
            case "yield" -> YieldingIdleStrategy.INSTANCE;
            case "auto", "back-off" -> new BackoffIdleStrategy();
            case "park" -> new SleepingIdleStrategy();
            default ->
                throw new IllegalArgumentException(
                        "idle strategy '" + idleStrategy + "', expected one of auto, busy-spin, yield, back-off, park");
        };
    }
}
