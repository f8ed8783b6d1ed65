package io.ringmain.perf.broker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;

/**
 * The least that takes a message by HTTP: the JDK's server on one thread, in a process of its own, which reads the body
 * of a POST, does nothing with it, and answers 204.
 */
public final class HttpEndpoint {
    private static final int BACKLOG = 1024;

    private HttpEndpoint() {}

    /** Starts it on a free port of loopback; it serves when this returns. */
    public static EndpointProcess start() throws IOException {
        // Without it an answer may wait for the other side's delayed acknowledgement.
        return EndpointProcess.start(HttpEndpoint.class, "-Dsun.net.httpserver.nodelay=true");
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
}
