package io.ringmain.engine.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.auth.Authorizer;
import io.ringmain.engine.auth.ClientAccess;
import io.ringmain.engine.auth.ClientIdentity;
import io.ringmain.engine.auth.ReadRights;
import io.ringmain.protocol.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class TopicCatalogTest {
    private final TopicCatalog catalog = new TopicCatalog(10_000);

    static void add(
            final TopicCatalog catalog, final long ns, final String topic, final String publisher, final int bytes) {
        final byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        final byte[] id = publisher.getBytes(StandardCharsets.UTF_8);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[name.length + id.length]);
        buffer.putBytes(0, id);
        buffer.putBytes(id.length, name);
        catalog.add(ns, buffer, id.length, name.length, 0, id.length, bytes);
    }

    static CatalogAnswer answer(final TopicCatalog catalog, final String filter) {
        return catalog.answer(CatalogRequest.of(filter.getBytes(StandardCharsets.UTF_8)));
    }

    static List<String> topics(final CatalogAnswer answer) {
        final List<String> topics = new ArrayList<>();
        for (int i = 0; i < answer.size(); i++) {
            topics.add(new String(answer.topic(i), StandardCharsets.UTF_8));
        }
        return topics;
    }

    private List<String> topics(final String filter) {
        return topics(answer(catalog, filter));
    }

    @Test
    void shouldKeepTimesNumberBytesAndLastPublisher() {
        add(catalog, 100, "a/b", "first", 7);
        add(catalog, 200, "a/c", "first", 1);
        add(catalog, 300, "a/b", "second", 0);
        add(catalog, 400, "a/b", "first", 5);
        final CatalogAnswer answer = answer(catalog, "a/b");
        assertEquals(1, answer.size());
        assertEquals(100, answer.firstNs(0));
        assertEquals(400, answer.lastNs(0));
        assertEquals(3, answer.messages(0));
        assertEquals(12, answer.bytes(0));
        assertEquals("first", new String(answer.publisher(0), StandardCharsets.UTF_8));
    }

    @Test
    void shouldNotChangeAnAnswerThatWasGiven() {
        add(catalog, 100, "a", "one", 7);
        final CatalogAnswer answer = answer(catalog, "#");
        add(catalog, 200, "a", "other", 7);
        add(catalog, 200, "b", "other", 7);
        assertEquals(1, answer.size());
        assertEquals(1, answer.messages(0));
        assertEquals(100, answer.lastNs(0));
        assertEquals("one", new String(answer.publisher(0), StandardCharsets.UTF_8));
    }

    @Test
    void shouldAnswerInTopicOrderHoweverTheyCame() {
        for (final String topic : List.of("b", "a/x", "a", "ä", "a-b", "a/", "/", "c")) {
            add(catalog, 1, topic, "p", 0);
        }
        assertEquals(List.of("/", "a", "a-b", "a/", "a/x", "b", "c", "ä"), topics("#"));
        add(catalog, 1, "a/w", "p", 0);
        add(catalog, 1, "0", "p", 0);
        assertEquals(List.of("/", "0", "a", "a-b", "a/", "a/w", "a/x", "b", "c", "ä"), topics("#"));
        assertEquals(List.of("a", "a/", "a/w", "a/x"), topics("a/#"));
        assertEquals(List.of("a/", "a/w", "a/x"), topics("a/+"));
        assertEquals(List.of("/", "a/", "a/w", "a/x"), topics("+/+"));
        assertEquals(List.of("a/w"), topics("a/w"));
        assertEquals(List.of(), topics("a/v"));
        assertEquals(List.of(), topics("d/#"));
    }

    /** Every filter against a walk through all topics. */
    @Test
    void shouldFindWhatTheFilterMatches() {
        final SplittableRandom random = new SplittableRandom(7);
        final TreeSet<String> all = new TreeSet<>();
        final String[] levels = {"a", "b", "ab", "", "a-"};
        for (int i = 0; i < 2_000; i++) {
            final StringBuilder topic = new StringBuilder(levels[random.nextInt(3)]);
            for (int depth = random.nextInt(5); depth > 0; depth--) {
                topic.append('/').append(levels[random.nextInt(levels.length)]);
            }
            all.add(topic.toString());
            add(catalog, i, topic.toString(), "p" + i % 3, 1);
            if (i % 100 == 0) {
                compareAll(all, random, levels);
            }
            catalog.settle();
        }
        compareAll(all, random, levels);
        assertTrue(all.size() > 500, "few topics: " + all.size());
    }

    private void compareAll(final TreeSet<String> all, final SplittableRandom random, final String[] levels) {
        for (int i = 0; i < 50; i++) {
            final StringBuilder filter = new StringBuilder(random.nextInt(4) == 0 ? "+" : levels[random.nextInt(3)]);
            for (int depth = random.nextInt(4); depth > 0; depth--) {
                filter.append('/').append(random.nextInt(3) == 0 ? "+" : levels[random.nextInt(levels.length)]);
            }
            final String text = filter + (random.nextBoolean() ? "/#" : "");
            final UnsafeBuffer bytes = new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
            final List<String> expected = all.stream()
                    .filter(topic -> {
                        final UnsafeBuffer name = new UnsafeBuffer(topic.getBytes(StandardCharsets.UTF_8));
                        return TopicFilter.matches(bytes, 0, bytes.capacity(), name, 0, name.capacity());
                    })
                    .toList();
            assertEquals(expected, topics(text), text);
        }
    }

    @Test
    void shouldCountTheMessagesOfTopicsThatItHasNoRoomFor() {
        final TopicCatalog small = new TopicCatalog(2);
        for (final String topic : List.of("a", "b", "c", "a", "c", "d")) {
            add(small, 1, topic, "p", 1);
        }
        final CatalogAnswer answer = answer(small, "#");
        assertEquals(List.of("a", "b"), topics(answer));
        assertEquals(2, answer.messages(0));
        assertEquals(3, small.messagesBeyondCap());
        assertEquals(3, answer.messagesBeyondCap());
    }

    @Test
    void shouldAskForEachTopicWhetherTheClientMayReadIt() {
        for (final String topic : List.of("open", "secret/a", "secret/b", "z")) {
            add(catalog, 1, topic, "p", 0);
        }
        final List<String> asked = new ArrayList<>();
        final Authorizer authorizer = ReadRights.of((client, topic) -> {
            asked.add(client.username() + " " + topic);
            return !topic.startsWith("secret");
        });
        final ClientIdentity anna = new ClientIdentity("local", "peer", "me", "anna", Set.of());
        final ClientAccess access = new ClientAccess(anna, authorizer.permissionsOf(anna));
        final byte[] filter = "#".getBytes(StandardCharsets.UTF_8);
        final CatalogRequest request = new CatalogRequest(1, access, filter, 0);
        assertEquals(List.of("open", "z"), topics(catalog.answer(request)));
        assertEquals("anna open", asked.get(0));
        assertEquals(4, asked.size());
        final byte[] exact = "secret/a".getBytes(StandardCharsets.UTF_8);
        assertEquals(List.of(), topics(catalog.answer(new CatalogRequest(1, access, exact, 0))));
    }

    /** The figure of {@link CatalogEntry}, with its share of the two tables, measured: most of 200,000 topics. */
    @Test
    void shouldTakeLittleMemoryForATopic() {
        final int topics = 200_000;
        final TopicCatalog large = new TopicCatalog(topics);
        final long before = usedBytes();
        for (int i = 0; i < topics; i++) {
            add(large, i, "site/line/sensor-%06d".formatted(i), "publisher-" + i % 1000, 16);
        }
        final long perTopic = (usedBytes() - before) / topics;
        assertEquals(topics, answer(large, "#").size());
        assertTrue(perTopic > 56 && perTopic < 136, perTopic + " bytes for a topic");
    }

    private static long usedBytes() {
        final Runtime runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }

    @Test
    void shouldShareTheIdsOfPublishers() {
        for (int i = 0; i < 100; i++) {
            add(catalog, i, "t/" + i, "one publisher", 0);
        }
        final CatalogAnswer answer = answer(catalog, "#");
        for (int i = 0; i < 100; i++) {
            assertTrue(
                    answer.publisher(i) == answer.publisher(0),
                    "another array for " + Arrays.toString(answer.topic(i)));
        }
    }
}
