package io.ringmain.engine.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an ACL says, as mosquitto.conf(5) has it, and where it is stricter. */
class AclTest {
    private static Acl acl(final String... lines) {
        try {
            return Acl.parse(String.join("\n", lines), Acl.MAX_RULES);
        } catch (final AclException ex) {
            throw new AssertionError(ex.getMessage(), ex);
        }
    }

    private static ClientIdentity client(final String id, final String user, final String... roles) {
        return new ClientIdentity("test", "127.0.0.1", id, user, Set.of(roles));
    }

    private static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean reads(final Permissions permissions, final String topic) {
        return permissions.mayReceive(bytes(topic), 0, bytes(topic).capacity());
    }

    private static boolean writes(final Permissions permissions, final String topic) {
        return permissions.mayPublish(bytes(topic), 0, bytes(topic).capacity());
    }

    private static boolean subscribes(final Permissions permissions, final String filter) {
        return permissions.maySubscribe(bytes(filter), 0, bytes(filter).capacity());
    }

    private static boolean shares(final Permissions permissions, final String filter) {
        return permissions.mayShare(bytes(filter), 0, bytes(filter).capacity());
    }

    /** {@code "r"}, {@code "w"}, {@code "rw"} or nothing. */
    private static String access(final Permissions permissions, final String topic) {
        return (reads(permissions, topic) ? "r" : "") + (writes(permissions, topic) ? "w" : "");
    }

    @Test
    void shouldGiveEachKindOfAccess() {
        final Permissions anna = acl(
                        "user anna", "topic a", "topic read b", "topic write c", "topic readwrite d", "topic deny e")
                .permissionsOf(client("c", "anna"));
        assertEquals("rw", access(anna, "a"));
        assertEquals("r", access(anna, "b"));
        assertEquals("w", access(anna, "c"));
        assertEquals("rw", access(anna, "d"));
        assertEquals("", access(anna, "e"));
        assertEquals("", access(anna, "f"));
    }

    @Test
    void shouldApplyRulesBeforeTheFirstUserToClientsWithoutAUserNameOnly() {
        final Acl acl = acl("topic open/#", "user anna", "topic hers");
        assertEquals("rw", access(acl.permissionsOf(client("c", null)), "open/a"));
        assertEquals("", access(acl.permissionsOf(client("c", "anna")), "open/a"));
        assertEquals("rw", access(acl.permissionsOf(client("c", "anna")), "hers"));
        assertEquals("", access(acl.permissionsOf(client("c", "bert")), "open/a"));
        assertEquals("", access(acl.permissionsOf(client("c", "")), "open/a"));
    }

    @Test
    void shouldDenyEverythingWithoutARule() {
        for (final String text : new String[] {"", "# nothing", "user anna"}) {
            final Permissions anna = acl(text).permissionsOf(client("c", "anna"));
            assertEquals("", access(anna, "a"));
            assertFalse(subscribes(anna, "#"));
        }
    }

    @Test
    void shouldLetADenialWinWhereverItStands() {
        final Acl acl = acl(
                "user anna",
                "topic a/#",
                "topic deny a/secret/#",
                "user bert",
                "topic deny a/+",
                "topic a/b",
                "pattern deny +/%u");
        final Permissions anna = acl.permissionsOf(client("c", "anna"));
        assertEquals("rw", access(anna, "a/b"));
        assertEquals("", access(anna, "a/secret"));
        assertEquals("", access(anna, "a/secret/b"));
        assertEquals("", access(anna, "a/anna"));
        assertEquals("", access(acl.permissionsOf(client("c", "bert")), "a/b"));
    }

    @Test
    void shouldAddTheRulesOfAUserThatIsNamedTwice() {
        final Acl acl = acl("user anna", "topic a", "user bert", "topic b", "user anna", "topic c");
        assertEquals("rw", access(acl.permissionsOf(client("c", "anna")), "a"));
        assertEquals("rw", access(acl.permissionsOf(client("c", "anna")), "c"));
        assertEquals("", access(acl.permissionsOf(client("c", "anna")), "b"));
    }

    @Test
    void shouldMatchAsSubscriptionsDo() {
        final Permissions anna =
                acl("topic a/#", "topic +/x/+", "topic /", "topic b//c").permissionsOf(client("c", null));
        assertTrue(reads(anna, "a"));
        assertTrue(reads(anna, "a/"));
        assertTrue(reads(anna, "a/b/c/d"));
        assertTrue(reads(anna, "b/x/c"));
        assertTrue(reads(anna, "/x/"));
        assertTrue(reads(anna, "/"));
        assertTrue(reads(anna, "b//c"));
        assertFalse(reads(anna, "ab"));
        assertFalse(reads(anna, "b/x"));
        assertFalse(reads(anna, "b/x/c/d"));
        assertFalse(reads(anna, "//"));
        assertFalse(reads(anna, "b/c"));
    }

