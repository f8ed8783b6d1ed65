package io.ringmain.perf.broker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The least that takes a message by HTTP: the JDK's server on one thread, in a process of its own, which reads the body
 * of a POST, does nothing with it, and answers 204.
 */
public final class HttpEndpoint implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private final Process process;
    private final int port;

    private HttpEndpoint(final Process process, final int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it on a free port of loopback; it serves when this returns. */
    public static HttpEndpoint start() throws IOException {
        final Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // Without it an answer may wait for the other side's delayed acknowledgement.
                        "-Dsun.net.httpserver.nodelay=true",
                        "-cp",
                        classPath(),
                        HttpEndpoint.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        final BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        final String line = out.readLine();
        if (line == null) {
            process.destroyForcibly();
            throw new IOException("the HTTP endpoint doesn't start");
        }
        return new HttpEndpoint(process, Integer.parseInt(line));
    }

    private static String classPath() throws IOException {
        try {
            return Path.of(HttpEndpoint.class
                            .getProtectionDomain()
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

    /** CPU time of the process so far, in steps of 10 ms. */
    public double cpuSeconds() {
        return MeasuredBroker.cpuSeconds(process.pid());
    }

    /** Serves until the process is killed; prints its port. */
    public static void main(final String[] args) throws IOException {
        final HttpServer server = HttpServer.create(new InetSocketAddress(BrokerProcess.HOST, 0), BACKLOG);
        server.createContext("/", HttpEndpoint::take);
        server.start();
        System.out.println(server.getAddress().getPort());
    }

    private static void take(final HttpExchange exchange) throws IOException {
        try (InputStream body = exchange.getRequestBody()) {
            body.readAllBytes();
        }
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
