package io.ringmain.engine.io;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
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

    private static long nowNs;

    private DescriptorsRunOut() {}

    public static void main(final String[] args) throws IOException {
        final NioTransport transport = new NioTransport(() -> nowNs);
        final InetSocketAddress address = (InetSocketAddress) transport.listen(
                new ListenerConfig("test", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        final Seen seen = new Seen();
        final SocketChannel first = SocketChannel.open(address);
        final SocketChannel second = SocketChannel.open();
        // The classes are there from here on; to load one takes a descriptor.
        while (seen.accepted == 0) {
            transport.poll(seen, 10);
        }
        say("first", seen);
        final List<FileInputStream> files = useUpDescriptors();
        second.connect(address);
        while (seen.failed == 0) {
            transport.poll(seen, 10);
        }
        say("out of descriptors", seen);
        for (int i = 0; i < 100; i++) {
            transport.poll(seen, 1);
        }
        say("resting", seen);
        nowNs += NioTransport.ACCEPT_PAUSE_NS;
        transport.poll(seen, 0);
        transport.poll(seen, 0);
        say("tried again", seen);
        for (final FileInputStream file : files) {
            file.close();
        }
        nowNs += NioTransport.ACCEPT_PAUSE_NS;
        transport.poll(seen, 0);
        say("enough again", seen);
        first.close();
        second.close();
        transport.close();
    }

    private static List<FileInputStream> useUpDescriptors() {
        final List<FileInputStream> files = new ArrayList<>();
        while (true) {
            try {
                files.add(new FileInputStream("/dev/null"));
            } catch (final IOException ex) {
                return files;
            }
        }
    }

    private static void say(final String when, final Seen seen) {
        System.out.println(when + ": accepted " + seen.accepted + ", failed " + seen.failed);
    }
}
