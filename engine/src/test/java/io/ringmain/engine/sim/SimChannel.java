package io.ringmain.engine.sim;

import io.ringmain.engine.io.Channel;
import io.ringmain.engine.io.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;

/** A connection of the simulated network: reads and writes take any part of what they could. */
final class SimChannel implements Channel, Wire {
    private static final int NETWORK_BUFFER_LENGTH = 8 << 10;

    private final SimRandom random;
    private final String peer;
    private final SimPipe toBroker = new SimPipe();
    private final SimPipe toClient = new SimPipe();

    Connection connection;
    private boolean readInterest;
    private boolean writeInterest;
    private boolean reset;
    private boolean closedByBroker;

    SimChannel(final SimRandom random, final String peer) {
        this.random = random;
        this.peer = peer;
    }

    boolean isReadable() {
        return readInterest && !closedByBroker && (reset || toBroker.length() > 0);
    }

    boolean isWritable() {
        return writeInterest && !closedByBroker && (reset || toClient.length() < NETWORK_BUFFER_LENGTH);
    }

    boolean isGone() {
        return closedByBroker;
    }

    /** The broker dies: what it had sent may still arrive, what was sent to it is gone. */
    void brokerDied() {
        closedByBroker = true;
        toBroker.clear();
        if (random.oneIn(2)) {
            toClient.clear();
        }
    }

    @Override
    public int read(final ByteBuffer target) throws IOException {
        if (reset && toBroker.length() == 0) {
            throw new IOException("connection reset");
        }
        final int most = Math.min(target.remaining(), toBroker.length());
        final int count = most == 0 ? 0 : random.between(1, most);
        toBroker.take(target, count);
        return count;
    }

    @Override
    public int write(final ByteBuffer source) throws IOException {
        if (reset) {
            throw new IOException("connection reset");
        }
        final int most = Math.min(source.remaining(), NETWORK_BUFFER_LENGTH - toClient.length());
        final int count = most <= 0 ? 0 : random.oneIn(4) ? random.below(most + 1) : most;
        toClient.put(source, count);
        return count;
    }

    @Override
    public void interest(final boolean read, final boolean write) {
        readInterest = read;
        writeInterest = write;
    }

    @Override
    public String address() {
        return null;
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public void release() {
        readInterest = false;
        writeInterest = false;
        connection = null;
    }

    @Override
    public void close() {
        closedByBroker = true;
    }

    @Override
    public void send(final DirectBuffer buffer, final int offset, final int length) {
        if (!closedByBroker && !reset) {
            toBroker.put(buffer, offset, length);
        }
    }

    @Override
    public int receive(final byte[] target, final int offset, final int max) {
        final int most = Math.min(max, toClient.length());
        final int count = most == 0 ? 0 : random.between(1, most);
        toClient.take(target, offset, count);
        return count;
    }

    @Override
    public boolean isClosed() {
        return closedByBroker && toClient.length() == 0;
    }

    @Override
    public void reset() {
        reset = true;
        toClient.clear();
        if (random.oneIn(2)) {
            toBroker.clear();
        }
    }
}
