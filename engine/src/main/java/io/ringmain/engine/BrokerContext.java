package io.ringmain.engine;

import io.ringmain.engine.core.CoreLimits;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.io.IoLimits;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.journal.Durability;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Configuration of a {@link Broker}: set what differs from the defaults, then launch, which concludes it once. */
public final class BrokerContext {
    private Path dataDir = Path.of("data");
    private List<ListenerConfig> listeners = List.of();
    private Durability durability = Durability.SYNC;
    private ThreadingMode threadingMode = ThreadingMode.AUTO;
    private int ioThreads;
    private String idleStrategy = "auto";
    private int ringSlots = 1 << 16;
    private int laneBytes = 16 << 20;
    private long segmentBytes = 64L << 20;
    private IoLimits ioLimits = IoLimits.DEFAULTS;
    private CoreLimits coreLimits = CoreLimits.DEFAULTS;
    private Counters counters = new Counters();
    private Consumer<String> eventLog = line -> {};
    private Consumer<Throwable> haltHandler = cause -> {};

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

    /** Number of I/O agents, hence of egress lanes; 0 chooses by the number of cores. */
    public BrokerContext ioThreads(final int count) {
        this.ioThreads = count;
        return this;
    }

    public int ioThreads() {
        return ioThreads;
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

    /** Size of a log segment in bytes. */
    public BrokerContext segmentBytes(final long bytes) {
        this.segmentBytes = bytes;
        return this;
    }

    public long segmentBytes() {
        return segmentBytes;
    }

    public BrokerContext ioLimits(final IoLimits limits) {
        this.ioLimits = limits;
        return this;
    }

    public IoLimits ioLimits() {
        return ioLimits;
    }

    public BrokerContext coreLimits(final CoreLimits limits) {
        this.coreLimits = limits;
        return this;
    }

    public CoreLimits coreLimits() {
        return coreLimits;
    }

    public Counters counters() {
        return counters;
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
}