    @Test
    void shouldKeepTopicsWithADollarFromWildcards() {
        final Permissions all = acl("topic #", "topic +/broker/#").permissionsOf(client("c", null));
        assertFalse(reads(all, "$SYS/broker/uptime"));
        assertFalse(subscribes(all, "$SYS/#"));
        assertTrue(subscribes(all, "#"));
        final Permissions figures = acl("topic #", "topic read $SYS/#").permissionsOf(client("c", null));
        assertTrue(reads(figures, "$SYS/broker/uptime"));
        assertFalse(writes(figures, "$SYS/broker/uptime"));
        assertTrue(subscribes(figures, "$SYS/broker/+"));
        assertFalse(subscribes(acl("topic read $SYS/#").permissionsOf(client("c", null)), "#"));
    }

    @Test
    void shouldPutClientIdAndUserNameIntoPatterns() {
        final Acl acl = acl("pattern write sensor/%u/data", "pattern read cmd/%c/#", "pattern x-%c-%u/%c");
        final Permissions anna = acl.permissionsOf(client("c1", "anna"));
        assertEquals("w", access(anna, "sensor/anna/data"));
        assertEquals("", access(anna, "sensor/bert/data"));
        assertEquals("", access(anna, "sensor/%u/data"));
        assertEquals("r", access(anna, "cmd/c1/go"));
        assertEquals("", access(anna, "cmd/c11/go"));
        assertEquals("", access(anna, "cmd/c/go"));
        assertEquals("rw", access(anna, "x-c1-anna/c1"));
        assertEquals("", access(anna, "x-c1-anna/c2"));
        assertTrue(subscribes(anna, "cmd/c1/+"));
        assertTrue(subscribes(anna, "cmd/+/go"));
        assertFalse(subscribes(anna, "cmd/c2/#"));
    }

