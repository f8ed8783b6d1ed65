package io.ringmain.engine.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmain.protocol.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Random lists against a model that tries one rule after the other, on every topic there is in a small world. */
class AclPropertyTest {
    private static final String[] LEVELS = {"a", "b", ""};
    private static final String[] NAMES = {"a", "b", "+", "a/b", "$S", ""};
    private static final int LISTS = 1_500;
    private static final int MAX_DEPTH = 4;

    private record Rule(int access, String filter, boolean pattern) {
        String line() {
            final String name = access == AclRule.DENY
                    ? "deny"
                    : access == AclRule.READ ? "read" : access == AclRule.WRITE ? "write" : "readwrite";
            return (pattern ? "pattern " : "topic ") + name + " " + filter;
        }

        /** Whether the rule is about a topic, for a client. */
        boolean matches(final String topic, final ClientIdentity client) {
            final boolean hasUser = pattern && filter.contains("%u");
            final boolean hasClient = pattern && filter.contains("%c");
            if (topic.startsWith("$") != filter.startsWith("$")) {
                return false;
            }
            if (hasUser && client.username() == null) {
                // Nothing behind the first odd name is looked at.
                final boolean oddFirst =
                        filter.substring(0, filter.indexOf("%u")).contains("%c") && isOdd(client.clientId());
                return oddFirst && access == AclRule.DENY && matchesFilter(untilOdd(client), topic);
            }
            if (!(hasClient && isOdd(client.clientId()) || hasUser && isOdd(client.username()))) {
                final String user = client.username() == null ? "" : client.username();
                return matchesFilter(
                        pattern ? filter.replace("%c", client.clientId()).replace("%u", user) : filter, topic);
            }
            return access == AclRule.DENY && matchesFilter(untilOdd(client), topic);
        }

        private String untilOdd(final ClientIdentity client) {
            final StringBuilder start = new StringBuilder();
            for (final String level : filter.split("/", -1)) {
                if (level.contains("%c") && isOdd(client.clientId())
                        || level.contains("%u") && isOdd(client.username())) {
                    break;
                }
                start.append(level.replace("%c", client.clientId()).replace("%u", String.valueOf(client.username())))
                        .append('/');
            }
            // The level itself must be there; what it is doesn't count.
            return start + "+/#";
        }
    }

    private static boolean isOdd(final String name) {
        return name != null && name.matches(".*[+#/].*");
    }

    private static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    /** By the protocol's own matching, but that a first level which a name stands for may begin with a dollar. */
    private static boolean matchesFilter(final String filter, final String topic) {
        final UnsafeBuffer filterBytes = bytes("x/" + filter);
        final UnsafeBuffer topicBytes = bytes("x/" + topic);
        return TopicFilter.matches(filterBytes, 0, filterBytes.capacity(), topicBytes, 0, topicBytes.capacity());
    }

    private static List<String> topics() {
        final List<String> topics = new ArrayList<>();
        // One level that no rule knows.
        final String[] levels = {"a", "b", "", "z"};
        List<String> last = List.of(levels);
        for (int depth = 1; depth <= MAX_DEPTH; depth++) {
            topics.addAll(last);
            final List<String> next = new ArrayList<>();
            for (final String start : last) {
                for (final String level : levels) {
                    next.add(start + "/" + level);
                }
            }
            last = next;
        }
        topics.remove("");
        final List<String> all = new ArrayList<>(topics);
        topics.forEach(topic -> all.add("$S/" + topic));
        all.addAll(List.of("$S", "$S/", "$z", "$z/a"));
        return all;
    }

    private static String filter(final Random random, final boolean pattern) {
        final StringBuilder filter = new StringBuilder();
        final int depth = 1 + random.nextInt(MAX_DEPTH - 1);
        for (int i = 0; i < depth; i++) {
            filter.append(i == 0 ? "" : "/");
            if (i == depth - 1 && random.nextInt(3) == 0) {
                return filter.append('#').toString();
            }
            final int kind = random.nextInt(pattern ? 8 : 6);
            filter.append(
                    kind == 0
                            ? "+"
                            : kind == 1 && i == 0
                                    ? "$S"
                                    : kind < 6 ? LEVELS[random.nextInt(3)] : kind == 6 ? "%c" : "%u");
        }
        return filter.isEmpty() ? "a" : filter.toString();
    }

    private static List<Rule> rules(final Random random) {
        final int[] accesses = {AclRule.READ, AclRule.WRITE, AclRule.READ | AclRule.WRITE, AclRule.DENY};
        final List<Rule> rules = new ArrayList<>();
        for (int i = random.nextInt(8); i >= 0; i--) {
            final boolean pattern = random.nextInt(3) == 0;
            rules.add(new Rule(accesses[random.nextInt(4)], filter(random, pattern), pattern));
        }
        return rules;
    }

