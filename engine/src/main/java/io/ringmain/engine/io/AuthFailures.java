package io.ringmain.engine.io;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.event.AuthFailedEvent;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.protocol.mqtt.ConnectDecoder;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Records who was not let in: so many in a second, so that nobody fills the log by failing, and none while the log or
 * the ring is full. The others are counted. Confined to one I/O agent.
 */
final class AuthFailures {
    private static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int UTF8_MASK = 0xC0;
    private static final int UTF8_CONTINUATION = 0x80;

    private final IoAgent agent;
    private final BooleanSupplier logFull;
    private final int lane;
    private final int perSecond;
    private final ConnectDecoder decoder = new ConnectDecoder();
    private final UnsafeBuffer clientId = new UnsafeBuffer(new byte[0]);
    private final UnsafeBuffer username = new UnsafeBuffer(new byte[0]);
    private long windowStartNs;
    private int recorded;

    AuthFailures(final IoAgent agent, final IoContext context, final int lane) {
        this.agent = agent;
        this.logFull = context.logFull;
        this.perSecond = context.audit.authFailuresPerSecond();
        this.lane = lane;
    }

    /** A client was not let in; the buffer has its CONNECT, which was decoded before. */
    void refused(
            final Connection connection,
            final UnsafeBuffer buffer,
            final int offset,
            final int length,
            final int reasonCode) {
        decoder.wrap(buffer, offset, length);
        clientId.wrap(
                buffer,
                decoder.clientIdOffset(),
                shortened(buffer, decoder.clientIdOffset(), decoder.clientIdLength()));
        username.wrap(
                buffer,
                decoder.usernameOffset(),
                shortened(buffer, decoder.usernameOffset(), decoder.usernameLength()));
        record(EventHeader.NO_CONNECTION, ClientOrigin.of(connection, clientId, username), reasonCode);
    }

    /** Clients that aren't let in may have ids of any length: as much as those of others have is recorded. */
    private int shortened(final UnsafeBuffer buffer, final int offset, final int length) {
        int end = Math.min(length, agent.limits().clientIdLength());
        while (end < length && end > 0 && (buffer.getByte(offset + end) & UTF8_MASK) == UTF8_CONTINUATION) {
            end--;
        }
        return end;
    }

    /** A client whose CONNECT is in the log has failed to prove again who it is, or may not have its session. */
    void refusedAgain(final Connection connection, final int reasonCode) {
        record(connection.id, connection.origin, reasonCode);
    }

    private void record(final long connectionId, final UnsafeBuffer origin, final int reasonCode) {
        if (!isDue() || logFull.getAsBoolean() || !tryRecord(connectionId, origin, reasonCode)) {
            agent.count(CounterId.AUDIT_AUTH_FAILURES_NOT_RECORDED);
        }
    }

    private boolean isDue() {
        if (agent.nowNs() - windowStartNs >= WINDOW_NS) {
            windowStartNs = agent.nowNs();
            recorded = 0;
        }
        return recorded < perSecond;
    }

    private boolean tryRecord(final long connectionId, final UnsafeBuffer origin, final int reasonCode) {
        final int length = AuthFailedEvent.LENGTH + origin.capacity();
        final long claim = agent.claim(length);
        if (claim == SlotRing.FULL) {
            return false;
        }
        final SlotRing ring = agent.ring();
        AuthFailedEvent.write(ring.buffer(), ring.offset(claim), lane, connectionId, reasonCode);
        Origin.append(ring.buffer(), ring.offset(claim), origin);
        ring.commit(claim, length);
        recorded++;
        return true;
    }
}
