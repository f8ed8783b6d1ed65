package io.ringmain.engine.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.engine.ring.RingPoller;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.protocol.TopicHash;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SysTopicsAgentTest {
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int SLOTS = 64;

    private final SlotRing ring = new SlotRing(SLOTS, 128, 1024);
    private final RingPoller poller = ring.newPoller();
    private final Counters counters = new Counters();
    private final AtomicBoolean requested = new AtomicBoolean();
    private final Map<String, String> published = new LinkedHashMap<>();
    private long nowNs = TimeUnit.DAYS.toNanos(20_000);
    private final SysTopicsAgent agent = new SysTopicsAgent(ring, counters, () -> nowNs, requested, "1.2", INTERVAL_NS);

    SysTopicsAgentTest() {
        ring.addGatingSequences(poller.sequence());
    }

    private int drain() throws Exception {
        final int before = published.size();
        final PublishEvent publish = new PublishEvent();
        poller.poll((offset, length) -> {
            if (EventHeader.length(ring.buffer(), offset) > 0 && EventHeader.type(ring.buffer(), offset) == 5) {
                assertTrue(EventHeader.isTransient(ring.buffer(), offset));
                assertEquals(EventHeader.NO_CONNECTION, EventHeader.connectionId(ring.buffer(), offset));
                publish.wrap(ring.buffer(), offset);
                assertEquals(
                        TopicHash.of(ring.buffer(), publish.topicOffset(), publish.topicLength()), publish.topicHash());
                final String topic = text(publish.topicOffset(), publish.topicLength());
                assertNull(
                        published.put(topic, text(publish.payloadOffset(), publish.payloadLength())),
                        () -> "twice in a round: " + topic);
            }
            return true;
        });
        return published.size() - before;
    }

    private String text(final int offset, final int length) {
        return ring.buffer().getStringWithoutLengthUtf8(offset, length);
    }

    /** A whole round, however often the ring is full meanwhile. */
    private void round() throws Exception {
        published.clear();
        int idle = 0;
        while (idle < 2) {
            agent.doWork();
            idle = drain() == 0 ? idle + 1 : 0;
        }
    }

    @Test
    void shouldPublishAllFiguresEverySoOften() throws Exception {
        round();
        assertEquals(Map.of(), published, "not before the first interval");
        counters.set(CounterId.SESSIONS, 7);
        counters.set(CounterId.SESSIONS_CONNECTED, 3);
        counters.add(CounterId.PUBLISH_RECEIVED, 600);
        counters.add(CounterId.DROPPED_QUEUE_AGE, 2);
        counters.add(CounterId.DROPPED_EXPIRED, 3);
        nowNs += INTERVAL_NS;
        round();
        assertTrue(published.size() > SLOTS, "more than the ring holds: " + published.size());
        assertEquals("ringmain 1.2", published.get("$SYS/broker/version"));
        assertEquals("10 seconds", published.get("$SYS/broker/uptime"));
        assertEquals("7", published.get("$SYS/broker/clients/total"));
        assertEquals("3", published.get("$SYS/broker/clients/connected"));
        assertEquals("4", published.get("$SYS/broker/clients/disconnected"));
        assertEquals("3", published.get("$SYS/broker/clients/maximum"));
        assertEquals("600", published.get("$SYS/broker/publish/messages/received"));
        assertEquals("5", published.get("$SYS/broker/publish/messages/dropped"));
        assertEquals("2", published.get("$SYS/broker/ringmain/dropped/queue-age"));
        // 600 in ten seconds are 3600 a minute: 3600 * (1 - e^(-1/6)).
        assertEquals("552.67", published.get("$SYS/broker/load/publish/received/1min"));
        round();
        assertEquals(Map.of(), published, "only once in an interval");
    }

    @Test
    void shouldGoOnWhereItStoppedWhenTheRingWasFull() throws Exception {
        nowNs += INTERVAL_NS;
        round();
        final List<String> all = List.copyOf(published.keySet());
        published.clear();
        nowNs += INTERVAL_NS;
        int cycles = 0;
        while (agent.doWork() > 0) {
            cycles++;
        }
        assertTrue(cycles > 0, "nothing went into an empty ring");
        assertTrue(ring.remaining() < 2, "it stopped with " + ring.remaining() + " slots left");
        assertEquals(0, agent.doWork(), "it waits for nobody");
        final int stoppedAt = drain();
        assertEquals(all.subList(0, stoppedAt), List.copyOf(published.keySet()));
        while (drain() + agent.doWork() > 0) {}
        assertEquals(all, List.copyOf(published.keySet()));
    }

    @Test
    void shouldShowTheRing() throws Exception {
        nowNs += INTERVAL_NS;
        round();
        assertEquals(String.valueOf(SLOTS), published.get("$SYS/broker/ringmain/ring/capacity"));
        final long remaining = Long.parseLong(published.get("$SYS/broker/ringmain/ring/remaining"));
        assertTrue(remaining >= 0 && remaining < SLOTS, "while its own figures lie in it: " + remaining);
    }

    @Test
    void shouldPublishSoonAfterARequestButNotForEachOfMany() throws Exception {
        requested.set(true);
        round();
        assertTrue(published.containsKey("$SYS/broker/uptime"));
        requested.set(true);
        round();
        assertEquals(Map.of(), published);
        nowNs += TimeUnit.MILLISECONDS.toNanos(250);
        round();
        assertTrue(published.containsKey("$SYS/broker/uptime"));
    }

    @Test
    void shouldGoOnWhenTheClockIsSetBack() throws Exception {
        nowNs += INTERVAL_NS;
        round();
        nowNs -= TimeUnit.HOURS.toNanos(1);
        round();
        assertEquals("0 seconds", published.get("$SYS/broker/uptime"));
        counters.add(CounterId.PUBLISH_RECEIVED, 600);
        nowNs += INTERVAL_NS;
        round();
        assertEquals("552.67", published.get("$SYS/broker/load/publish/received/1min"));
    }

    @Test
    void shouldKeepSilentIfToldSo() throws Exception {
        final SysTopicsAgent none = new SysTopicsAgent(ring, counters, () -> nowNs, requested, "1", 0);
        requested.set(true);
        nowNs += 2 * INTERVAL_NS;
        assertEquals(0, none.doWork());
        assertEquals(0, drain());
    }

    @Test
    void shouldAverageOverMinutes() {
        final long[] count = {0};
        final LoadAverage load = new LoadAverage(() -> count[0], 1, 0);
        for (int i = 1; i <= 60; i++) {
            count[0] += 10;
            load.update(TimeUnit.SECONDS.toNanos(10L * i));
        }
        assertEquals(60.0, load.average(), 0.01, "ten each ten seconds");
        load.update(TimeUnit.SECONDS.toNanos(660));
        assertEquals(60.0 / Math.E, load.average(), 0.1, "a minute of silence");
    }
}
