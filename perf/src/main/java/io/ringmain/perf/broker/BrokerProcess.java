package io.ringmain.perf.broker;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One run of {@code ringmain serve} on a free port of loopback, with the flags that the launcher gives it. */
public final class BrokerProcess implements AutoCloseable {
    public static final String HOST = "127.0.0.1";

    /** Property with the file of shared classes that the launcher gives to a broker as well; not set if there is none. */
    private static final String CLASSES = "ringmain.classes";

    private static final Pattern LISTENER = Pattern.compile(" mqtt://\\S+:(\\d+)");
    private static final Pattern TLS_LISTENER = Pattern.compile(" mqtts://\\S+:(\\d+)");
    private static final long STOP_TIMEOUT_S = 60;
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /** A line that the broker wrote, and when it arrived here, milliseconds after the start of the process. */
    public record Line(long afterMs, String text) {}

    private final Process process;
    private final long startedNs;
    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private final Thread reader;
    private volatile int port;
    private volatile int tlsPort;

    private BrokerProcess(final Process process, final long startedNs) {
        this.process = process;
        this.startedNs = startedNs;
        this.reader = new Thread(this::readLines, "broker-output");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a broker and returns at once.
     *
     * @param home root of the source tree or of the installation.
     * @param port to listen on, 0 for a free one.
     * @param jvmFlags behind those of {@code ops/conf}.
     * @param settings {@code key=value} of the configuration.
     */
    public static BrokerProcess start(
            final Path home, final Path data, final int port, final List<String> jvmFlags, final List<String> settings)
            throws IOException {
        final Path ops = home.resolve("ops");
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + ops.resolve("conf/jdk.options"));
        command.add("@" + ops.resolve("conf/jvm.options"));
        final String classes = System.getProperty(CLASSES);
        if (classes != null) {
            command.add("-XX:SharedArchiveFile=" + classes);
        }
        command.addAll(jvmFlags);
        command.addAll(List.of("-cp", ops.resolve("target/ringmain-ops.jar") + ":" + ops.resolve("target/lib") + "/*"));
        command.addAll(List.of("io.ringmain.ops.Ringmain", "serve", "--data", data.toString()));
        // In place of --port, which is refused where the settings have listeners.
        command.addAll(List.of("--set", "listeners.local.bind=" + HOST + ":" + port));
        for (final String setting : settings) {
            command.addAll(List.of("--set", setting));
        }
        final long nowNs = System.nanoTime();
        return new BrokerProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start(), nowNs);
    }

    private void readLines() {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(new Line(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNs), line));
                if (line.startsWith("ready ")) {
                    // The port last: it tells that the broker is ready.
                    tlsPort = port(TLS_LISTENER, line);
                    port = port(LISTENER, line);
                }
            }
        } catch (final IOException ignored) {
            // The process is gone; what it said is in the list.
        }
    }

    private static int port(final Pattern listener, final String line) {
        final Matcher matcher = listener.matcher(line);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : MeasuredBroker.NO_PORT;
    }

    /** Waits until it serves. */
    public BrokerProcess awaitReady(final long timeoutS) throws IOException {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutS);
        while (port == 0) {
            checkAlive();
            if (System.nanoTime() > deadlineNs) {
                throw new IOException("the broker is not ready after " + timeoutS + " s:\n" + output());
            }
            LockSupport.parkNanos(POLL_NS);
        }
        return this;
    }

    /** @throws IOException with what it said, if it has ended. */
    public void checkAlive() throws IOException {
        if (!process.isAlive()) {
            joinReader();
            throw new IOException("the broker ended with " + process.exitValue() + ":\n" + output());
        }
    }

    public int port() {
        return port;
    }

    /** {@link MeasuredBroker#NO_PORT} without a listener for TLS. */
    int tlsPort() {
        return tlsPort;
    }

    public long pid() {
        return process.pid();
    }

    /** CPU time of the process so far, of all its threads; less than the wall clock says when others want the cores. */
    public double cpuSeconds() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
    }

    /** When the process was started, by {@link System#nanoTime}. */
    public long startedNs() {
        return startedNs;
    }

    public List<Line> lines() {
        return lines;
    }

    public String output() {
        return String.join("\n", lines.stream().map(Line::text).toList());
    }

    /** SIGTERM; waits for the end and returns the exit code. */
    public int terminate() throws IOException {
        // Process.destroy() would close the pipe as well, and what the broker says while it stops would be lost.
        process.toHandle().destroy();
        try {
            if (!process.waitFor(STOP_TIMEOUT_S, TimeUnit.SECONDS)) {
                throw new IOException("the broker did not end:\n" + output());
            }
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ex);
        }
        joinReader();
        return process.exitValue();
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
        joinReader();
    }

    private void joinReader() {
        try {
            reader.join(TimeUnit.SECONDS.toMillis(5));
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether {@link #start} will find the broker there. */
    public static boolean isBuilt(final Path home) {
        return Files.isRegularFile(home.resolve("ops/target/ringmain-ops.jar"))
                && Files.isDirectory(home.resolve("ops/target/lib"));
    }

    @Override
    public void close() {
        kill();
    }
}
