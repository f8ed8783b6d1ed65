package io.ringmain.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TopicTest {
    private static final int OFFSET = 3;

    /** The text with wildcards before and behind it, which must not be looked at. */
    private static UnsafeBuffer buffer(final String text) {
        return new UnsafeBuffer(("/#/" + text + "#/+").getBytes(StandardCharsets.UTF_8));
    }

    private static int length(final String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static boolean matches(final String filter, final String topic) {
        return TopicFilter.matches(buffer(filter), OFFSET, length(filter), buffer(topic), OFFSET, length(topic));
    }

    @ParameterizedTest
    @CsvSource({
        "a, true",
        "/, true",
        "a/b, true",
        "/a, true",
        "a/, true",
        "a//b, true",
        "'a b', true",
        "$SYS/x, true",
        "\u00e9/\u20ac, true",
        "'', false",
        "+, false",
        "#, false",
        "a/+/b, false",
        "a/#, false",
        "a+, false"
    })
    void shouldValidateNames(final String name, final boolean valid) {
        assertEquals(valid, TopicName.validate(buffer(name), OFFSET, length(name)));
    }

    @Test
    void shouldRefuseTheZeroCharacterInNamesAndFilters() {
        assertFalse(TopicName.validate(buffer("a\u0000b"), OFFSET, 3));
        assertFalse(TopicFilter.validate(buffer("a\u0000b"), OFFSET, 3));
    }

    @ParameterizedTest
    @CsvSource({"a, 1", "a/b, 2", "/, 2", "//, 3", "/a/b/, 4", "+/#, 2"})
    void shouldCountLevels(final String name, final int levels) {
        assertEquals(levels, TopicName.levels(buffer(name), OFFSET, length(name)));
    }

    /** The examples of section 4.7.1 and 4.8.2 of MQTT 5, and their neighbours. */
    @ParameterizedTest
    @CsvSource({
        "#, true",
        "+, true",
        "/, true",
        "sport/tennis/player1/#, true",
        "sport/tennis/#, true",
        "sport/tennis#, false",
        "sport/tennis/#/ranking, false",
        "##, false",
        "#/, false",
        "+/tennis/#, true",
        "sport+, false",
        "+sport, false",
        "sport/+/player1, true",
        "/+, true",
        "+/+, true",
        "++, false",
        "+#, false",
        "a/b+/c, false",
        "'', false",
        "$share/g/a, true",
        "$share/g/#, true",
        "$share/g//, true",
        "$share/g/, false",
        "$share/g, false",
        "$share/, false",
        "$share//a, false",
        "$share/+/a, false",
        "$share/g#/a, false",
        "$share/g/a#, false",
        "$share, true",
        "$SHARE/+/a, true"
    })
    void shouldValidateFilters(final String filter, final boolean valid) {
        assertEquals(valid, TopicFilter.validate(buffer(filter), OFFSET, length(filter)));
    }

    @ParameterizedTest
    @CsvSource({"$share/g/a, true", "$share/, true", "$share, false", "$shared/g/a, false", "a/$share/g, false"})
    void shouldTellSharedFilters(final String filter, final boolean shared) {
        assertEquals(shared, TopicFilter.isShared(buffer(filter), OFFSET, length(filter)));
    }

    /** The examples of sections 4.7.1 to 4.7.3 of MQTT 5, and their neighbours. */
    @ParameterizedTest
    @CsvSource({
        "a/b, a/b, true",
        "a/b, a/c, false",
        "a/b, a/b/c, false",
        "a/b/c, a/b, false",
        "ACCOUNTS, Accounts, false",
        "sport/tennis/player1/#, sport/tennis/player1, true",
        "sport/tennis/player1/#, sport/tennis/player1/ranking, true",
        "sport/tennis/player1/#, sport/tennis/player1/score/wimbledon, true",
        "sport/tennis/player1/#, sport/tennis/player12, false",
        "sport/#, sport, true",
        "sport/#, sports, false",
        "#, a/b/c, true",
        "#, /, true",
        "sport/tennis/+, sport/tennis/player1, true",
        "sport/tennis/+, sport/tennis/player1/ranking, false",
        "sport/+, sport, false",
        "sport/+, sport/, true",
        "+/+, /finance, true",
        "/+, /finance, true",
        "+, /finance, false",
        "+/+/+, a//c, true",
        "+/#, a, true",
        "#, $SYS/x, false",
        "+/x, $SYS/x, false",
        "+/monitor/Clients, $SYS/monitor/Clients, false",
        "$SYS/#, $SYS/x, true",
        "$SYS/monitor/+, $SYS/monitor/Clients, true",
        "a/#, a/$b, true",
        "a/+, a/$b, true",
        "/a, a, false",
        "a/, a, false"
    })
    void shouldMatch(final String filter, final String topic, final boolean matches) {
        assertEquals(matches, matches(filter, topic));
    }

    @Test
    void shouldMatchLikeAComparisonOfLevels() {
        final String[] filterLevels = {"a", "b", "", "+", "$x", "\u00e9"};
        final String[] topicLevels = {"a", "b", "", "$x", "\u00e9"};
        final Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            final String filter = draw(random, filterLevels) + (random.nextInt(3) == 0 ? "/#" : "");
            final String topic = draw(random, topicLevels);
            if (!filter.isEmpty() && !topic.isEmpty()) {
                assertEquals(matchesByLevels(filter, topic), matches(filter, topic), filter + " on " + topic);
            }
        }
    }

    private static String draw(final Random random, final String[] levels) {
        final StringBuilder out = new StringBuilder(levels[random.nextInt(levels.length)]);
        for (int i = random.nextInt(4); i > 0; i--) {
            out.append('/').append(levels[random.nextInt(levels.length)]);
        }
        return out.toString();
    }

    private static boolean matchesByLevels(final String filter, final String topic) {
        final String[] wanted = filter.split("/", -1);
        final String[] actual = topic.split("/", -1);
        if (topic.startsWith("$") && (wanted[0].equals("+") || wanted[0].equals("#"))) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].equals("#")) {
                return true;
            }
            if (i == actual.length || !(wanted[i].equals("+") || wanted[i].equals(actual[i]))) {
                return false;
            }
        }
        return wanted.length == actual.length;
    }
}
