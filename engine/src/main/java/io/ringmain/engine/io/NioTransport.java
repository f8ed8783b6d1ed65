package io.ringmain.engine.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** TCP and Unix domain sockets over a selector. The agent that has the listeners accepts for all. */
public final class NioTransport implements Transport, Consumer<SelectionKey> {
    private static final int BACKLOG = 4096;
    private static final int ACCEPTS_PER_REPORT = 64;

    /** @param file of a Unix domain socket, else null. */
    private record Listener(ListenerConfig config, ServerSocketChannel channel, UnixSocketFile file) {}

    private final Selector selector;
    private final List<Listener> listeners = new ArrayList<>();
    private Handler handler;

    public NioTransport() {
        try {
            selector = Selector.open();
        } catch (final IOException ex) {
            throw new UncheckedIOException("can't open a selector", ex);
        }
    }

    /**
     * Opens a listener.
     *
     * @return the address, with the port that it got.
     * @throws UncheckedIOException when the address can't be used, naming listener and address.
     */
    public SocketAddress listen(final ListenerConfig config) {
        final boolean isUnix = config.bind() instanceof UnixDomainSocketAddress;
        try {
            final ServerSocketChannel channel =
                    isUnix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
            try {
                channel.configureBlocking(false);
                final Listener listener = new Listener(config, channel, bind(channel, config));
                listeners.add(listener);
                channel.register(selector, SelectionKey.OP_ACCEPT, listener);
                return isUnix ? config.bind() : channel.getLocalAddress();
            } catch (final IOException | RuntimeException ex) {
                channel.close();
                throw ex;
            }
        } catch (final IOException | RuntimeException ex) {
            throw new UncheckedIOException(new IOException(
                    "listener " + config.name() + ": can't listen on " + text(config.bind()) + ": "
                            + (ex.getMessage() == null ? ex.toString() : ex.getMessage()),
                    ex));
        }
    }

    private static UnixSocketFile bind(final ServerSocketChannel channel, final ListenerConfig config)
            throws IOException {
        if (config.bind() instanceof UnixDomainSocketAddress address) {
            return UnixSocketFile.bind(channel, address, config.socketMode(), BACKLOG);
        }
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.bind(config.bind(), BACKLOG);
        return null;
    }

    private static String text(final SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? inet.getHostString() + ":" + inet.getPort()
                : "unix:" + address;
    }

    @Override
    public int poll(final Handler handler, final long timeoutMs) {
        this.handler = handler;
        try {
            return timeoutMs > 0 ? selector.select(this, timeoutMs) : selector.selectNow(this);
        } catch (final IOException ex) {
            throw new UncheckedIOException("select failed", ex);
        }
    }

    @Override
    public void accept(final SelectionKey key) {
        if (key.attachment() instanceof Connection connection) {
            report(key, connection);
        } else if (key.attachment() instanceof Listener listener) {
            acceptAll(listener);
        }
    }

    private void report(final SelectionKey key, final Connection connection) {
        try {
            if (key.isWritable()) {
                handler.onWritable(connection);
            }
            if (key.isValid() && key.isReadable()) {
                handler.onReadable(connection);
            }
        } catch (final CancelledKeyException ex) {
            // Closed while it was being reported; its handler has dealt with it.
            return;
        }
    }

    private void acceptAll(final Listener listener) {
        for (int i = 0; i < ACCEPTS_PER_REPORT; i++) {
            try {
                final SocketChannel socket = listener.channel.accept();
                if (socket == null) {
                    return;
                }
                hand(socket, listener);
            } catch (final IOException ex) {
                // The client has gone again, or the process is out of file descriptors; the next report tries again.
                return;
            }
        }
    }

    private void hand(final SocketChannel socket, final Listener listener) throws IOException {
        try {
            socket.configureBlocking(false);
            final NioChannel channel;
            if (listener.file == null) {
                socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel = new NioChannel(socket, socket.getRemoteAddress());
            } else {
                channel = new NioChannel(socket, listener.config.bind());
            }
            handler.onAccept(channel, listener.config);
        } catch (final IOException ex) {
            closeQuietly(socket);
            throw ex;
        }
    }

    @Override
    public void adopt(final Channel channel, final Connection connection) {
        ((NioChannel) channel.socket()).register(selector, connection);
    }

    @Override
    public void stopAccepting() {
        for (final Listener listener : listeners) {
            closeQuietly(listener.channel);
            if (listener.file != null) {
                listener.file.remove();
            }
        }
        listeners.clear();
    }

    @Override
    public void wakeup() {
        selector.wakeup();
    }

    @Override
    public void close() {
        stopAccepting();
        closeQuietly(selector);
    }

    private static void closeQuietly(final java.io.Closeable closeable) {
        try {
            closeable.close();
        } catch (final IOException ignored) {
            // Nothing can be done about it, and nothing depends on it.
        }
    }

    /** A socket. */
    private static final class NioChannel implements Channel {
        private final SocketChannel socket;
        private final SocketAddress remote;
        private final InetAddress inetAddress;
        private final String address;
        private SelectionKey key;
        private int interest;

        /** @param remote where the client is; of a Unix domain socket, where we are: clients have no names there. */
        NioChannel(final SocketChannel socket, final SocketAddress remote) {
            this.socket = socket;
            this.remote = remote;
            this.inetAddress = remote instanceof InetSocketAddress inet ? inet.getAddress() : null;
            this.address = inetAddress == null || inetAddress.isLoopbackAddress() ? null : inetAddress.getHostAddress();
        }

        void register(final Selector selector, final Connection connection) {
            try {
                interest = SelectionKey.OP_READ;
                key = socket.register(selector, interest, connection);
            } catch (final IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }

        @Override
        public int read(final ByteBuffer target) throws IOException {
            return socket.read(target);
        }

        @Override
        public int write(final ByteBuffer source) throws IOException {
            return socket.write(source);
        }

        @Override
        public void interest(final boolean read, final boolean write) {
            final int wanted = (read ? SelectionKey.OP_READ : 0) | (write ? SelectionKey.OP_WRITE : 0);
            if (wanted != interest && key.isValid()) {
                key.interestOps(wanted);
                interest = wanted;
            }
        }

        @Override
        public String peer() {
            return text(remote);
        }

        @Override
        public String address() {
            return address;
        }

        @Override
        public InetAddress inetAddress() {
            return inetAddress;
        }

        @Override
        public void release() {
            key.cancel();
        }

        @Override
        public void close() {
            closeQuietly(socket);
        }
    }
}
