package io.ringmain.engine.io.tls;

import io.ringmain.engine.io.Channel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/** The lower channel: takes and gives any part of what it could, and holds little. */
final class TestNetwork implements Channel {
    private final SplittableRandom random;
    private byte[] toServer = {};
    private byte[] toClient = {};
    int capacity = 40_000;
    boolean whole;
    boolean clientEnded;
    boolean closed;
    /** Reads that it stands before it fails. */
    int readsLeft = Integer.MAX_VALUE;

    boolean takesNothing;
    boolean readInterest = true;
    boolean writeInterest;

    TestNetwork(final long seed) {
        random = new SplittableRandom(seed);
    }

    private int part(final int most) {
        return whole || most == 0 ? most : 1 + random.nextInt(random.nextInt(4) == 0 ? Math.min(most, 7) : most);
    }

    void clientSends(final byte[] bytes) {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(toServer);
        all.writeBytes(bytes);
        toServer = all.toByteArray();
    }

    int underway() {
        return toServer.length;
    }

    /** Takes all that the server has sent. */
    byte[] clientReceives() {
        final byte[] all = toClient;
        toClient = new byte[0];
        return all;
    }

    @Override
    public int read(final ByteBuffer target) throws IOException {
        if (readsLeft-- <= 0) {
            throw new IOException("connection reset");
        }
        final int count = part(Math.min(target.remaining(), toServer.length));
        if (count == 0 && clientEnded && target.hasRemaining()) {
            return -1;
        }
        target.put(toServer, 0, count);
        toServer = Arrays.copyOfRange(toServer, count, toServer.length);
        return count;
    }

    @Override
    public int write(final ByteBuffer source) throws IOException {
        if (takesNothing) {
            throw new IOException("broken pipe");
        }
        final int count = part(Math.min(source.remaining(), Math.max(0, capacity - toClient.length)));
        final int at = toClient.length;
        toClient = Arrays.copyOf(toClient, at + count);
        source.get(toClient, at, count);
        return count;
    }

    @Override
    public void interest(final boolean read, final boolean write) {
        readInterest = read;
        writeInterest = write;
    }

    @Override
    public String peer() {
        return "peer";
    }

    @Override
    public String address() {
        return null;
    }

    @Override
    public void release() {}

    @Override
    public void close() {
        closed = true;
    }
}
