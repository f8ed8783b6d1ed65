package io.ringmain.engine.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** The lines of an ACL: taken as Mosquitto takes them, and refused with the place and what was expected. */
class AclParserTest {
    private static List<String> errors(final int maxRules, final String... lines) {
        return Assertions.assertThrows(AclException.class, () -> Acl.parse(String.join("\n", lines), maxRules))
                .errors();
    }

    private static List<String> errors(final String... lines) {
        return errors(100, lines);
    }

    private static boolean publishes(final String text, final String user, final String topic) throws AclException {
        return Acl.parse(text, 100)
                .explain(new ClientIdentity("l", "p", "c", user, Set.of()), Acl.Action.PUBLISH, topic)
                .isAllowed();
    }

    @Test
    void shouldReadLinesAsMosquittoDoes() throws AclException {
        assertTrue(publishes("topic a\r\n", null, "a"));
        assertTrue(publishes("  topic   write   a b  c \t", null, "a b  c"));
        assertTrue(publishes("topic readwrite \ta", null, "a"));
        assertTrue(publishes("topic read", null, "read"));
        assertTrue(publishes("#topic b\n\n   \n\t\ntopic a", null, "a"));
        assertTrue(publishes("user  anna of the hill \ntopic a", "anna of the hill", "a"));
        assertTrue(publishes("topic ä/ö", null, "ä/ö"));
        assertTrue(publishes("user role\ntopic a", "role", "a"));
    }

    @Test
    void shouldSayWhereAndWhatWasExpected() {
        assertEquals(
                List.of("1:1: unknown word 'tpic', expected topic, pattern, user, role or roles"), errors("tpic a"));
        assertEquals(
                List.of("2:3: unknown word '#', expected topic, pattern, user, role or roles"),
                errors("# a comment", "  # none"));
        assertEquals(
                List.of("1:6: no topic, expected [read|write|readwrite|deny] and a topic filter"), errors("topic  "));
        assertEquals(
                List.of("1:7: unknown access 'a', expected read, write, readwrite or deny; a topic with a blank in it"
                        + " needs one of them before it"),
                errors("topic a b"));
        assertEquals(
                List.of("1:12: 'a/#/b' is no topic filter, expected + alone on its level and # alone on the last"),
                errors("topic read a/#/b"));
        assertEquals(List.of("1:5: no name, expected that of a user"), errors("user"));
        assertEquals(List.of("1:5: no name, expected that of a role"), errors("role"));
        assertEquals(List.of("1:6: 'a,b' is no name of a role, expected one without a comma"), errors("role a,b"));
        assertEquals(List.of("2:1: a role has no roles, expected this line below a user"), errors("role a", "roles a"));
        assertEquals(
                List.of("2:6: no roles, expected their names with commas between them"), errors("user a", "roles"));
        assertEquals(List.of("2:9: an empty name of a role"), errors("user a", "roles b,", "role b"));
        assertEquals(
                List.of("2:10: no role 'c' in this file, expected a line 'role c'"),
                errors("user a", "roles b, c", "role b"));
    }

    /** A tab parts no words, so {@code deny<TAB>secret/#} would be a filter that may be read and written. */
    @Test
    void shouldRefuseControlCharactersInFiltersAndNames() {
        final String expected = ", expected none in a name or a topic filter; words are parted by blanks";
        assertEquals(List.of("1:11: a control character, 0x9" + expected), errors("topic deny\tsecret/#"));
        assertEquals(List.of("2:14: a control character, 0x9" + expected), errors("user a", "topic deny a/\tb"));
        assertEquals(List.of("1:17: a control character, 0x0" + expected), errors("pattern read a/%\0c/b"));
        assertEquals(List.of("1:8: a control character, 0x7f" + expected), errors("topic a\u007f"));
        assertEquals(List.of("1:8: a control character, 0x85" + expected), errors("topic a\u0085"));
        assertEquals(List.of("1:10: a control character, 0x9" + expected), errors("user anna\tb"));
        assertEquals(List.of("1:7: a control character, 0xd" + expected), errors("role a\rb"));
        assertEquals(List.of("2:8: a control character, 0x9" + expected), errors("user a", "roles b\t,c"));
    }

    @Test
    void shouldNameAllErrorsUpToABound() {
        assertEquals(3, errors("x", "topic", "topic a", "user").size());
        assertEquals(20, errors("x\n".repeat(1000)).size());
    }

    @Test
    void shouldBoundRulesLinesAndLevels() {
        assertEquals(
                List.of("4:1: more than 2 rules"), errors(2, "topic a", "topic b", "user x", "topic c", "topic d"));
        assertEquals(
                List.of("1:1: a line of 80006 characters, expected at most 70000"),
                errors("topic " + "a".repeat(80_000)));
        assertEquals(
                List.of("1:7: a topic filter of more than 65535 bytes or 201 levels"),
                errors("topic " + "ä".repeat(40_000)));
        assertEquals(
                List.of("1:7: a topic filter of more than 65535 bytes or 201 levels"),
                errors("topic " + "/".repeat(201)));
    }
}
