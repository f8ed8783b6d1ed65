package io.ringmain.ops.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A broker in a process of its own, as the launcher would start it. */
final class BrokerProcess implements AutoCloseable {
    private static final long START_TIMEOUT_S = 60;

    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final Thread reader;
    private volatile int port;

    private BrokerProcess(final Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "broker-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a broker on a free port and waits until it serves. */
    static BrokerProcess start(final Path data, final String... options) throws Exception {
        final BrokerProcess broker = launch(data, options);
        broker.awaitReady();
        return broker;
    }

    /** Starts a broker that may not come up. */
    static BrokerProcess launch(final Path data, final String... options) throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(System.getProperty("ringmain.jvm.args").trim().split("\\s+")));
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of("io.ringmain.ops.Ringmain", "serve", "--data", data.toString()));
        if (!List.of(options).contains("-p")) {
            command.addAll(List.of("-p", "0"));
        }
        command.addAll(List.of(options));
        return new BrokerProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                if (line.startsWith("ready ")) {
                    port = Integer.parseInt(
                            line.substring(line.lastIndexOf(':') + 1).trim());
                }
            }
        } catch (final IOException ignored) {
            // The process is gone; what it said is in the list.
        }
    }

    private void awaitReady() throws Exception {
        Await.until(
                TimeUnit.SECONDS.toMillis(START_TIMEOUT_S),
                () -> port != 0 || !process.isAlive(),
                () -> "the broker did not start: " + output);
        if (port == 0) {
            reader.join(TimeUnit.SECONDS.toMillis(5));
            throw new AssertionError("the broker ended with " + process.exitValue() + ": " + output);
        }
    }

    int port() {
        return port;
    }

    String uri() {
        return "tcp://127.0.0.1:" + port;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** SIGTERM; returns the exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        return exitCode(15);
    }

    int exitCode(final long timeoutS) throws InterruptedException {
        if (!process.waitFor(timeoutS, TimeUnit.SECONDS)) {
            throw new AssertionError("the broker did not end: " + output);
        }
        reader.join(TimeUnit.SECONDS.toMillis(5));
        return process.exitValue();
    }

    /** All it has said so far. */
    String output() {
        return String.join("\n", output);
    }

    @Override
    public void close() {
        kill();
    }
}
