package io.ringmain.perf.load;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A broker for QoS 0 and short packets that passes on what it gets, whatever the topic, to the last that subscribed; but
 * it loses the fourth message, doubles the sixth, and swaps the eighth and the ninth.
 */
final class FaultyBroker implements AutoCloseable {
    private static final int LOST = 3;
    private static final int DOUBLED = 5;
    private static final int DELAYED = 7;
    private static final int CONNECT = 1;
    private static final int PUBLISH = 3;
    private static final int SUBSCRIBE = 8;

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new ArrayList<>();
    private volatile OutputStream subscriber;
    private byte[] delayed;
    private int count;

    FaultyBroker() throws IOException {
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private static void start(final Runnable runnable) {
        final Thread thread = new Thread(runnable, "faulty-broker");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                final Socket socket = server.accept();
                synchronized (sockets) {
                    sockets.add(socket);
                }
                start(() -> serve(socket));
            }
        } catch (final IOException ignored) {
            // Closed.
        }
    }

    private void serve(final Socket socket) {
        try {
            final DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                final byte[] head = {in.readByte(), in.readByte()};
                final byte[] packet = Arrays.copyOf(head, 2 + head[1]);
                in.readFully(packet, 2, head[1]);
                onPacket(packet, socket.getOutputStream());
            }
        } catch (final EOFException ignored) {
            // The client is gone.
        } catch (final IOException ignored) {
            // Closed.
        }
    }

    private void onPacket(final byte[] packet, final OutputStream out) throws IOException {
        switch ((packet[0] & 0xFF) >> 4) {
            case CONNECT -> out.write(new byte[] {0x20, 2, 0, 0});
            case SUBSCRIBE -> {
                subscriber = out;
                out.write(new byte[] {(byte) 0x90, 3, packet[2], packet[3], 0});
            }
            case PUBLISH -> onPublish(packet);
            default -> throw new IOException("not for this broker");
        }
    }

    private void onPublish(final byte[] packet) throws IOException {
        final int number = count++;
        if (number == DELAYED) {
            delayed = packet;
            return;
        }
        if (number != LOST) {
            subscriber.write(packet);
        }
        if (number == DOUBLED) {
            subscriber.write(packet);
        }
        if (number == DELAYED + 1) {
            subscriber.write(delayed);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        synchronized (sockets) {
            for (final Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
