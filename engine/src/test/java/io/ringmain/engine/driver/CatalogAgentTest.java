package io.ringmain.engine.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.auth.ClientAccess;
import io.ringmain.engine.auth.Permissions;
import io.ringmain.engine.catalog.CatalogAnswer;
import io.ringmain.engine.catalog.CatalogFile;
import io.ringmain.engine.catalog.CatalogLane;
import io.ringmain.engine.catalog.CatalogLimits;
import io.ringmain.engine.catalog.CatalogRequest;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.engine.event.TickEvent;
import io.ringmain.storage.log.ChronicleMessageLog;
import io.ringmain.storage.log.LivePositions;
import io.ringmain.storage.log.LogContext;
import io.ringmain.storage.log.MessageLog;
import io.ringmain.storage.log.Retention;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.collections.IntArrayList;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CatalogAgentTest {
    private static final UnsafeBuffer ORIGIN = origin();

    private static UnsafeBuffer origin() {
        final UnsafeBuffer none = new UnsafeBuffer(new byte[0]);
        final UnsafeBuffer id = new UnsafeBuffer("press".getBytes(StandardCharsets.UTF_8));
        final UnsafeBuffer target = new UnsafeBuffer(new byte[Origin.length(id.capacity())]);
        Origin.write(target, 0, 5, id, none, none, none, none);
        return target;
    }

    private static final int SEGMENT = 1 << 20;

    @TempDir
    private Path dir;

    private final UnsafeBuffer event = new UnsafeBuffer(new byte[256 << 10]);
    private final Sequence commitPosition = new Sequence(0);
    private final List<String> events = new ArrayList<>();
    private final IntArrayList woken = new IntArrayList();
    private final CatalogLimits limits = new CatalogLimits().enabled(true);
    private Counters counters = new Counters();
    private MessageLog log;
    private CatalogAgent agent;
    private long nowNs = 1_000;

    @BeforeEach
    void open() {
        log = ChronicleMessageLog.open(
                new LogContext().dataDir(dir).segmentBytes(SEGMENT).maxRecordLength(128 << 10));
        commitPosition.set(log.appendPosition());
        counters = new Counters();
        agent = new CatalogAgent(
                log, commitPosition, dir, limits, () -> nowNs, counters, events::add, 1, woken::addInt);
    }

    @AfterEach
    void close() {
        agent.onClose();
        log.close();
    }

    private void reopen() {
        close();
        open();
    }

    /** Appends a message in a block of its own; returns the position behind it. */
    private long publish(final String topic, final int payloadLength) {
        final byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        final int at = PublishEvent.write(event, 0, 0, 0, 7, 1, 1, 0, 0, 5, 0, 0, name.length, 0, payloadLength);
        event.putBytes(at, name);
        Origin.append(event, 0, ORIGIN);
        return append();
    }

    private long append() {
        nowNs += 1_000;
        EventHeader.stamp(event, 0, log.appendPosition(), nowNs);
        log.beginBlock(nowNs);
        assertTrue(log.append(event, 0, EventHeader.length(event, 0)));
        log.endBlock();
        return log.appendPosition();
    }

    private void commit() {
        commitPosition.set(log.appendPosition());
    }

    private void run() {
        for (int idle = 0; idle < 3; ) {
            idle = agent.doWork() == 0 ? idle + 1 : 0;
        }
    }

    private CatalogLane lane() {
        return agent.lanes()[0];
    }

    private void request(final String filter, final long notBefore) {
        lane().request(new CatalogRequest(
                1, ClientAccess.of(Permissions.ALL), filter.getBytes(StandardCharsets.UTF_8), notBefore));
    }

    private CatalogAnswer ask() {
        request("#", 0);
        run();
        final CatalogAnswer answer = lane().pollAnswer();
        assertNotNull(answer, events.toString());
        lane().release(answer);
        return answer;
    }

    private static List<String> topics(final CatalogAnswer answer) {
        final List<String> topics = new ArrayList<>();
        for (int i = 0; i < answer.size(); i++) {
            topics.add(new String(answer.topic(i), StandardCharsets.UTF_8) + " " + answer.messages(i));
        }
        return topics;
    }

    @Test
    void shouldFollowTheLogAsFarAsItIsCommitted() {
        final long behind = publish("a", 10);
        publish("b", 10);
        commitPosition.set(behind);
        final CatalogAnswer first = ask();
        assertEquals(List.of("a 1"), topics(first));
        assertEquals(behind, first.asOf());
        commit();
        assertEquals(List.of("a 1", "b 1"), topics(ask()));
        assertEquals(2, counters.get(CounterId.CATALOG_TOPICS));
        assertEquals(log.appendPosition(), counters.get(CounterId.CATALOG_POSITION));
    }

    @Test
    void shouldCountMessagesOnly() {
        publish("a", 10);
        TickEvent.write(event, 0, nowNs);
        append();
        PublishEvent.write(event, 0, 0, 0, 7, 1, 1, 0, 0x90, 5, 0, 0, 1, 0, 0);
        event.putByte(EventHeader.length(event, 0) - 1, (byte) 'x');
        append();
        commit();
        assertEquals(List.of("a 1"), topics(ask()));
        assertEquals(log.appendPosition(), counters.get(CounterId.CATALOG_POSITION));
    }

    @Test
    void shouldAnswerWhenItHasGotToWhereItWasAsked() {
        publish("a", 1);
        commit();
        final long behind = publish("b", 1);
        request("#", behind);
        run();
        assertNull(lane().pollAnswer());
        assertTrue(woken.isEmpty());
        commit();
        run();
        assertEquals(List.of("a 1", "b 1"), topics(lane().pollAnswer()));
        assertEquals(1, woken.size());
    }

    @Test
    void shouldGoOnFromWhereItsFileEnds() {
        publish("a", 1);
        commit();
        run();
        reopen();
        agent.doWork();
        assertEquals(log.appendPosition(), counters.get(CounterId.CATALOG_POSITION), "it reads the log again");
        publish("a", 1);
        publish("b", 1);
        commit();
        assertEquals(List.of("a 2", "b 1"), topics(ask()));
        assertEquals(List.of(), events);
    }

    @Test
    void shouldReadTheLogAgainWhenTheFileIsDamaged() throws IOException {
        publish("a", 1);
        commit();
        run();
        close();
        final byte[] bytes = Files.readAllBytes(CatalogFile.in(dir));
        bytes[bytes.length / 2] ^= 1;
        Files.write(CatalogFile.in(dir), bytes);
        open();
        assertEquals(List.of("a 1"), topics(ask()));
        assertTrue(events.get(0).contains("damaged"), events.toString());
        assertTrue(events.get(0).contains("anew"), events.toString());
        assertEquals(1, counters.get(CounterId.CATALOG_FAILURES));
        reopen();
        assertEquals(List.of("a 1"), topics(ask()));
        assertEquals(1, events.size(), "the file was not replaced: " + events);
    }

    @Test
    void shouldReadTheLogAgainWhenTheFileIsOfAnother() throws IOException {
        publish("a", 1);
        publish("b", 1);
        commit();
        run();
        close();
        final byte[] file = Files.readAllBytes(CatalogFile.in(dir));
        try (Stream<Path> files = Files.walk(dir)) {
            for (final Path each : files.filter(Files::isRegularFile).toList()) {
                Files.delete(each);
            }
        }
        Files.write(CatalogFile.in(dir), file);
        nowNs = 5_000_000;
        open();
        publish("c", 1);
        publish("d", 1);
        publish("e", 1);
        commit();
        assertEquals(List.of("c 1", "d 1", "e 1"), topics(ask()));
        assertTrue(events.get(0).contains("the log has no such record"), events.toString());
    }

    @Test
    void shouldMakeNoAnswerWhileOthersTakeTheMemory() {
        limits.maxAnswerBytes(1);
        publish("a", 1);
        commit();
        request("#", 0);
        request("a", 0);
        run();
        final CatalogAnswer first = lane().pollAnswer();
        assertNull(lane().pollAnswer());
        assertEquals(1, counters.get(CounterId.CATALOG_DELAYED));
        lane().release(first);
        run();
        assertEquals(List.of("a 1"), topics(lane().pollAnswer()));
        assertEquals(2, counters.get(CounterId.CATALOG_ANSWERS));
    }

    private void fillSegments(final int count) {
        final long from = log.appendPosition();
        while (log.appendPosition() - from < (long) count * SEGMENT) {
            publish("bulk", 100_000);
        }
        commit();
    }

    @Test
    void shouldKeepTopicsWhoseRecordsAreGone() {
        publish("old", 1);
        fillSegments(3);
        run();
        assertTrue(log.truncate(log.appendPosition(), new LivePositions(), new Retention(0, 0, 0), Long.MAX_VALUE) > 0);
        publish("new", 1);
        commit();
        final List<String> known = topics(ask());
        assertEquals("new 1", known.get(1));
        assertEquals("old 1", known.get(2));
        reopen();
        assertEquals(known, topics(ask()));
        assertEquals(List.of(), events);
    }

    @Test
    void shouldSayWhichRecordsWereGoneBeforeItReadThem() {
        publish("old", 1);
        fillSegments(3);
        assertTrue(log.truncate(log.appendPosition(), new LivePositions(), new Retention(0, 0, 0), Long.MAX_VALUE) > 0);
        final List<String> known = topics(ask());
        assertEquals(1, known.size());
        assertTrue(known.get(0).startsWith("bulk "), known.toString());
        assertEquals(1, events.size(), events.toString());
        assertTrue(events.get(0).contains("from position 0 to " + log.firstPosition()), events.toString());
    }

    @Test
    void shouldStayWhereTheLogIsDamagedAndStillAnswer() throws IOException {
        final long behind = publish("a", 1);
        final long damaged = publish("find-me", 1);
        publish("c", 1);
        commit();
        flip("find-me");
        request("#", log.appendPosition());
        run();
        final CatalogAnswer answer = lane().pollAnswer();
        assertEquals(List.of("a 1"), topics(answer));
        assertEquals(behind, answer.asOf());
        assertEquals(1, counters.get(CounterId.CATALOG_FAILURES));
        assertTrue(events.get(0).contains("stays at position " + behind), events.toString());
        flip("fine-me");
        nowNs += 60_000_000_000L;
        run();
        assertEquals(log.appendPosition(), counters.get(CounterId.CATALOG_POSITION), "damage ended at " + damaged);
        assertEquals(1, events.size(), events.toString());
    }

    /** Changes a bit of a text in the segment, and changes it back with the changed text. */
    private void flip(final String text) throws IOException {
        final Path segment;
        try (Stream<Path> files = Files.walk(dir.resolve("log"))) {
            segment = files.filter(file -> file.toString().endsWith(".cq4"))
                    .findFirst()
                    .orElseThrow();
        }
        final String bytes = new String(Files.readAllBytes(segment), StandardCharsets.ISO_8859_1);
        final int at = bytes.indexOf(text);
        assertFalse(at < 0);
        try (var file = new java.io.RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(at + 3);
            file.write(text.equals("find-me") ? 'e' : 'd');
        }
    }
}