    @Test
    void shouldSayWhatTheModelSays() throws AclException {
        final long seed = Long.getLong("ringmain.seed", 20_261_126L);
        final Random random = new Random(seed);
        final List<String> topics = topics();
        for (int i = 0; i < LISTS; i++) {
            final List<Rule> rules = rules(random);
            final StringBuilder text = new StringBuilder();
            final String user = random.nextInt(4) == 0 ? null : NAMES[random.nextInt(NAMES.length - 1)];
            if (user != null) {
                text.append("user ").append(user).append('\n');
            }
            rules.forEach(rule -> text.append(rule.line()).append('\n'));
            final ClientIdentity client =
                    new ClientIdentity("l", "p", NAMES[random.nextInt(NAMES.length - 1)], user, Set.of());
            final Acl acl = Acl.parse(text.toString(), 100);
            final String what = "seed " + seed + " list " + i + " " + client + "\n" + text;
            compare(acl, rules, client, topics, what);
            for (int j = 0; j < 5; j++) {
                compareSubscription(acl, rules, client, topics, filter(random, false), what);
            }
        }
    }

    private static boolean says(
            final List<Rule> rules, final ClientIdentity client, final String topic, final int access) {
        boolean allowed = false;
        for (final Rule rule : rules) {
            if (rule.matches(topic, client)) {
                if (rule.access == AclRule.DENY) {
                    return false;
                }
                allowed |= (rule.access & access) != 0;
            }
        }
        return allowed;
    }

    private static void compare(
            final Acl acl,
            final List<Rule> rules,
            final ClientIdentity client,
            final List<String> topics,
            final String what) {
        final Permissions permissions = acl.permissionsOf(client);
        for (final String topic : topics) {
            final UnsafeBuffer name = bytes(topic);
            final boolean read = says(rules, client, topic, AclRule.READ);
            final boolean write = says(rules, client, topic, AclRule.WRITE);
            assertEquals(read, permissions.mayReceive(name, 0, name.capacity()), () -> what + "read " + topic);
            assertEquals(write, permissions.mayPublish(name, 0, name.capacity()), () -> what + "write " + topic);
            if (topic.hashCode() % 16 != 0) {
                continue;
            }
            assertEquals(read, acl.explain(client, Acl.Action.RECEIVE, topic).isAllowed(), () -> what + topic);
            assertEquals(write, acl.explain(client, Acl.Action.PUBLISH, topic).isAllowed(), () -> what + topic);
        }
    }

    private static void compareSubscription(
            final Acl acl,
            final List<Rule> rules,
            final ClientIdentity client,
            final List<String> topics,
            final String filter,
            final String what) {
        final UnsafeBuffer bytes = bytes(filter);
        // No topic is empty, but filters are compared as if one could be.
        final List<String> matching = Stream.concat(topics.stream(), Stream.of(""))
                .filter(topic -> topic.startsWith("$") == filter.startsWith("$") && matchesFilter(filter, topic))
                .toList();
        final boolean overlaps = rules.stream()
                .filter(rule -> (rule.access & AclRule.READ) != 0)
                .anyMatch(rule -> matching.stream().anyMatch(topic -> rule.matches(topic, client)));
        final boolean covered = rules.stream()
                .filter(rule -> rule.access == AclRule.DENY)
                .anyMatch(rule -> matching.stream().allMatch(topic -> rule.matches(topic, client)));
        final boolean hasDollar = client.clientId().equals("$S") || "$S".equals(client.username());
        compareShare(acl, rules, client, matching, filter, hasDollar, what);
        final boolean granted = acl.permissionsOf(client).maySubscribe(bytes, 0, bytes.capacity());
        if (hasDollar && granted && !covered) {
            // A wildcard may be granted for topics that would begin with the name; none of them is ever delivered.
            return;
        }
        assertEquals(overlaps && !covered, granted, () -> what + "subscribe " + filter);
        assertEquals(
                granted,
                acl.explain(client, Acl.Action.SUBSCRIBE, filter).isAllowed(),
                () -> what + "explain subscribe " + filter);
    }

    private static void compareShare(
            final Acl acl,
            final List<Rule> rules,
            final ClientIdentity client,
            final List<String> matching,
            final String filter,
            final boolean hasDollar,
            final String what) {
        final UnsafeBuffer bytes = bytes(filter);
        final boolean covered = rules.stream()
                .filter(rule -> (rule.access & AclRule.READ) != 0)
                .anyMatch(rule -> matching.stream().allMatch(topic -> rule.matches(topic, client)));
        final boolean denied = rules.stream()
                .filter(rule -> rule.access == AclRule.DENY)
                .anyMatch(rule -> matching.stream().anyMatch(topic -> rule.matches(topic, client)));
        final boolean granted = acl.permissionsOf(client).mayShare(bytes, 0, bytes.capacity());
        assertEquals(
                granted,
                acl.explain(client, Acl.Action.SHARE, filter).isAllowed(),
                () -> what + "explain share " + filter);
        if (hasDollar && !granted) {
            // A wildcard may be refused for topics that would begin with the name.
            return;
        }
        assertEquals(covered && !denied, granted, () -> what + "share " + filter);
    }
}
