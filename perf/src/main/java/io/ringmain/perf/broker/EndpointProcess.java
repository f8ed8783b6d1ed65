package io.ringmain.perf.broker;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server of this module, in a process of its own, that does next to nothing: what is measured beside it is the rest. */
public final class EndpointProcess implements AutoCloseable {
    private final Process process;
    private final int port;

    private EndpointProcess(final Process process, final int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts it; it serves when this returns.
     *
     * @param main whose main method prints its port, as the first line, when it serves. It needs the JDK alone.
     */
    static EndpointProcess start(final Class<?> main, final String... flags) throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", classPath(main), main.getName()));
        final Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        final BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        final String line = out.readLine();
        if (line == null) {
            process.destroyForcibly();
            throw new IOException(main.getSimpleName() + " doesn't start");
        }
        return new EndpointProcess(process, Integer.parseInt(line));
    }

    private static String classPath(final Class<?> main) throws IOException {
        try {
            return Path.of(main.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (final URISyntaxException ex) {
            throw new IOException(ex);
        }
    }

    public int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** CPU time of the process so far, in steps of 10 ms. */
    public double cpuSeconds() {
        return MeasuredBroker.cpuSeconds(process.pid());
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
