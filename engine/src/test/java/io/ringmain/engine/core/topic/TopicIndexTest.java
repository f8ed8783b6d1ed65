package io.ringmain.engine.core.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.session.SessionStore;
import io.ringmain.engine.core.state.Deadlines;
import io.ringmain.engine.core.state.IdentifierSets;
import io.ringmain.engine.core.state.StateDigest;
import io.ringmain.protocol.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicIndexTest {
    private static final String[] LEVELS = {"a", "b", "ab", "", "$s", "ä"};

    private final StateDigest digest = new StateDigest();
    private final SessionStore sessions = new SessionStore(digest, new Deadlines<>(), new IdentifierSets(digest));
    private final TopicIndex index = new TopicIndex(digest, new IdentifierSets(digest));

    private static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(UTF_8));
    }

    private Session session(final String clientId) {
        final UnsafeBuffer id = bytes(clientId);
        return sessions.add(id, 0, id.capacity());
    }

    private Subscription add(final Session session, final String filter) {
        final UnsafeBuffer buffer = bytes(filter);
        return index.add(session, buffer, 0, buffer.capacity(), 1, 0);
    }

    private Subscription find(final Session session, final String filter) {
        final UnsafeBuffer buffer = bytes(filter);
        return index.find(session, buffer, 0, buffer.capacity());
    }

    private List<String> match(final String topic) {
        final List<String> found = new ArrayList<>();
        final UnsafeBuffer buffer = bytes(topic);
        index.match(buffer, 0, buffer.capacity(), new TopicIndex.MatchHandler() {
            @Override
            public void onMatch(final Subscription subscription) {
                found.add(name(subscription));
            }

            @Override
            public void onMatch(final ShareGroup group) {
                found.add(text(group.filter()) + " x " + group.memberCount());
            }
        });
        return found;
    }

    private static String name(final Subscription subscription) {
        return text(subscription.session().clientId()) + ":" + text(subscription.filter());
    }

    private static String text(final UnsafeBuffer buffer) {
        final byte[] bytes = new byte[buffer.capacity()];
        buffer.getBytes(0, bytes);
        return new String(bytes, UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "a/b, a/b, true",
        "a/+, a/b, true",
        "a/+, a, false",
        "a/+, a/, true",
        "a/#, a, true",
        "a/#, a/b/c, true",
        "a/#, ab, false",
        "#, a/b, true",
        "#, $s/a, false",
        "+/a, $s/a, false",
        "$s/#, $s/a, true",
        "$s/+, $s/a, true",
        "+, /a, false",
        "+/+, /a, true",
        "/+, /a, true",
        "a/+/c, a//c, true"
    })
    void shouldMatchAsTheSpecificationSays(final String filter, final String topic, final boolean expected) {
        add(session("c"), filter);
        assertEquals(expected, !match(topic).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldMatchWhatTheNaiveMatcherMatches(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final List<Session> clients = List.of(session("1"), session("2"), session("3"));
        final List<Subscription> all = new ArrayList<>();
        for (int round = 0; round < 3000; round++) {
            final Session client = clients.get(random.nextInt(3));
            final String filter = filter(random);
            final Subscription existing = find(client, filter);
            if (existing == null) {
                all.add(add(client, filter));
            } else if (random.nextBoolean()) {
                assertSame(true, all.remove(existing));
                index.remove(existing);
            }
            final String topic = topic(random);
            assertEquals(naive(all, topic), match(topic).stream().sorted().toList(), () -> seed + ": " + topic);
            assertEquals(all.size(), index.count());
        }
        for (final Subscription left : all) {
            index.remove(left);
        }
        long empty = 0;
        for (final Session client : clients) {
            assertEquals(0, client.subscriptions().size());
            empty += TopicIndex.digestFromScratch(client);
        }
        assertEquals(0, empty);
        assertEquals(sessions.digestFromScratch(), digest.value());
    }

    private static List<String> naive(final List<Subscription> all, final String topic) {
        final UnsafeBuffer name = bytes(topic);
        return all.stream()
                .filter(s -> TopicFilter.matches(s.filter(), 0, s.filter().capacity(), name, 0, name.capacity()))
                .map(TopicIndexTest::name)
                .sorted()
                .toList();
    }

    private static String topic(final SplittableRandom random) {
        final StringBuilder topic = new StringBuilder(LEVELS[random.nextInt(LEVELS.length)]);
        for (int i = random.nextInt(4); i > 0; i--) {
            topic.append('/').append(LEVELS[random.nextInt(LEVELS.length)]);
        }
        return topic.length() == 0 ? "/" : topic.toString();
    }

    private static String filter(final SplittableRandom random) {
        final String[] levels = topic(random).split("/", -1);
        for (int i = 0; i < levels.length; i++) {
            levels[i] = random.nextInt(3) == 0 ? "+" : levels[i];
        }
        if (random.nextInt(4) == 0) {
            levels[levels.length - 1] = "#";
        }
        return String.join("/", levels);
    }

    @Test
    void shouldFindTheSubscriptionOfJustThisSession() {
        final Session first = session("1");
        final Session second = session("2");
        final Subscription added = add(first, "a/+");
        assertSame(added, find(first, "a/+"));
        assertNull(find(second, "a/+"));
        assertNull(find(first, "a/b"));
        assertNull(find(first, "a/#"));
    }

    @Test
    void shouldSurviveTopicsOfVeryManyLevels() {
        final String deep = "/".repeat(30_000);
        assertNotNull(add(session("1"), deep + "+"));
        add(session("2"), "+/#");
        assertEquals(2, match(deep).size());
        index.remove(find(sessions.get(0), deep + "+"));
        assertEquals(1, match(deep).size());
    }

    @Test
    void shouldKeepTheOrderOfThoseLeftWhenTheLastOneGoes() {
        final List<Session> clients = List.of(session("1"), session("2"), session("3"));
        clients.forEach(client -> add(client, "t"));
        index.remove(find(clients.get(2), "t"));
        assertEquals(List.of("1:t", "2:t"), match("t"));
        index.remove(find(clients.get(0), "t"));
        assertEquals(List.of("2:t"), match("t"));
    }

    /** More filters fit than a place in the cache of matches holds. */
    @Test
    void shouldMatchVeryManyFiltersAgainAndAgain() {
        final Session client = session("1");
        final String topic = "a/b/c/d/e/f/g";
        final List<Subscription> all = new ArrayList<>();
        for (int wildcards = 1; wildcards < 128; wildcards++) {
            all.add(add(client, withWildcards(topic, wildcards)));
        }
        for (int round = 0; round < 3; round++) {
            assertEquals(naive(all, topic), match(topic).stream().sorted().toList());
            assertEquals(
                    naive(all, "a/b/c/d/e/f/x"),
                    match("a/b/c/d/e/f/x").stream().sorted().toList());
        }
        all.add(add(client, topic));
        assertEquals(naive(all, topic), match(topic).stream().sorted().toList());
        all.add(add(client, "a/#"));
        assertEquals(naive(all, topic), match(topic).stream().sorted().toList());
        all.remove(0);
        index.remove(find(client, withWildcards(topic, 1)));
        assertEquals(naive(all, topic), match(topic).stream().sorted().toList());
    }

    /** {@code +} in place of the levels whose bits are set. */
    private static String withWildcards(final String topic, final int bits) {
        final String[] levels = topic.split("/");
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (bits >> i & 1) == 1 ? "+" : levels[i];
        }
        return String.join("/", levels);
    }
}
