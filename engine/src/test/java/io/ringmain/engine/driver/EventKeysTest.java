package io.ringmain.engine.driver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.event.ConnectEvent;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.engine.event.TickEvent;
import io.ringmain.storage.log.ChronicleMessageLog;
import io.ringmain.storage.log.LogContext;
import io.ringmain.storage.log.LogInspector;
import io.ringmain.storage.log.SegmentFilter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventKeysTest {
    private final UnsafeBuffer event = new UnsafeBuffer(new byte[4096]);

    @TempDir
    private Path dir;

    private List<String> keys() {
        return keys("");
    }

    /** @param known the only key that is known already. */
    private List<String> keys(final String known) {
        final List<String> keys = new ArrayList<>();
        new EventKeys().keys(event, 0, EventHeader.length(event, 0), (kind, buffer, offset, length) -> {
            keys.add(kind + " " + buffer.getStringWithoutLengthUtf8(offset, length));
            return keys.get(keys.size() - 1).equals(known);
        });
        return keys;
    }

    private static UnsafeBuffer text(final String text) {
        return new UnsafeBuffer(text.getBytes(UTF_8));
    }

    private void publish(final String client, final String topic) {
        final UnsafeBuffer id = text(client);
        final UnsafeBuffer none = text("");
        final UnsafeBuffer name = text(topic);
        final int parts = PublishEvent.write(event, 0, 0, 0, 1, 1, 1, 0, 0, 5, 0, 0, name.capacity(), 0, 0);
        event.putBytes(parts, name, 0, name.capacity());
        final UnsafeBuffer origin = new UnsafeBuffer(new byte[Origin.length(id.capacity())]);
        Origin.write(origin, 0, 5, id, none, none, none, none);
        Origin.append(event, 0, origin);
    }

    @Test
    void shouldNameClientTopicAndItsLevels() {
        publish("press-07", "plant/line3/rpm");
        assertEquals(List.of("1 plant/line3/rpm", "1 plant/line3", "1 plant", "2 press-07"), keys());
        publish("", "/a//b");
        assertEquals(List.of("1 /a//b", "1 /a/", "1 /a"), keys());
        publish("c", "1/2/3/4/5/6/7/8/9/10");
        assertEquals("1 1/2/3/4/5/6/7/8", keys().get(0));
        assertEquals("1 1", keys().get(7));
        assertEquals("2 c", keys().get(8));
    }

    @Test
    void shouldNotNameTheLevelsOfAKnownTopicAgain() {
        publish("press-07", "plant/line3/rpm");
        assertEquals(List.of("1 plant/line3/rpm", "2 press-07"), keys("1 plant/line3/rpm"));
        assertEquals(List.of("1 plant/line3/rpm", "1 plant/line3", "2 press-07"), keys("1 plant/line3"));
    }

    @Test
    void shouldNameClientUserAndWillOfAConnect() {
        final UnsafeBuffer id = text("c");
        final UnsafeBuffer user = text("ops");
        final UnsafeBuffer topic = text("will/c");
        new ConnectEvent()
                .wrapForWrite(event, 0, 0, 0, 7)
                .clientId(id, 0, 1)
                .username(user, 0, 3)
                .certificate(user, 0, 0)
                .listener(user, 0, 0)
                .peer(user, 0, 0)
                .willTopic(topic, 0, 6)
                .finish();
        assertEquals(List.of("1 will/c", "1 will", "2 c", "3 ops"), keys());
        TickEvent.write(event, 0, 1);
        assertEquals(List.of(), keys());
    }

    /** Two segments with different topics and clients: a question reads only the one that may answer it. */
    @Test
    void shouldLeadAQuestionToItsSegments() {
        for (final String name : List.of("a", "b")) {
            try (ChronicleMessageLog log = ChronicleMessageLog.open(new LogContext()
                    .dataDir(dir)
                    .segmentBytes(1 << 20)
                    .maxRecordLength(64 << 10)
                    .keys(new EventKeys()))) {
                log.beginBlock(1);
                publish("client-" + name, "plant/" + name + "/rpm");
                log.append(event, 0, EventHeader.length(event, 0));
                log.endBlock();
            }
        }
        ChronicleMessageLog.open(new LogContext().dataDir(dir).keys(new EventKeys()))
                .close();
        assertEquals(1, segmentsFor("plant/a/+"));
        assertEquals(1, segmentsFor("plant/b/rpm"));
        assertEquals(2, segmentsFor("plant/+/rpm"));
        assertEquals(2, segmentsFor("#"));
        assertEquals(2, segmentsFor("+/a/rpm"));
        assertEquals(0, segmentsFor("plant/c/#"));
        assertEquals(0, segmentsFor("plants/#"));
        final UnsafeBuffer client = text("client-a");
        assertEquals(1, read(EventKeys.newFilter().key(EventKeys.CLIENT, client, 0, client.capacity())));
        assertEquals(0, read(EventKeys.newFilter().key(EventKeys.USER, client, 0, client.capacity())));
    }

    private int segmentsFor(final String topicFilter) {
        final UnsafeBuffer filter = text(topicFilter);
        return read(EventKeys.addTopicFilter(EventKeys.newFilter(), filter, 0, filter.capacity()));
    }

    private int read(final SegmentFilter filter) {
        final LogInspector inspector = LogInspector.open(dir);
        final List<Long> found = new ArrayList<>();
        inspector.scan(0, filter, (position, buffer, offset, length) -> found.add(position));
        assertTrue(found.size() == inspector.segmentsRead(), "one record each");
        return inspector.segmentsRead();
    }
}
