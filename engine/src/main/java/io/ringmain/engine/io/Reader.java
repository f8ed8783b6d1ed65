package io.ringmain.engine.io;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.protocol.mqtt.Framing;
import java.io.IOException;
import java.util.ArrayDeque;

/**
 * Reads what clients send, hands the packets in it on, and keeps what is no whole packet yet, had no room in the ring, or
 * is of a connection that is paused.
 * Confined to one I/O agent.
 */
final class Reader {
    static final int BUFFER_LENGTH = 256 << 10;

    private final IoAgent agent;
    private final IoLimits limits;
    private final InboundHandler inbound;
    private final BufferPool pool;
    private final IoBuffer readBuffer = new IoBuffer(BUFFER_LENGTH);
    private final ArrayDeque<Connection> buffered = new ArrayDeque<>();
    private long bytesReceived;

    Reader(final IoAgent agent, final InboundHandler inbound, final BufferPool pool) {
        this.agent = agent;
        this.limits = agent.limits();
        this.inbound = inbound;
        this.pool = pool;
    }

    /** Counts what was received since the last call. */
    void countReceived(final Counters counters) {
        if (bytesReceived > 0) {
            counters.add(CounterId.BYTES_RECEIVED, bytesReceived);
            bytesReceived = 0;
        }
    }

    boolean hasBuffered() {
        return !buffered.isEmpty();
    }

    /** Takes from the network what is there, of a connection that is being closed. */
    void discardUnread(final Connection connection) {
        connection.discardUnread(readBuffer.bytes);
    }

    /** The network, or the channel itself, has bytes for this connection, or its end. */
    void onReadable(final Connection connection) {
        try {
            agent.throttle().takeSignals();
            if (connection.isOpen() && !connection.backPressured && connection.pauses == 0) {
                read(connection);
            } else if (connection.state != ConnectionState.CLOSED) {
                agent.updateInterest(connection);
            }
        } catch (final IOException ex) {
            agent.onLost(connection, ex);
        } catch (final RuntimeException ex) {
            agent.onException(connection, ex);
        }
    }

    /** Reads what channels have taken from the network already: one read each, as if it had come now. */
    int readBuffered() {
        final int count = buffered.size();
        for (int i = 0; i < count; i++) {
            final Connection connection = buffered.poll();
            connection.bufferedScheduled = false;
            if (connection.state != ConnectionState.CLOSED) {
                onReadable(connection);
            }
        }
        return count;
    }

    /** Reads again in the next cycle what the channel has taken from the network already, if the client is to be read. */
    void scheduleBuffered(final Connection connection) {
        if (!connection.bufferedScheduled
                && connection.isReading(agent.outboundBytes())
                && connection.channel.hasBuffered()) {
            connection.bufferedScheduled = true;
            buffered.add(connection);
        }
    }

    private void read(final Connection connection) throws IOException {
        final int start = connection.receivedLength;
        final IoBuffer buffer = bufferToRead(connection);
        buffer.bytes
                .limit(Math.min(buffer.capacity(), start + agent.rates().maxReadBytes()))
                .position(start);
        final int count = connection.channel.read(buffer.bytes);
        if (connection.halfOpen && !agent.gate().onRead(connection)) {
            return;
        }
        if (count < 0) {
            connection.receivedLength = 0;
            agent.onLost(connection);
            return;
        }
        if (count > 0) {
            connection.lastReadNs = agent.nowNs();
            connection.lastReadLength = count;
            bytesReceived += count;
        }
        if (start + count > 0) {
            handle(connection, buffer, start + count);
        }
        if (connection.halfOpen) {
            agent.gate().hold(connection);
        }
        scheduleBuffered(connection);
    }

    /**
     * Where the next bytes go, behind those that are left of the read before. Those move to the front of the large buffer
     * of all connections, so that a read brings as many packets as there are; but not again and again to wait for the end
     * of a long one.
     */
    private IoBuffer bufferToRead(final Connection connection) {
        if (connection.received == null) {
            return readBuffer;
        }
        final int kept = connection.receivedLength;
        final boolean pays = kept <= BufferPool.SMALLEST || kept <= 2 * connection.lastReadLength;
        if (!pays || wantedLength(connection) > readBuffer.capacity() / 2) {
            return roomBehindReceived(connection);
        }
        readBuffer.view.putBytes(0, connection.received.view, 0, kept);
        pool.give(connection.received);
        connection.received = null;
        return readBuffer;
    }

    /**
     * Room for the rest of the packet that has begun, but for no more than as much again as has come: the length that a
     * client announces costs it nothing.
     */
    private IoBuffer roomBehindReceived(final Connection connection) {
        final int announced = Math.min(wantedLength(connection), 2 * connection.receivedLength);
        final int wanted = Math.max(connection.receivedLength + BufferPool.SMALLEST / 2, announced);
        if (connection.received.capacity() < wanted) {
            final IoBuffer larger = take(wanted);
            larger.view.putBytes(0, connection.received.view, 0, connection.receivedLength);
            pool.give(connection.received);
            connection.received = larger;
        }
        return connection.received;
    }

    /** What is received stops where buffers are scarce, so that what others are to be sent still has room. */
    private IoBuffer take(final int length) {
        if (length > BufferPool.SMALLEST && pool.isScarce()) {
            throw new BuffersExhausted(length);
        }
        return pool.take(length);
    }

    private int wantedLength(final Connection connection) {
        return Math.max(
                0,
                Framing.packetLength(connection.received.view, 0, connection.receivedLength, limits.maxPacketSize()));
    }

    /** Handles {@code length} bytes at the start of a buffer, and keeps what is left with the connection. */
    private void handle(final Connection connection, final IoBuffer buffer, final int length) {
        final int consumed = inbound.onBytes(connection, buffer.view, 0, length);
        final int left = connection.state == ConnectionState.CLOSED ? 0 : length - consumed;
        if (left == 0) {
            release(connection);
        } else {
            keep(connection, buffer, consumed, left);
        }
        if (connection.handOverTo >= 0) {
            agent.handOver(connection);
        } else if (connection.backPressured) {
            if (connection.pauses > 0) {
                connection.restWaits = connection.heldUntilNs == 0;
            } else if (!connection.awaitingVerdict && connection.heldUntilNs == 0) {
                agent.retries().add(connection);
            }
            agent.updateInterest(connection);
        }
    }

    /** Forgets what was received. */
    void release(final Connection connection) {
        if (connection.received != null) {
            pool.give(connection.received);
            connection.received = null;
        }
        connection.receivedLength = 0;
    }

    private void keep(final Connection connection, final IoBuffer buffer, final int offset, final int length) {
        if (connection.received == buffer) {
            if (offset > 0) {
                buffer.view.putBytes(0, buffer.view, offset, length);
            }
        } else {
            connection.received = take(length > BufferPool.SMALLEST ? length + BufferPool.SMALLEST / 2 : length);
            connection.received.view.putBytes(0, buffer.view, offset, length);
        }
        connection.receivedLength = length;
    }

    /** Goes on with what was received and had to wait. */
    void retry(final Connection connection) {
        if (connection.isOpen()) {
            connection.lastReadNs = agent.nowNs();
            try {
                handle(connection, connection.received, connection.receivedLength);
                if (connection.state != ConnectionState.CLOSED && connection.handOverTo < 0) {
                    agent.updateInterest(connection);
                }
            } catch (final RuntimeException ex) {
                agent.onException(connection, ex);
            }
        }
    }
}
