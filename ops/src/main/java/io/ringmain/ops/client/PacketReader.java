package io.ringmain.ops.client;

import io.ringmain.protocol.mqtt.Framing;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.agrona.concurrent.UnsafeBuffer;

/** Cuts the byte stream of a socket into packets. A timeout in the middle of a packet loses nothing of it. */
final class PacketReader {
    private static final int INITIAL_CAPACITY = 64 << 10;

    private final Socket socket;
    private final InputStream in;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[INITIAL_CAPACITY]);
    private int offset;
    private int length;
    private int limit;

    PacketReader(final Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /**
     * Moves to the next packet.
     *
     * @param timeoutMs not waited at all with 0.
     * @return false if it isn't there in time.
     */
    boolean next(final long timeoutMs) throws IOException {
        offset += length;
        length = 0;
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        while (true) {
            final int found = Framing.packetLength(buffer, offset, limit - offset, Framing.MAX_VAR_INT);
            if (found == Framing.MALFORMED || found == Framing.TOO_LARGE) {
                throw new IOException("the broker sent a malformed packet");
            }
            if (found > 0 && found <= limit - offset) {
                length = found;
                return true;
            }
            makeRoom(found);
            if (!fill(deadlineNs)) {
                return false;
            }
        }
    }

    private void makeRoom(final int packetLength) {
        final byte[] bytes = buffer.byteArray();
        System.arraycopy(bytes, offset, bytes, 0, limit - offset);
        limit -= offset;
        offset = 0;
        if (packetLength > bytes.length) {
            buffer.wrap(Arrays.copyOf(bytes, packetLength));
        }
    }

    private boolean fill(final long deadlineNs) throws IOException {
        final long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
        // What is on its way through TLS isn't available until it is read.
        if (leftMs <= 0 && !(socket instanceof SSLSocket) && in.available() == 0) {
            return false;
        }
        socket.setSoTimeout((int) Math.max(1, Math.min(leftMs, Integer.MAX_VALUE)));
        try {
            final int count = in.read(buffer.byteArray(), limit, buffer.capacity() - limit);
            if (count < 0) {
                throw new EOFException("the broker has closed the connection");
            }
            limit += count;
            return true;
        } catch (final SocketTimeoutException ex) {
            return false;
        }
    }

    /** True if {@link #next} would have a packet without reading from the socket. */
    boolean hasNext() {
        final int start = offset + length;
        final int found = Framing.packetLength(buffer, start, limit - start, Framing.MAX_VAR_INT);
        return found > 0 && found <= limit - start;
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    int type() {
        return Framing.packetType(buffer.getByte(offset));
    }
}