    @Test
    void shouldNotApplyPatternsOfUserNamesToClientsWithoutOne() {
        final Permissions nobody = acl("pattern sensor/%u", "pattern cmd/%c").permissionsOf(client("c1", null));
        assertEquals("", access(nobody, "sensor/"));
        assertEquals("", access(nobody, "sensor/%u"));
        assertEquals("rw", access(nobody, "cmd/c1"));
        assertFalse(subscribes(nobody, "sensor/#"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"+", "#", "/", "a/b", "a+", "#a", "+/+", "a/", "/#"})
    void shouldNeverWidenAPatternByAName(final String name) {
        final Acl acl = acl(
                "pattern own/%c/#", "pattern own/u-%u", "pattern deny guarded/%c/x", "user " + name, "topic guarded/#");
        final Permissions mallory = acl.permissionsOf(client(name, name));
        for (final String topic :
                new String[] {"own", "own/a", "own/a/b", "own/a/b/c", "own/" + name, "own/u-" + name, "own/u-a"}) {
            assertEquals("", access(mallory, topic), topic);
        }
        assertFalse(subscribes(mallory, "own/#"));
        assertFalse(subscribes(mallory, "own/" + name));
        // What a denial of its name would be about can't be told: it is about all that it may be about.
        for (final String topic :
                new String[] {"guarded/a/x", "guarded/a/b/x", "guarded/a/y", "guarded/" + name + "/x"}) {
            assertEquals("", access(mallory, topic), topic);
        }
        assertFalse(subscribes(mallory, "guarded/+/x"));
        assertEquals("rw", access(mallory, "guarded"));
        // Such a name is still a name.
        assertEquals("rw", access(acl.permissionsOf(client("plain", name)), "guarded/a/x"));
        assertEquals("", access(acl.permissionsOf(client("plain", name)), "guarded/plain/x"));
    }

    @Test
    void shouldNotLetANameReachTopicsWithADollar() {
        final Permissions mallory = acl("pattern read %c/#", "pattern read %u").permissionsOf(client("$SYS", "$SYS"));
        assertFalse(reads(mallory, "$SYS"));
        assertFalse(reads(mallory, "$SYS/broker/uptime"));
        assertFalse(subscribes(mallory, "$SYS/#"));
    }

    @Test
    void shouldGiveTheRightsOfRoles() {
        final Acl acl = acl(
                "roles guest",
                "user anna",
                "topic hers",
                "roles operator, guest",
                "user bert",
                "topic his",
                "role guest",
                "topic read news/#",
                "role operator",
                "topic write cmd/#",
                "topic deny hers/not",
                "pattern box/%u");
        final Permissions anna = acl.permissionsOf(client("c", "anna"));
        assertEquals("rw", access(anna, "hers"));
        assertEquals("w", access(anna, "cmd/a"));
        assertEquals("r", access(anna, "news/a"));
        assertEquals("rw", access(anna, "box/anna"));
        final Permissions bert = acl.permissionsOf(client("c", "bert"));
        assertEquals("", access(bert, "cmd/a"));
        assertEquals("", access(bert, "news/a"));
        // A pattern of a role is about who has the role.
        assertEquals("", access(bert, "box/bert"));
        final Permissions promoted = acl.permissionsOf(client("c", "bert", "operator", "unknown"));
        assertEquals("w", access(promoted, "cmd/a"));
        assertEquals("rw", access(promoted, "box/bert"));
        assertEquals("rw", access(promoted, "his"));
        assertEquals("r", access(acl.permissionsOf(client("c", null)), "news/a"));
        assertEquals("r", access(acl.permissionsOf(client("c", "carl", "guest")), "news/a"));
        assertEquals("", access(acl.permissionsOf(client("c", "carl")), "news/a"));
    }

    @Test
    void shouldGrantSubscriptionsOfWhichSomethingMayBeRead() {
        final Permissions anna = acl(
                        "topic read a/b",
                        "topic read c/+/d",
                        "topic write w",
                        "topic read e/#",
                        "topic deny e/f/#",
                        "topic deny a/x")
                .permissionsOf(client("c", null));
        for (final String filter : new String[] {
            "a/b", "a/+", "a/#", "#", "+/+", "c/#", "c/x/d", "c/+/+", "+/x/d", "e", "e/#", "e/+", "e/+/g"
        }) {
            assertTrue(subscribes(anna, filter), filter);
        }
        for (final String filter : new String[] {
            "a", "a/c", "a/b/c", "w", "w/#", "+", "c/x/e", "c/+", "e/f", "e/f/#", "e/f/+", "a/x", "+/+/+/+"
        }) {
            assertEquals(filter.equals("+") || filter.equals("+/+/+/+"), subscribes(anna, filter), filter);
        }
    }

    @Test
    void shouldLetOnlyThoseShareWhoMayReadAll() {
        final Acl acl = acl(
                "topic read a/x",
                "topic read b/#",
                "topic deny b/secret",
                "topic read c/+",
                "topic write d/#",
                "pattern read own/%c/#",
                "pattern deny e/%c",
                "topic read e/#",
                "topic read $SYS/#");
        final Permissions client = acl.permissionsOf(client("c", null));
        for (final String filter : new String[] {
            "a/x", "b", "b/open", "b/+/x", "b/open/#", "c/x", "c/+", "own/c", "own/c/#", "e/d", "$SYS/broker/#"
        }) {
            assertTrue(shares(client, filter), filter);
        }
        for (final String filter : new String[] {
            "a/#",
            "a/+",
            "#",
            "b/#",
            "b/+",
            "b/secret",
            "b/secret/#",
            "c/#",
            "+/x",
            "d/#",
            "own/+",
            "own/d/#",
            "e/c",
            "e/+",
            "e/#",
            "x"
        }) {
            assertFalse(shares(client, filter), filter);
        }
        // What a name denies that isn't one level, it denies to all of that level.
        assertFalse(shares(acl.permissionsOf(client("+", null)), "e/d"));
        assertFalse(shares(acl.permissionsOf(client("+", null)), "own/+/#"));
        assertTrue(shares(acl.permissionsOf(client("+", null)), "a/x"));
        assertEquals(
                3,
                acl.explain(client("c", null), Acl.Action.SHARE, "b/+").rule().line());
        assertNull(acl.explain(client("c", null), Acl.Action.SHARE, "a/+").rule());
    }

    @Test
    void shouldShareWhatIsTheSameForManyClients() {
        final Acl acl =
                acl("topic x", "user anna", "topic a", "user bert", "topic b", "roles r", "role r", "pattern own/%c");
        assertSame(acl.permissionsOf(client("c1", "anna")), acl.permissionsOf(client("c2", "anna")));
        assertSame(acl.permissionsOf(client("c1", null)), acl.permissionsOf(client("c2", null)));
        assertSame(acl.permissionsOf(client("c1", "carl")), acl.permissionsOf(client("c2", "dora")));
        assertNotSame(acl.permissionsOf(client("c1", "bert")), acl.permissionsOf(client("c2", "bert")));
    }

    @Test
    void shouldNameTheRuleThatDecides() {
        final Acl acl =
                acl("# staff", "user anna", "topic read a/#", "topic a/b", "topic deny a/b/c", "pattern write box/%u");
        final ClientIdentity anna = client("c", "anna");
        assertEquals(3, acl.explain(anna, Acl.Action.RECEIVE, "a/b").rule().line());
        assertEquals(
                "topic a/b", acl.explain(anna, Acl.Action.PUBLISH, "a/b").rule().text());
        assertEquals(5, acl.explain(anna, Acl.Action.PUBLISH, "a/b/c").rule().line());
        assertFalse(acl.explain(anna, Acl.Action.PUBLISH, "a/b/c").isAllowed());
        assertEquals(6, acl.explain(anna, Acl.Action.PUBLISH, "box/anna").rule().line());
        assertEquals(5, acl.explain(anna, Acl.Action.SUBSCRIBE, "a/b/c").rule().line());
        assertEquals(3, acl.explain(anna, Acl.Action.SUBSCRIBE, "#").rule().line());
        assertFalse(acl.explain(anna, Acl.Action.RECEIVE, "x").isAllowed());
        assertNull(acl.explain(anna, Acl.Action.RECEIVE, "x").rule());
    }
}
