package io.ringmain.ops.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A Unix domain socket as a {@link Socket}, with its timeouts, which Java has as a channel only. One thread may read
 * while another one writes.
 */
public final class UnixSocket extends Socket {
    private final SocketChannel channel;
    private final Selector readable = Selector.open();
    private final Selector writable = Selector.open();
    private final InputStream in = new In();
    private final OutputStream out = new Out();
    private volatile int timeoutMs;
    private volatile boolean outputShutdown;

    /** @throws ConnectException when nobody listens there. */
    public UnixSocket(final Path path) throws IOException {
        try {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
        } catch (final SocketException ex) {
            throw new ConnectException(path + ": " + ex.getMessage());
        }
        channel.configureBlocking(false);
        channel.register(readable, SelectionKey.OP_READ);
        channel.register(writable, SelectionKey.OP_WRITE);
    }

    private final class In extends InputStream {
        @Override
        public int available() throws IOException {
            readable.selectedKeys().clear();
            return readable.selectNow();
        }

        @Override
        public int read() throws IOException {
            final byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(final byte[] target, final int offset, final int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            readable.selectedKeys().clear();
            if (readable.select(timeoutMs) == 0) {
                throw new SocketTimeoutException("nothing came within " + timeoutMs + " ms");
            }
            return channel.read(ByteBuffer.wrap(target, offset, length));
        }
    }

    private final class Out extends OutputStream {
        @Override
        public void write(final int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(final byte[] source, final int offset, final int length) throws IOException {
            final ByteBuffer bytes = ByteBuffer.wrap(source, offset, length);
            while (bytes.hasRemaining()) {
                if (channel.write(bytes) == 0) {
                    writable.selectedKeys().clear();
                    writable.select();
                }
            }
        }
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() {
        return out;
    }

    @Override
    public void setSoTimeout(final int timeoutMs) {
        this.timeoutMs = timeoutMs;
    }

    @Override
    public int getSoTimeout() {
        return timeoutMs;
    }

    @Override
    public void shutdownOutput() throws IOException {
        outputShutdown = true;
        channel.shutdownOutput();
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public void close() throws IOException {
        try (channel;
                readable;
                writable) {
            super.close();
        }
    }
}
