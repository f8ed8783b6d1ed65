package io.ringmain.perf.broker;

import java.io.IOException;
import java.time.Duration;

/** A broker to measure: one that was started for it and ends with {@link #close}, or one that runs already. */
public final class Target implements AutoCloseable {
    /** What is done with the processes and files when the measurement is over. */
    @FunctionalInterface
    public interface Ending {
        void end() throws IOException;
    }

    private static final long NO_PID = -1;

    private final String name;
    private final String host;
    private final int port;
    private final long pid;
    private final MemoryProbe memory;
    private final Ending ending;

    private Target(
            final String name,
            final String host,
            final int port,
            final long pid,
            final MemoryProbe memory,
            final Ending ending) {
        this.name = name;
        this.host = host;
        this.port = port;
        this.pid = pid;
        this.memory = memory;
        this.ending = ending;
    }

    /** A broker of ours. */
    static Target ringmain(final BrokerProcess process, final Ending ending) {
        return new Target(
                "ringmain",
                BrokerProcess.HOST,
                process.port(),
                process.pid(),
                () -> BrokerMemory.measure(process.pid()),
                ending);
    }

    static Target mosquitto(final MosquittoProcess process) {
        return new Target(
                "mosquitto",
                BrokerProcess.HOST,
                process.port(),
                process.pid(),
                () -> BrokerMemory.ofProcess(process.pid()),
                process::close);
    }

    /** Any broker; nothing is known of its process. */
    public static Target running(final String host, final int port) {
        return new Target(host + ":" + port, host, port, NO_PID, () -> BrokerMemory.UNKNOWN, () -> {});
    }

    public String name() {
        return name;
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    /** Looks at its memory, garbage collected before if there is a collector. */
    public MemoryProbe memory() {
        return memory;
    }

    /** CPU time that the process has taken so far, in steps of 10 ms; not a number where the process isn't known. */
    public double cpuSeconds() {
        return pid == NO_PID ? Double.NaN : cpuSeconds(pid);
    }

    static double cpuSeconds(final long pid) {
        return ProcessHandle.of(pid)
                        .flatMap(process -> process.info().totalCpuDuration())
                        .orElse(Duration.ZERO)
                        .toNanos()
                / 1e9;
    }

    @Override
    public void close() throws IOException {
        ending.end();
    }
}
