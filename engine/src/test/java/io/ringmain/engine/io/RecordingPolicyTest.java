package io.ringmain.engine.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.management.ThreadMXBean;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class RecordingPolicyTest {
    private static final int ROUNDS = 100_000;

    private final AtomicBoolean logFull = new AtomicBoolean();
    private final Counters counters = new Counters();
    private final RecordingPolicy policy = new RecordingPolicy(new IoContext(0)
            .counters(counters)
            .logFull(logFull::get)
            .audit(new AuditOptions()
                    .recordQos0(List.of("w/#", "+/both"))
                    .recordQos0Headers(List.of("h/+", "+/both"))));

    private Recording of(final int qos, final boolean retain, final String topic) {
        final UnsafeBuffer bytes = new UnsafeBuffer(topic.getBytes(UTF_8));
        return policy.of(qos, retain, bytes, 0, bytes.capacity());
    }

    @Test
    void shouldRecordWhatMustSurviveWhateverItsTopic() {
        assertEquals(Recording.WHOLE, of(1, false, "n/1"));
        assertEquals(Recording.WHOLE, of(2, false, "h/1"));
        assertEquals(Recording.WHOLE, of(0, true, "h/1"));
    }

    @Test
    void shouldRecordOfTheRestWhatWasAskedForWholeBeforeHeaders() {
        assertEquals(Recording.NOTHING, of(0, false, "n/1"));
        assertEquals(Recording.WHOLE, of(0, false, "w/1/2"));
        assertEquals(Recording.HEADERS, of(0, false, "h/1"));
        assertEquals(Recording.NOTHING, of(0, false, "h/1/2"));
        assertEquals(Recording.WHOLE, of(0, false, "x/both"));
    }

    @Test
    void shouldCountWhatAFullLogKeepsFromBeingRecorded() {
        logFull.set(true);
        policy.count(of(0, false, "w/1"));
        policy.count(of(0, false, "h/1"));
        policy.count(of(0, false, "n/1"));
        assertEquals(2, counters.get(CounterId.AUDIT_QOS0_NOT_RECORDED));
        assertEquals(Recording.WHOLE, of(1, false, "w/1"), "whether to refuse it is not decided here");
    }

    @Test
    void shouldRefuseWhatIsNoTopicFilter() {
        final AuditOptions options = new AuditOptions();
        assertThrows(IllegalArgumentException.class, () -> options.recordQos0(List.of("a/#/b")));
        assertThrows(IllegalArgumentException.class, () -> options.recordQos0Headers(List.of("")));
        assertThrows(IllegalArgumentException.class, () -> options.stamp(List.of("$share/g/a")));
    }

    @Test
    void shouldNotAllocate() {
        final UnsafeBuffer topic = new UnsafeBuffer("plant/line3/rpm".getBytes(UTF_8));
        decide(topic);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        decide(topic);
        final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(0, allocated / ROUNDS, "bytes per decision, of " + allocated);
    }

    private void decide(final UnsafeBuffer topic) {
        for (int i = 0; i < ROUNDS; i++) {
            policy.of(0, false, topic, 0, topic.capacity());
        }
    }
}
