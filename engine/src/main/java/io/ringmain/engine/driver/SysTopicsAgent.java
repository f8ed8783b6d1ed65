package io.ringmain.engine.driver;

import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.protocol.TopicHash;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Publishes the broker's figures under {@code $SYS}, every so often and soon after somebody has subscribed to them. They
 * go through the ring as any message does, as transient events of no connection: nothing of them is logged.
 */
public final class SysTopicsAgent implements Agent {
    private static final int MQTT_5 = 5;
    private static final int NO_EXPIRY = -1;
    private static final int MAX_PER_CYCLE = 32;
    private static final long EXTRA_ROUND_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private final SlotRing ring;
    private final EpochNanoClock clock;
    private final AtomicBoolean requested;
    private final SysTopics topics;
    private final long intervalNs;
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[SysTopics.MAX_VALUE_LENGTH]);
    private long nextRoundNs;
    private long lastRoundNs;
    private int next;

    /**
     * @param requested set by anybody who wants the figures soon; reset here.
     * @param intervalNs between two rounds, nanoseconds; 0 for never.
     */
    public SysTopicsAgent(
            final SlotRing ring,
            final Counters counters,
            final EpochNanoClock clock,
            final AtomicBoolean requested,
            final String version,
            final long intervalNs) {
        this.ring = ring;
        this.clock = clock;
        this.requested = requested;
        this.intervalNs = intervalNs;
        final long nowNs = clock.nanoTime();
        this.topics = new SysTopics(ring, counters, version, nowNs);
        this.next = topics.count();
        this.nextRoundNs = nowNs + intervalNs;
        this.lastRoundNs = nowNs - EXTRA_ROUND_NS;
    }

    @Override
    public String roleName() {
        return "sys-topics";
    }

    @Override
    public int doWork() {
        if (intervalNs == 0 || next == topics.count() && !beginRound()) {
            return 0;
        }
        int done = 0;
        while (next < topics.count() && done < MAX_PER_CYCLE && publish(next)) {
            next++;
            done++;
        }
        return done;
    }

    private boolean beginRound() {
        final long nowNs = clock.nanoTime();
        final boolean setBack = nowNs < lastRoundNs;
        final boolean due = setBack || nowNs >= nextRoundNs;
        final boolean wanted = requested.get() && nowNs - lastRoundNs >= EXTRA_ROUND_NS;
        if (!due && !wanted) {
            return false;
        }
        requested.set(false);
        if (due) {
            nextRoundNs = nowNs + intervalNs;
        }
        lastRoundNs = nowNs;
        topics.update(nowNs);
        next = 0;
        return true;
    }

    private boolean publish(final int index) {
        final UnsafeBuffer name = topics.name(index);
        final int payloadLength = topics.value(index, payload);
        final int length = PublishEvent.length(name.capacity(), 0, payloadLength);
        final long claim = ring.tryClaim(length);
        if (claim == SlotRing.FULL) {
            return false;
        }
        final MutableDirectBuffer target = ring.buffer();
        final int at = PublishEvent.write(
                target,
                ring.offset(claim),
                EventHeader.TRANSIENT,
                EventHeader.NO_LANE,
                EventHeader.NO_CONNECTION,
                0,
                0,
                0,
                0,
                MQTT_5,
                NO_EXPIRY,
                TopicHash.of(name, 0, name.capacity()),
                name.capacity(),
                0,
                payloadLength);
        target.putBytes(at, name, 0, name.capacity());
        target.putBytes(at + name.capacity(), payload, 0, payloadLength);
        ring.commit(claim, length);
        return true;
    }

    static UnsafeBuffer utf8(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }
}
