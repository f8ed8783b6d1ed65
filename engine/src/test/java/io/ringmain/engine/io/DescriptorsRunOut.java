package io.ringmain.engine.io;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A process of its own that uses up its file descriptors, and says what its transport makes of that. */
final class DescriptorsRunOut {
    private static final class Seen implements Transport.Handler {
        int accepted;
        int failed;

        @Override
        public void onAccept(final Channel socket, final ListenerConfig listener) {
            accepted++;
            socket.close();
        }

        @Override
        public void onAcceptFailed(final ListenerConfig listener, final IOException cause) {
            failed++;
        }

        @Override
        public void onReadable(final Connection connection) {}

        @Override
        public void onWritable(final Connection connection) {}
    }

    private static final int CLIENTS = 20;

    private static long nowNs;

    private DescriptorsRunOut() {}

    public static void main(final String[] args) throws IOException {
        final NioTransport transport = new NioTransport(() -> nowNs);
        final InetSocketAddress address = (InetSocketAddress) transport.listen(
                new ListenerConfig("test", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        final Seen seen = new Seen();
        final Deque<SocketChannel> clients = new ArrayDeque<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(SocketChannel.open());
        }
        // The classes are there from here on; to load one takes a descriptor.
        clients.remove().connect(address);
        while (seen.accepted == 0) {
            transport.poll(seen, 10);
        }
        say("first", seen.failed == 0);
        final List<FileInputStream> files = new ArrayList<>();
        final int failed = fail(transport, address, clients, files, seen);
        say("out of descriptors", failed == 1);
        for (int i = 0; i < 100; i++) {
            transport.poll(seen, 1);
        }
        say("resting", seen.failed == failed);
        nowNs += NioTransport.ACCEPT_PAUSE_NS;
        say("tried again", fail(transport, address, clients, files, seen) == failed + 1);
        for (final FileInputStream file : files) {
            file.close();
        }
        final int accepted = seen.accepted;
        nowNs += NioTransport.ACCEPT_PAUSE_NS;
        transport.poll(seen, 0);
        say("enough again", seen.accepted == accepted + 1 && seen.failed == failed + 1);
        transport.close();
    }

    /**
     * Has a client that can't be accepted. The JVM's own threads open files as well: one that is closed in between is a
     * descriptor for that client, who is accepted then, and the next is tried.
     *
     * @return how often accepting has failed, this time included.
     */
    private static int fail(
            final NioTransport transport,
            final InetSocketAddress address,
            final Deque<SocketChannel> clients,
            final List<FileInputStream> files,
            final Seen seen)
            throws IOException {
        final int before = seen.failed;
        while (seen.failed == before) {
            useUpDescriptors(files);
            if (seen.accepted == CLIENTS - clients.size()) {
                clients.remove().connect(address);
            }
            transport.poll(seen, 10);
        }
        return seen.failed;
    }

    private static void useUpDescriptors(final List<FileInputStream> files) {
        try {
            while (true) {
                files.add(new FileInputStream("/dev/null"));
            }
        } catch (final IOException ex) {
            return;
        }
    }

    private static void say(final String when, final boolean isAsExpected) {
        System.out.println(when + ": " + isAsExpected);
    }
}
