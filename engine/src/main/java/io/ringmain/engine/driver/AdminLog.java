package io.ringmain.engine.driver;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.event.AdminEvent;
import io.ringmain.engine.event.LimitsChangedEvent;
import io.ringmain.engine.ring.SlotRing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sequences what was done to the broker, or by it, beside the work of its clients. What the ring has no room for
 * waits here, within a bound. Any thread: such things are rare.
 */
public final class AdminLog {
    /** The actor of what the broker does by itself. */
    public static final String BROKER = "broker";

    /** The actor of what somebody with access to the data directory has asked for; who that is can't be known. */
    public static final String OPERATOR = "operator";

    private static final int MAX_WAITING = 1024;
    private static final int MAX_TEXT_BYTES = 1024;
    private static final byte[] CUT = "...".getBytes(StandardCharsets.US_ASCII);

    private final SlotRing ring;
    private final Counters counters;
    private final ArrayDeque<UnsafeBuffer> waiting = new ArrayDeque<>();
    private long lastSequence = -1;

    public AdminLog(final SlotRing ring, final Counters counters) {
        this.ring = ring;
        this.counters = counters;
    }

    /**
     * Records an action. Never fails: what is too long is cut, at most 1024 bytes of UTF-8 each are kept.
     *
     * @param actor who did it.
     * @param action what, in words.
     */
    public synchronized void record(final String actor, final String action) {
        if (waiting.size() >= MAX_WAITING) {
            counters.increment(CounterId.AUDIT_ADMIN_NOT_RECORDED);
            return;
        }
        final byte[] actorBytes = utf8(actor);
        final byte[] actionBytes = utf8(action);
        final UnsafeBuffer event = event(AdminEvent.length(actorBytes.length, actionBytes.length));
        AdminEvent.write(event, 0, actorBytes, actionBytes);
        sequence(event);
    }

    /** Gives the core other limits; never left out. */
    public synchronized void changeLimits(final long[] limits) {
        final UnsafeBuffer event = event(LimitsChangedEvent.length(limits.length));
        LimitsChangedEvent.write(event, 0, limits);
        sequence(event);
    }

    private static UnsafeBuffer event(final int length) {
        return new UnsafeBuffer(new byte[length]);
    }

    private void sequence(final UnsafeBuffer event) {
        waiting.add(event);
        doWork();
    }

    /** Who records something is in the middle of doing it: a text that is too long is no reason to stop there. */
    private static byte[] utf8(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_TEXT_BYTES) {
            return bytes;
        }
        int end = MAX_TEXT_BYTES - CUT.length;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        final byte[] cut = Arrays.copyOf(bytes, end + CUT.length);
        System.arraycopy(CUT, 0, cut, end, CUT.length);
        return cut;
    }

    /** Tries again what has waited; returns how many could be sequenced. */
    public synchronized int doWork() {
        int work = 0;
        while (!waiting.isEmpty() && trySequence(waiting.peek())) {
            waiting.poll();
            work++;
        }
        return work;
    }

    private boolean trySequence(final UnsafeBuffer event) {
        final int length = event.capacity();
        final long claim = ring.tryClaim(length);
        if (claim == SlotRing.FULL) {
            return false;
        }
        ring.buffer().putBytes(ring.offset(claim), event, 0, length);
        ring.commit(claim, length);
        lastSequence = claim;
        return true;
    }

    /** Whether everything was sequenced, and a consumer that has come to this sequence has seen all of it. */
    public synchronized boolean isBehind(final long sequence) {
        return waiting.isEmpty() && lastSequence <= sequence;
    }
}
