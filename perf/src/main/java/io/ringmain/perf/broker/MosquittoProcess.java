package io.ringmain.perf.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Debian's Mosquitto on a free port of loopback, as the broker to compare with. It logs nothing, stores nothing, and
 * bounds neither queues nor what is in flight, so that it is measured at its best.
 */
public final class MosquittoProcess implements AutoCloseable {
    /** In words, for the report. */
    static final String SETTINGS = "no log, no persistence, no bounds, no Nagle";

    private static final long READY_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(2);

    /** Debian puts it where only root's PATH looks. */
    private static final String SBIN = "/usr/sbin";

    private final Process process;
    private final Path configuration;
    private final int port;
    private final int tlsPort;

    private MosquittoProcess(final Process process, final Path configuration, final int port, final int tlsPort) {
        this.process = process;
        this.configuration = configuration;
        this.port = port;
        this.tlsPort = tlsPort;
    }

    /** Whether {@link #start} will find it. */
    public static boolean isInstalled() {
        return executable() != null;
    }

    /**
     * Starts it; it accepts connections when this returns, as many as the hard limit of open files allows.
     *
     * @param tls for a second listener, which speaks TLS; null for none.
     * @throws IOException when it isn't installed, with the name of the package, or doesn't start, with what it said.
     */
    public static MosquittoProcess start(final TlsFiles tls) throws IOException {
        final Path executable = executable();
        if (executable == null) {
            throw new IOException(
                    "mosquitto is not installed: apt-get install mosquitto (package mosquitto of Debian)");
        }
        final int port = Loopback.freePort();
        final int tlsPort = tls == null ? MeasuredBroker.NO_PORT : Loopback.freePortBeside(port);
        final Path configuration = Files.createTempFile("mosquitto-bench", ".conf");
        Files.writeString(configuration, configuration(port) + (tls == null ? "" : tlsListener(tlsPort, tls)));
        // The shell raises the limit for the process that takes its place, so that the pid is Mosquitto's.
        final String script = "ulimit -n \"$(ulimit -Hn)\"; exec \"$0\" -c \"$1\"";
        final Process process = new ProcessBuilder("sh", "-c", script, executable.toString(), configuration.toString())
                .redirectErrorStream(true)
                .start();
        final MosquittoProcess mosquitto = new MosquittoProcess(process, configuration, port, tlsPort);
        try {
            mosquitto.awaitReady(port);
            if (tls != null) {
                mosquitto.awaitReady(tlsPort);
            }
            return mosquitto;
        } catch (final IOException ex) {
            mosquitto.close();
            throw ex;
        }
    }

    private static Path executable() {
        final String path = System.getenv().getOrDefault("PATH", "") + ":" + SBIN;
        return Stream.of(path.split(":"))
                .map(directory -> Path.of(directory, "mosquitto"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /** As it says itself; unknown if it can't be asked. */
    public static String version() {
        final Path executable = executable();
        return executable == null ? "unknown" : Command.firstLine(executable.toString(), "-h");
    }

    private static String configuration(final int port) {
        // As root it would become another user, who need not be able to read what root may.
        return """
                listener %d 127.0.0.1
                user root
                allow_anonymous true
                log_type none
                max_queued_messages 0
                max_inflight_messages 0
                persistence false
                set_tcp_nodelay true
                """.formatted(port);
    }

    private static String tlsListener(final int port, final TlsFiles tls) {
        return """
                listener %d 127.0.0.1
                certfile %s
                keyfile %s
                """.formatted(port, tls.certificate(), tls.key());
    }

    private void awaitReady(final int port) throws IOException {
        final long deadlineNs = System.nanoTime() + READY_TIMEOUT_NS;
        while (true) {
            if (!process.isAlive()) {
                final String said = new String(process.getInputStream().readAllBytes());
                throw new IOException("mosquitto ended with " + process.exitValue() + ": " + said.strip());
            }
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (final IOException ex) {
                if (System.nanoTime() > deadlineNs) {
                    throw new IOException("mosquitto doesn't accept connections on port " + port, ex);
                }
                LockSupport.parkNanos(POLL_NS);
            }
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

    /** SIGKILL: nothing of it is to be kept. */
    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
        Files.deleteIfExists(configuration);
    }
}
