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
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/** TCP and Unix domain sockets over a selector. The agent that has the listeners accepts for all. */
public final class NioTransport implements Transport, Consumer<SelectionKey> {
    private static final int BACKLOG = 4096;
    private static final int ACCEPTS_PER_REPORT = 64;

    /** How long a listener rests whose clients the system gives no sockets for: it would report them without end. */
    static final long ACCEPT_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** @param file of a Unix domain socket, else null. */
    private record Listener(ListenerConfig config, ServerSocketChannel channel, UnixSocketFile file) {}

    private final Selector selector;
    private final NanoClock clock;
    private final List<Listener> listeners = new ArrayList<>();
    private Handler handler;

    /** Until when some listeners rest, meaningful while {@link #isResting}. */
    private long restingUntilNs;

    private boolean isResting;

    public NioTransport() {
        this(SystemNanoClock.INSTANCE);
    }

    NioTransport(final NanoClock clock) {
        this.clock = clock;
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
        final long waitMs = isResting ? Math.min(timeoutMs, restMs()) : timeoutMs;
        try {
            return waitMs > 0 ? selector.select(this, waitMs) : selector.selectNow(this);
        } catch (final IOException ex) {
            throw new UncheckedIOException("select failed", ex);
        }
    }

    @Override
    public void accept(final SelectionKey key) {
        if (key.attachment() instanceof Connection connection) {
            report(key, connection);
        } else if (key.attachment() instanceof Listener listener) {
            acceptAll(key, listener);
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

    private void acceptAll(final SelectionKey key, final Listener listener) {
        for (int i = 0; i < ACCEPTS_PER_REPORT; i++) {
            final SocketChannel socket;
            try {
                socket = listener.channel.accept();
            } catch (final IOException ex) {
                // Out of file descriptors, or of memory of the kernel's.
                rest(key);
                handler.onAcceptFailed(listener.config, ex);
                return;
            }
            if (socket == null) {
                return;
            }
            hand(socket, listener);
        }
    }

    private void rest(final SelectionKey key) {
        key.interestOps(0);
        isResting = true;
        restingUntilNs = clock.nanoTime() + ACCEPT_PAUSE_NS;
    }

    /** Milliseconds until the listeners go on, rounded up; 0 if they do from now on. */
    private long restMs() {
        final long leftNs = restingUntilNs - clock.nanoTime();
        if (leftNs > 0) {
            return 1 + TimeUnit.NANOSECONDS.toMillis(leftNs);
        }
        isResting = false;
        for (final Listener listener : listeners) {
            listener.channel.keyFor(selector).interestOps(SelectionKey.OP_ACCEPT);
        }
        return 0;
    }

    private void hand(final SocketChannel socket, final Listener listener) {
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
            // The client has gone again.
            closeQuietly(socket);
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
