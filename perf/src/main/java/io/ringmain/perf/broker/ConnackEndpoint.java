package io.ringmain.perf.broker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * The least that lets an MQTT client in: one thread that gives each CONNECT the same CONNACK, doesn't look at what it
 * says, keeps nothing of it, and closes when anything else comes. A rate like its own says nothing of a broker: it is that
 * of the clients and the kernel.
 */
final class ConnackEndpoint {
    private static final int BACKLOG = 4096;
    private static final int BUFFER_LENGTH = 4096;
    private static final int CONNECT = 0x10;

    /** Session present 0, return code 0. */
    private static final byte[] CONNACK = {0x20, 2, 0, 0};

    private final ServerSocketChannel listener;
    private final Selector selector;
    private final ByteBuffer received = ByteBuffer.allocateDirect(BUFFER_LENGTH);
    private final ByteBuffer connack = ByteBuffer.allocateDirect(CONNACK.length).put(CONNACK);

    private ConnackEndpoint() throws IOException {
        selector = Selector.open();
        listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(BrokerProcess.HOST, 0), BACKLOG);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** Starts it on a free port of loopback; it serves when this returns. */
    static EndpointProcess start() throws IOException {
        return EndpointProcess.start(ConnackEndpoint.class);
    }

    /** Serves until the process is killed; prints its port. */
    public static void main(final String[] args) throws IOException {
        final ConnackEndpoint endpoint = new ConnackEndpoint();
        System.out.println(endpoint.listener.socket().getLocalPort());
        while (true) {
            endpoint.selector.select(endpoint::serve);
        }
    }

    private void serve(final SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else if (!answer((SocketChannel) key.channel())) {
                key.channel().close();
            }
        } catch (final IOException ex) {
            // The client has gone, and its key with the channel that the selector finds closed.
            key.cancel();
        }
    }

    private void accept() throws IOException {
        for (SocketChannel client = listener.accept(); client != null; client = listener.accept()) {
            client.configureBlocking(false);
            client.register(selector, SelectionKey.OP_READ);
        }
    }

    private boolean answer(final SocketChannel client) throws IOException {
        received.clear();
        if (client.read(received) <= 0 || received.get(0) != CONNECT) {
            return false;
        }
        connack.clear();
        client.write(connack);
        return true;
    }
}
