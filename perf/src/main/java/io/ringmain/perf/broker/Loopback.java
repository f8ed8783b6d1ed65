package io.ringmain.perf.broker;

import java.io.IOException;
import java.net.ServerSocket;

/** Ports of this machine's own interface. */
public final class Loopback {
    private Loopback() {}

    /** A port that nobody listens on at the moment; somebody else may take it before the caller does. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** As {@link #freePort}, another one than that. */
    static int freePortBeside(final int port) throws IOException {
        int other = freePort();
        while (other == port) {
            other = freePort();
        }
        return other;
    }
}
