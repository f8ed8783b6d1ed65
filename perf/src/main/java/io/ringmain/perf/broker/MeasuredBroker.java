package io.ringmain.perf.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A broker to measure: one that was started for it and ends with {@link #close}, or one that runs already. */
public final class MeasuredBroker implements AutoCloseable {
    /** Starts brokers of ours on data that is there. */
    @FunctionalInterface
    public interface Launcher {
        /** Starts one, and waits for nothing. */
        BrokerProcess launch(int port) throws IOException;

        /** Ends cleanly the one that has made the data. */
        default void stop() throws IOException {}
    }

    /**
     * Where clients connect.
     *
     * @param tlsPort {@link #NO_PORT} if it has none, or none is known.
     * @param tlsProvider whose TLS it speaks there, for tables.
     */
    private record Address(String host, int port, int tlsPort, String tlsProvider) {}

    private record OnData(BrokerProcess process, BrokerOptions options, Path data, List<String> settings)
            implements Launcher {
        @Override
        public BrokerProcess launch(final int port) throws IOException {
            return options.launch(data, port, settings);
        }

        @Override
        public void stop() throws IOException {
            process.terminate();
        }

        void end() throws IOException {
            process.close();
            BrokerOptions.delete(data);
        }
    }

    /** What is done with the process and its files when the measurement is over. */
    @FunctionalInterface
    private interface Ending {
        void end() throws IOException;
    }

    static final int NO_PORT = 0;

    private static final long NO_PID = -1;

    private final String name;
    private final String settings;
    private final Address address;
    private final long pid;
    private final MemoryProbe memory;
    private final Launcher again;
    private final Ending ending;

    private MeasuredBroker(
            final String name,
            final String settings,
            final Address address,
            final long pid,
            final MemoryProbe memory,
            final Launcher again,
            final Ending ending) {
        this.name = name;
        this.settings = settings;
        this.address = address;
        this.pid = pid;
        this.memory = memory;
        this.again = again;
        this.ending = ending;
    }

    /** Starts a broker of ours on an empty directory, which goes with it. */
    public static MeasuredBroker start(final String name, final BrokerOptions options, final List<String> settings)
            throws IOException {
        return start(name, options, settings, null);
    }

    /**
     * As that, with a second listener.
     *
     * @param tls for a listener beside the one without; null for none.
     */
    public static MeasuredBroker start(
            final String name, final BrokerOptions options, final List<String> ownSettings, final TlsFiles tls)
            throws IOException {
        final Path data = options.newData();
        try {
            final List<String> settings = new ArrayList<>(ownSettings);
            if (tls != null) {
                settings.addAll(options.tlsListener(tls));
            }
            final BrokerProcess process = options.start(data, settings);
            final OnData ours = new OnData(process, options, data, settings);
            return new MeasuredBroker(
                    name,
                    options.text(settings),
                    new Address(
                            BrokerProcess.HOST,
                            process.port(),
                            process.tlsPort(),
                            tls == null ? "none" : options.tlsProvider()),
                    process.pid(),
                    () -> BrokerMemory.measure(process.pid()),
                    ours,
                    ours::end);
        } catch (final IOException ex) {
            BrokerOptions.delete(data);
            throw ex;
        }
    }

    static MeasuredBroker start(final String name, final MosquittoProcess process) {
        return new MeasuredBroker(
                name,
                MosquittoProcess.SETTINGS,
                new Address(BrokerProcess.HOST, process.port(), process.tlsPort(), "OpenSSL"),
                process.pid(),
                () -> BrokerMemory.ofProcess(process.pid()),
                MeasuredBroker::refuse,
                process::close);
    }

    /** No broker, but something that stands for one in the few things that it does. */
    static MeasuredBroker start(final String name, final EndpointProcess process) {
        return new MeasuredBroker(
                name,
                "none",
                new Address(BrokerProcess.HOST, process.port(), NO_PORT, "none"),
                process.pid(),
                () -> BrokerMemory.ofProcess(process.pid()),
                MeasuredBroker::refuse,
                process::close);
    }

    /** Any broker; nothing is known of its process, and it isn't ended. */
    public static MeasuredBroker running(final String name, final String host, final int port) {
        return running(name, host, port, NO_PORT);
    }

    /** @param tlsPort {@link #NO_PORT} if none is known. */
    static MeasuredBroker running(final String name, final String host, final int port, final int tlsPort) {
        return new MeasuredBroker(
                name,
                "unknown",
                new Address(host, port, tlsPort, "unknown"),
                NO_PID,
                () -> BrokerMemory.UNKNOWN,
                MeasuredBroker::refuse,
                () -> {});
    }

    private static BrokerProcess refuse(final int port) {
        throw new UnsupportedOperationException("not a broker of ours");
    }

    /** For tables. */
    public String name() {
        return name;
    }

    /** For tables: what isn't the default of a broker of ours, in words of another. */
    public String settings() {
        return settings;
    }

    public String host() {
        return address.host;
    }

    public int port() {
        return address.port;
    }

    /** Whether it is known where it speaks TLS. */
    public boolean hasTls() {
        return address.tlsPort != NO_PORT;
    }

    /** Whose TLS it speaks, for tables. */
    public String tlsProvider() {
        return address.tlsProvider;
    }

    /** The same broker with the port where it speaks TLS for {@link #port}; not to be closed. */
    public MeasuredBroker overTls() {
        final Address encrypted = new Address(address.host, address.tlsPort, address.tlsPort, address.tlsProvider);
        return new MeasuredBroker(name, settings, encrypted, pid, memory, again, () -> {});
    }

    /** Looks at its memory, garbage collected before if there is a collector. */
    public MemoryProbe memory() {
        return memory;
    }

    /** To stop it and start others on its data. Launching fails for a broker that isn't ours. */
    public Launcher again() {
        return again;
    }

    /** CPU time that it has taken so far, in steps of 10 ms; not a number where the process isn't known. */
    public double cpuSeconds() {
        return pid == NO_PID ? Double.NaN : cpuSeconds(pid);
    }

    static double cpuSeconds(final long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .map(Duration::toNanos)
                .map(ns -> ns / 1e9)
                .orElse(Double.NaN);
    }

    @Override
    public void close() throws IOException {
        ending.end();
    }
}
