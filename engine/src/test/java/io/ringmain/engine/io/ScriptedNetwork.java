package io.ringmain.engine.io;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The network of one agent, on the thread of the test: reports what a selector would, of clients that the test plays. */
final class ScriptedNetwork implements Transport {
    private static final ListenerConfig LISTENER = new ListenerConfig("test", new InetSocketAddress(0));

    /** A client: what it has sent comes one part with each read. */
    static final class Client implements Channel {
        private final ArrayDeque<ByteBuffer> sent = new ArrayDeque<>();
        private Connection connection;
        private boolean ended;
        private boolean isReading = true;
        private Runnable whileRead = () -> {};
        private boolean closed;

        Client send(final byte[] bytes) {
            sent.add(ByteBuffer.wrap(bytes));
            return this;
        }

        /** The client closes its connection, behind what it has sent. */
        void end() {
            ended = true;
        }

        /** What other threads do while the next read goes on. */
        void whileRead(final Runnable action) {
            whileRead = action;
        }

        Connection connection() {
            return connection;
        }

        boolean isClosed() {
            return closed;
        }

        /** Parts that nobody has read yet. */
        int unread() {
            return sent.size();
        }

        @Override
        public int read(final ByteBuffer target) {
            final ByteBuffer bytes = sent.poll();
            if (bytes == null) {
                return ended ? -1 : 0;
            }
            final int length = bytes.remaining();
            target.put(bytes);
            final Runnable action = whileRead;
            whileRead = () -> {};
            action.run();
            return length;
        }

        @Override
        public int write(final ByteBuffer source) throws IOException {
            final int length = source.remaining();
            source.position(source.limit());
            return length;
        }

        @Override
        public void interest(final boolean read, final boolean write) {
            isReading = read;
        }

        @Override
        public String peer() {
            return "client";
        }

        @Override
        public String address() {
            return null;
        }

        @Override
        public void release() {
            throw new IllegalStateException("there is one agent");
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final List<Client> clients = new ArrayList<>();

    /** A client connects to the agent of this network. */
    Client connect(final IoAgent agent) {
        final Client client = new Client();
        agent.onAccept(client, LISTENER);
        return client;
    }

    @Override
    public int poll(final Handler handler, final long timeoutMs) {
        int reports = 0;
        for (final Client client : clients) {
            if (client.isReading && !client.closed && (!client.sent.isEmpty() || client.ended)) {
                handler.onReadable(client.connection);
                reports++;
            }
        }
        return reports;
    }

    @Override
    public void adopt(final Channel channel, final Connection connection) {
        final Client client = (Client) channel;
        client.connection = connection;
        clients.add(client);
    }

    @Override
    public void stopAccepting() {}

    @Override
    public void wakeup() {}

    @Override
    public void close() {}
}
