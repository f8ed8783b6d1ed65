package io.ringmain.ops.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * A broker in a process of its own, as the launcher would start it. With the system property
 * {@code ringmain.e2e.broker=127.0.0.1:PORT} a broker that runs already is used instead, one of another make too: that
 * shows whether a test asks for MQTT or for Ringmain. What needs the process itself is skipped then.
 */
final class BrokerProcess implements AutoCloseable {
    static final String HOST = "127.0.0.1";

    private static final String EXTERNAL = System.getProperty("ringmain.e2e.broker", "");
    private static final Pattern LISTENER = Pattern.compile("([a-z]+)://[^ ]*?:([0-9]+)(?=[ /]|$)");
    private static final long START_TIMEOUT_S = 60;
    private static final int EXIT_TIMEOUT_S = 15;

    /** Null if somebody else runs the broker. */
    private final Process process;

    private final List<String> output = new CopyOnWriteArrayList<>();
    private final Thread reader;
    private volatile String ready = "";
    private volatile int port;

    private BrokerProcess(final Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "broker-output");
        reader.setDaemon(true);
        reader.start();
    }

    private BrokerProcess(final int port) {
        this.process = null;
        this.reader = null;
        this.port = port;
    }

    /** Starts a broker on a free port and waits until it serves. */
    static BrokerProcess start(final Path data, final String... options) throws Exception {
        return start(List.of(), data, options);
    }

    /** Starts a broker with more flags for its JVM. */
    static BrokerProcess start(final List<String> jvmFlags, final Path data, final String... options) throws Exception {
        if (!EXTERNAL.isEmpty()) {
            return external();
        }
        final BrokerProcess broker = run(jvmFlags, data, options);
        broker.awaitReady();
        return broker;
    }

    /** Starts a broker that the test will end or kill itself. */
    static BrokerProcess startOwn(final Path data, final String... options) throws Exception {
        assumeOwn();
        return start(data, options);
    }

    /** Starts a broker that may not come up. */
    static BrokerProcess launch(final Path data, final String... options) throws IOException {
        assumeOwn();
        return run(List.of(), data, options);
    }

    /** As {@link #launch}, by a command in front that runs it as somebody else or somewhere else. */
    static BrokerProcess launchWith(final List<String> prefix, final Path data, final String... options)
            throws IOException {
        assumeOwn();
        return run(prefix, List.of(), data, options);
    }

    private static BrokerProcess external() {
        final String[] parts = EXTERNAL.split(":");
        if (parts.length != 2 || !parts[0].equals(HOST)) {
            throw new IllegalArgumentException("ringmain.e2e.broker=" + EXTERNAL + ", expected " + HOST + ":PORT");
        }
        return new BrokerProcess(Integer.parseInt(parts[1]));
    }

    private static BrokerProcess run(final List<String> jvmFlags, final Path data, final String... options)
            throws IOException {
        return run(List.of(), jvmFlags, data, options);
    }

    private static BrokerProcess run(
            final List<String> prefix, final List<String> jvmFlags, final Path data, final String... options)
            throws IOException {
        final List<String> command = new ArrayList<>(prefix);
        command.addAll(java());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC"));
        command.addAll(jvmFlags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.ringmain.ops.Ringmain"));
        command.addAll(List.of("serve", "--data", data.toString()));
        final String given = String.join(" ", options);
        if (!given.contains("-p ") && !given.contains("-c ") && !given.contains("listeners.")) {
            command.addAll(List.of("-p", "0"));
        }
        command.addAll(List.of(options));
        return new BrokerProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** The Java of this test with the flags that Ringmain needs. */
    static List<String> java() {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(System.getProperty("ringmain.jvm.args").trim().split("\\s+")));
        return command;
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                if (line.startsWith("ready ")) {
                    ready = line;
                    port = portOf(LISTENER.matcher(line));
                }
            }
        } catch (final IOException ignored) {
            // The process is gone; what it said is in the list.
        }
    }

    void awaitReady() throws Exception {
        Await.until(
                TimeUnit.SECONDS.toMillis(START_TIMEOUT_S),
                () -> port != 0 || !process.isAlive(),
                () -> "the broker did not start: " + output);
        if (port == 0) {
            reader.join(TimeUnit.SECONDS.toMillis(5));
            throw new AssertionError("the broker ended with " + process.exitValue() + ": " + output);
        }
    }

    private static void assumeOwn() {
        Assumptions.assumeTrue(EXTERNAL.isEmpty(), "needs a broker process of its own");
    }

    private Process process() {
        assumeOwn();
        return process;
    }

    int port() {
        return port;
    }

    /** Ports of all listeners, in the order of their names. */
    List<Integer> ports() {
        return LISTENER.matcher(ready)
                .results()
                .map(listener -> Integer.valueOf(listener.group(2)))
                .toList();
    }

    private static int portOf(final Matcher listener) {
        if (!listener.find()) {
            throw new AssertionError("no such listener");
        }
        return Integer.parseInt(listener.group(2));
    }

    /** Port of the first listener of this scheme, such as {@code ws}. */
    int port(final String scheme) {
        assumeOwn();
        return portOf(
                Pattern.compile(LISTENER.pattern().replace("[a-z]+", scheme)).matcher(ready));
    }

    long pid() {
        return process().pid();
    }

    boolean isAlive() {
        return process == null || process.isAlive();
    }

    /** Bytes of memory that are neither shared nor a mapped file; -1 where the system doesn't tell. */
    long anonymousBytes() throws IOException {
        final Path status = Path.of("/proc", String.valueOf(pid()), "status");
        if (!Files.isReadable(status)) {
            return -1;
        }
        for (final String line : Files.readAllLines(status)) {
            if (line.startsWith("RssAnon:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        return -1;
    }

    /** SIGKILL. */
    void kill() {
        process().destroyForcibly();
        process.onExit().join();
    }

    /** SIGTERM; returns the exit code. */
    int terminate() throws InterruptedException {
        // Process.destroy() would close the pipe as well, and what the broker says while it stops would be lost.
        process().toHandle().destroy();
        return exitCode(EXIT_TIMEOUT_S);
    }

    int exitCode(final long timeoutS) throws InterruptedException {
        if (!process().waitFor(timeoutS, TimeUnit.SECONDS)) {
            throw new AssertionError("the broker did not end: " + output);
        }
        reader.join(TimeUnit.SECONDS.toMillis(5));
        return process.exitValue();
    }

    /** All it has said so far. */
    String output() {
        return String.join("\n", output);
    }

    /** Kills what still runs. A test of a clean end calls {@link #terminate}. */
    @Override
    public void close() {
        if (process != null) {
            kill();
        }
    }
}
