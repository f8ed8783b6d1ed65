package io.ringmain.perf.load;

import java.io.BufferedInputStream;
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
import java.util.concurrent.CountDownLatch;

/**
 * A broker for short packets that passes on what it gets to the last that subscribed to the topic, with the QoS and the
 * packet id that it came with, and acknowledges all of it; but of each topic it loses the fourth message, doubles the
 * sixth, and swaps the eighth and the ninth.
 */
final class FaultyBroker implements AutoCloseable {
    private static final int LOST = 3;
    private static final int DOUBLED = 5;
    private static final int DELAYED = 7;
    private static final int CONNECT = 1;
    private static final int PUBLISH = 3;
    private static final int PUBACK = 4;
    private static final int PUBREC = 5;
    private static final int PUBREL = 6;
    private static final int PUBCOMP = 7;
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
    private volatile boolean isFaultless;
    private volatile boolean doublesAll;
    private volatile CountDownLatch running = new CountDownLatch(0);

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

    /** Passes on everything twice, and that is all. */
    FaultyBroker doubleAll() {
        doublesAll = true;
        return this;
    }

    /** Loses, doubles and swaps nothing. */
    FaultyBroker faultless() {
        isFaultless = true;
        return this;
    }

    /** Stands still as soon as a message comes, as a process does that was stopped. */
    FaultyBroker stop() {
        running = new CountDownLatch(1);
        return this;
    }

    /** Goes on. */
    void resume() {
        running.countDown();
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
            final DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            while (true) {
                final byte[] head = {in.readByte(), in.readByte()};
                final byte[] packet = Arrays.copyOf(head, 2 + head[1]);
                in.readFully(packet, 2, head[1]);
                onPacket(packet, socket.getOutputStream());
            }
        } catch (final EOFException ignored) {
            // The client is gone.
        } catch (final InterruptedException ignored) {
            Thread.currentThread().interrupt();
        } catch (final IOException ignored) {
            // Closed.
        }
    }

    private void onPacket(final byte[] packet, final OutputStream out) throws IOException, InterruptedException {
        switch ((packet[0] & 0xFF) >> 4) {
            case CONNECT -> onConnect(packet, out);
            case SUBSCRIBE -> {
                topic(packet, 4).subscriber = out;
                out.write(new byte[] {(byte) 0x90, 3, packet[2], packet[3], 0});
            }
            case PUBLISH -> {
                running.await();
                onPublish(topic(packet, 2), packet);
                acknowledge(packet, out);
            }
            case PUBREC -> answer(PUBREL << 4 | 2, packet, 2, out);
            case PUBREL -> answer(PUBCOMP << 4, packet, 2, out);
            case PUBACK, PUBCOMP -> {
                // All is well.
            }
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

    private static void acknowledge(final byte[] packet, final OutputStream out) throws IOException {
        final int qos = packet[0] >> 1 & 3;
        if (qos > 0) {
            answer((qos == 1 ? PUBACK : PUBREC) << 4, packet, 4 + packet[3], out);
        }
    }

    /** @param packetIdAt offset in the packet that is answered. */
    private static void answer(final int head, final byte[] packet, final int packetIdAt, final OutputStream out)
            throws IOException {
        out.write(new byte[] {(byte) head, 2, packet[packetIdAt], packet[packetIdAt + 1]});
    }

    /** The one whose name stands at an offset of a packet. */
    private Topic topic(final byte[] packet, final int at) {
        final String name = confuses ? "" : new String(packet, at + 2, packet[at + 1], StandardCharsets.UTF_8);
        return topics.computeIfAbsent(name, key -> new Topic());
    }

    private void onPublish(final Topic topic, final byte[] packet) throws IOException {
        if (isFaultless || doublesAll) {
            topic.subscriber.write(packet);
            if (doublesAll) {
                topic.subscriber.write(packet);
            }
            return;
        }
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
