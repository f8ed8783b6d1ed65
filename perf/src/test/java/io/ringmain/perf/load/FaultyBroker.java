package io.ringmain.perf.load;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A broker for QoS 0 and short packets that passes on what it gets to the last that subscribed to the topic; but of each
 * topic it loses the fourth message, doubles the sixth, and swaps the eighth and the ninth.
 */
final class FaultyBroker implements AutoCloseable {
    private static final int LOST = 3;
    private static final int DOUBLED = 5;
    private static final int DELAYED = 7;
    private static final int CONNECT = 1;
    private static final int PUBLISH = 3;
    private static final int SUBSCRIBE = 8;

    /** With one publisher, and one subscriber that was there before it published. */
    private static final class Topic {
        private volatile OutputStream subscriber;
        private byte[] delayed;
        private int count;
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new ArrayList<>();
    private final Map<String, Topic> topics = new ConcurrentHashMap<>();
    private volatile String refused;
    private volatile boolean confuses;

    FaultyBroker() throws IOException {
        start(this::accept);
    }

    /** Closes the connections of clients whose ids end like that. */
    FaultyBroker refuse(final String endOfId) {
        refused = endOfId;
        return this;
    }

    /** Takes all topics for one. */
    FaultyBroker confuse() {
        confuses = true;
        return this;
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
            case CONNECT -> onConnect(packet, out);
            case SUBSCRIBE -> {
                topic(packet, 4).subscriber = out;
                out.write(new byte[] {(byte) 0x90, 3, packet[2], packet[3], 0});
            }
            case PUBLISH -> onPublish(topic(packet, 2), packet);
            default -> throw new IOException("not for this broker");
        }
    }

    /** The id is the last thing in the packet. */
    private void onConnect(final byte[] packet, final OutputStream out) throws IOException {
        if (refused != null && new String(packet, StandardCharsets.ISO_8859_1).endsWith(refused)) {
            out.close();
        } else {
            out.write(new byte[] {0x20, 2, 0, 0});
        }
    }

    /** The one whose name stands at an offset of a packet. */
    private Topic topic(final byte[] packet, final int at) {
        final String name = confuses ? "" : new String(packet, at + 2, packet[at + 1], StandardCharsets.UTF_8);
        return topics.computeIfAbsent(name, key -> new Topic());
    }

    private static void onPublish(final Topic topic, final byte[] packet) throws IOException {
        final int number = topic.count++;
        if (number == DELAYED) {
            topic.delayed = packet;
            return;
        }
        if (number != LOST) {
            topic.subscriber.write(packet);
        }
        if (number == DOUBLED) {
            topic.subscriber.write(packet);
        }
        if (number == DELAYED + 1) {
            topic.subscriber.write(topic.delayed);
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
