package io.ringmain.engine.io.websocket;

import io.ringmain.engine.io.Channel;
import io.ringmain.protocol.IpAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/** A network that gives the pieces that it was told to, and takes as many bytes as it was told to. */
final class ScriptedChannel implements Channel {
    private final ArrayDeque<byte[]> incoming = new ArrayDeque<>();
    private final ByteArrayOutputStream outgoing = new ByteArrayOutputStream();
    private final String address;

    /** Bytes that it takes until it is told to take more. */
    int room = Integer.MAX_VALUE;

    /** The client has gone: nothing can be written any more. */
    boolean broken;

    boolean writeInterest;
    boolean closed;
    boolean opened;

    ScriptedChannel(final String address) {
        this.address = address;
    }

    ScriptedChannel arrives(final byte[] piece) {
        incoming.add(piece);
        return this;
    }

    ScriptedChannel arrives(final String request) {
        return arrives(request.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** What was written since the last call. */
    byte[] sent() {
        final byte[] bytes = outgoing.toByteArray();
        outgoing.reset();
        return bytes;
    }

    @Override
    public int read(final ByteBuffer target) {
        final byte[] piece = incoming.poll();
        if (piece == null) {
            return 0;
        }
        final int count = Math.min(piece.length, target.remaining());
        target.put(piece, 0, count);
        if (count < piece.length) {
            incoming.addFirst(java.util.Arrays.copyOfRange(piece, count, piece.length));
        }
        return count;
    }

    @Override
    public int write(final ByteBuffer source) throws IOException {
        if (broken) {
            throw new IOException("broken pipe");
        }
        final int count = Math.min(room, source.remaining());
        room -= room == Integer.MAX_VALUE ? 0 : count;
        for (int i = 0; i < count; i++) {
            outgoing.write(source.get());
        }
        return count;
    }

    @Override
    public void interest(final boolean read, final boolean write) {
        writeInterest = write;
    }

    @Override
    public void opened() {
        opened = true;
    }

    @Override
    public String peer() {
        return (address == null ? "127.0.0.1" : address) + ":4711";
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public InetAddress inetAddress() {
        return IpAddress.parse(address == null ? "127.0.0.1" : address);
    }

    @Override
    public void release() {}

    @Override
    public void close() {
        closed = true;
    }
}
