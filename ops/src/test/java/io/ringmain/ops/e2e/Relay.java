package io.ringmain.ops.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A wire between client and broker that can be cut: how a client of any make vanishes without a goodbye. */
final class Relay implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    Relay(final int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getByName(BrokerProcess.HOST));
        daemon(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            final Socket client = listener.accept();
            final Socket broker = new Socket(BrokerProcess.HOST, target);
            client.setTcpNoDelay(true);
            broker.setTcpNoDelay(true);
            sockets.addAll(List.of(client, broker));
            daemon(() -> pump(client, broker));
            daemon(() -> pump(broker, client));
        }
    }

    private static void pump(final Socket from, final Socket to) throws IOException {
        try (from;
                to) {
            final InputStream in = from.getInputStream();
            final OutputStream out = to.getOutputStream();
            final byte[] bytes = new byte[64 << 10];
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                out.write(bytes, 0, n);
            }
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void daemon(final Task task) {
        final Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (final IOException ignored) {
                // Cut, or the relay is closed.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** Both sides see the end of the connection; nothing more passes. */
    void cut() throws IOException {
        for (final Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
