package io.ringmain.perf.load;

import io.ringmain.protocol.mqtt.Framing;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A socket with a buffer for each direction: packets are encoded at the end of the outbound one, and handed out whole
 * from the inbound one. Large buffers let a system call carry as many packets as there are.
 */
final class Wire {
    /** Receives one packet. */
    @FunctionalInterface
    interface PacketHandler {
        void onPacket(UnsafeBuffer buffer, int offset, int length) throws IOException;
    }

    /** Receives what has come, whole packets or not. */
    @FunctionalInterface
    interface BytesHandler {
        /** Returns how many bytes of the first {@code length} it is done with; the rest comes again, with more. */
        int onBytes(UnsafeBuffer buffer, int length) throws IOException;
    }

    private final ByteChannel socket;

    /** The same, if it is encrypted. */
    private final LoadTls tls;

    private final SelectionKey key;
    private final ByteBuffer in;
    private final UnsafeBuffer inView;
    private final ByteBuffer out;
    private final UnsafeBuffer outView;
    private int inLength;
    private int outStart;
    private int outLength;

    /** @param attachment of the key. */
    Wire(
            final InetSocketAddress from,
            final InetSocketAddress to,
            final int bufferLength,
            final Selector selector,
            final Object attachment)
            throws IOException {
        this(from, to, false, bufferLength, bufferLength, selector, attachment);
    }

    /**
     * @param isEncrypted whether to speak TLS.
     * @param inBufferLength bounds the packets that can be received.
     * @param attachment of the key.
     */
    Wire(
            final InetSocketAddress from,
            final InetSocketAddress to,
            final boolean isEncrypted,
            final int inBufferLength,
            final int outBufferLength,
            final Selector selector,
            final Object attachment)
            throws IOException {
        in = ByteBuffer.allocateDirect(inBufferLength);
        inView = new UnsafeBuffer(in);
        out = ByteBuffer.allocateDirect(outBufferLength);
        outView = new UnsafeBuffer(out);
        final SocketChannel tcp = SocketChannel.open();
        try {
            tcp.setOption(StandardSocketOptions.TCP_NODELAY, true);
            tcp.bind(from);
            connect(tcp, to);
            tls = isEncrypted ? new LoadTls(tcp) : null;
            socket = isEncrypted ? tls : tcp;
            tcp.configureBlocking(false);
            key = tcp.register(selector, SelectionKey.OP_READ, attachment);
        } catch (final IOException ex) {
            tcp.close();
            throw ex;
        }
    }

    /**
     * The system's own message has no address in it.
     *
     * @return false when the socket doesn't wait, and the connection is not there yet.
     */
    static boolean connect(final SocketChannel tcp, final InetSocketAddress to) throws IOException {
        try {
            return tcp.connect(to);
        } catch (final IOException ex) {
            throw new IOException(
                    "no connection to " + to.getHostString() + ":" + to.getPort() + ": " + ex.getMessage(), ex);
        }
    }

    UnsafeBuffer out() {
        return outView;
    }

    /** Where the next packet goes in {@link #out()}. */
    int end() {
        return outStart + outLength;
    }

    /** Bytes that fit behind {@link #end()}. */
    int room() {
        return outView.capacity() - end();
    }

    /** The packet at the end is complete. */
    void advance(final int length) {
        outLength += length;
    }

    void flush() throws IOException {
        if (outLength > 0 || tls != null) {
            out.limit(outStart + outLength).position(outStart);
            final int written = socket.write(out);
            outStart += written;
            outLength -= written;
            if (outLength == 0) {
                outStart = 0;
            }
        }
        final boolean isBlocked = outLength > 0 || tls != null && tls.hasUnsent();
        final int interest = isBlocked ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    /** Hands out whole packets; false when the broker has closed the connection. */
    boolean read(final PacketHandler handler) throws IOException {
        return readBytes((buffer, length) -> packets(handler, buffer, length));
    }

    private static int packets(final PacketHandler handler, final UnsafeBuffer buffer, final int available)
            throws IOException {
        int at = 0;
        while (true) {
            final int length = packetLength(buffer, at, available);
            if (length == Framing.INCOMPLETE) {
                return at;
            }
            handler.onPacket(buffer, at, length);
            at += length;
        }
    }

    /** Length of the packet at an offset of the first {@code available} bytes; 0 if it isn't complete. */
    static int packetLength(final UnsafeBuffer buffer, final int at, final int available) throws IOException {
        final int length = Framing.packetLength(buffer, at, available - at, Integer.MAX_VALUE);
        if (length < 0) {
            throw new IOException("the broker sent a malformed packet");
        }
        return length > available - at ? Framing.INCOMPLETE : length;
    }

    /** Reads once and hands out what is there; false when the broker has closed the connection. */
    boolean readBytes(final BytesHandler handler) throws IOException {
        boolean isOpen;
        do {
            isOpen = readOnce(handler);
        } while (isOpen && tls != null && tls.hasBuffered());
        return isOpen;
    }

    private boolean readOnce(final BytesHandler handler) throws IOException {
        in.limit(in.capacity()).position(inLength);
        final int count = socket.read(in);
        if (count < 0) {
            return false;
        }
        inLength += count;
        final int done = handler.onBytes(inView, inLength);
        inLength -= done;
        if (inLength > 0 && done > 0) {
            inView.putBytes(0, inView, done, inLength);
        }
        return true;
    }

    /** Version and cipher suite of TLS, if it is encrypted. */
    String agreedTls() {
        return tls == null ? "none" : tls.agreed();
    }

    void close() throws IOException {
        socket.close();
    }
}
