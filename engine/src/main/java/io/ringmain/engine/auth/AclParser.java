package io.ringmain.engine.auth;

import io.ringmain.protocol.TopicFilter;
import io.ringmain.protocol.TopicName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads Mosquitto's {@code acl_file}, line by line, as Mosquitto does: words are parted by blanks, a {@code #} at the
 * very beginning makes a comment, white space at the end doesn't count. What Mosquitto refuses is refused, but for two
 * words of our own, which no file of Mosquitto can have: {@code role NAME} begins the rules of a role, and {@code roles
 * A,B} gives roles to the user above.
 */
final class AclParser {
    private static final int MAX_ERRORS = 20;
    private static final int MAX_FILTER_BYTES = 65_535;
    private static final int MAX_LEVELS = 201;
    private static final int MAX_LINE = 70_000;

    /** The rules of a section as far as they were read. */
    private static final class Section {
        final List<AclRule> rules = new ArrayList<>();
        final List<String> roles = new ArrayList<>();

        AclSection compiled() {
            return new AclSection(rules, roles);
        }
    }

    private record RoleUse(String name, int line, int column) {}

    private final String text;
    private final int maxRules;
    private final List<String> errors = new ArrayList<>();
    private final Section everybody = new Section();
    private final Section anonymous = new Section();
    private final Map<String, Section> users = new HashMap<>();
    private final Map<String, Section> roles = new HashMap<>();
    private final List<RoleUse> rolesUsed = new ArrayList<>();
    private Section section = anonymous;
    private boolean inRole;
    private int rules;
    private int lineNumber;
    private String line;

    AclParser(final String text, final int maxRules) {
        this.text = text;
        this.maxRules = maxRules;
    }

    Acl parse() throws AclException {
        for (int start = 0; start < text.length() && errors.size() < MAX_ERRORS && rules <= maxRules; ) {
            final int newline = text.indexOf('\n', start);
            final int end = newline < 0 ? text.length() : newline;
            lineNumber++;
            readLine(start, end);
            start = end + 1;
        }
        for (final RoleUse use : rolesUsed) {
            if (!roles.containsKey(use.name) && errors.size() < MAX_ERRORS) {
                errors.add(use.line + ":" + use.column + ": no role '" + use.name
                        + "' in this file, expected a line 'role " + use.name + "'");
            }
        }
        if (!errors.isEmpty()) {
            throw new AclException(errors);
        }
        return new Acl(everybody.compiled(), anonymous.compiled(), compiled(users), compiled(roles));
    }

    private static Map<String, AclSection> compiled(final Map<String, Section> sections) {
        final Map<String, AclSection> compiled = new HashMap<>();
        sections.forEach((name, section) -> compiled.put(name, section.compiled()));
        return compiled;
    }

    private void error(final int column, final String what) {
        errors.add(lineNumber + ":" + (column + 1) + ": " + what);
    }

    private void readLine(final int start, final int end) {
        if (end - start > MAX_LINE) {
            error(0, "a line of " + (end - start) + " characters, expected at most " + MAX_LINE);
            return;
        }
        line = withoutSpaceAtEnd(text.substring(start, end));
        final int word = skipBlanks(0);
        if (line.startsWith("#") || word == line.length()) {
            return;
        }
        final int wordEnd = wordEnd(word);
        final int value = skipSpace(wordEnd);
        final String keyword = line.substring(word, wordEnd);
        switch (keyword) {
            case "topic" -> readRule(wordEnd, false);
            case "pattern" -> readRule(wordEnd, true);
            case "user" -> begin(users, value, false);
            case "role" -> begin(roles, value, true);
            case "roles" -> readRoles(value);
            default ->
                error(word, "unknown word '" + shown(keyword) + "', expected topic, pattern, user, role or roles");
        }
    }

    private static String withoutSpaceAtEnd(final String line) {
        int end = line.length();
        while (end > 0 && isSpace(line.charAt(end - 1))) {
            end--;
        }
        return line.substring(0, end);
    }

    /** White space of the C language. */
    private static boolean isSpace(final char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    private int skipBlanks(final int from) {
        int at = from;
        while (at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
        return at;
    }

    private int skipSpace(final int from) {
        int at = from;
        while (at < line.length() && isSpace(line.charAt(at))) {
            at++;
        }
        return at;
    }

    private int wordEnd(final int from) {
        final int blank = line.indexOf(' ', from);
        return blank < 0 ? line.length() : blank;
    }

    /**
     * Whether there is none from here to the end of the line; an error otherwise. A tab looks like a blank and parts
     * nothing: a rule that denies would be one that allows some other topic.
     */
    private boolean hasNoControl(final int from) {
        for (int at = from; at < line.length(); at++) {
            if (Character.isISOControl(line.charAt(at))) {
                error(
                        at,
                        "a control character, 0x" + Integer.toHexString(line.charAt(at))
                                + ", expected none in a name or a topic filter; words are parted by blanks");
                return false;
            }
        }
        return true;
    }

    private static String shown(final String word) {
        return word.length() <= 40 ? word : word.substring(0, 40) + "...";
    }

    /** {@code [read|write|readwrite|deny] FILTER}: a single word is the filter, whatever it says. */
    private void readRule(final int from, final boolean isPattern) {
        final int first = skipBlanks(from);
        if (first == line.length()) {
            error(first, "no topic, expected [read|write|readwrite|deny] and a topic filter");
            return;
        }
        final int firstEnd = wordEnd(first);
        final int second = skipSpace(firstEnd);
        if (!hasNoControl(second == line.length() ? first : second)) {
            return;
        }
        if (second == line.length()) {
            addRule(first, AclRule.READ | AclRule.WRITE, isPattern);
            return;
        }
        final String access = line.substring(first, firstEnd);
        switch (access) {
            case "read" -> addRule(second, AclRule.READ, isPattern);
            case "write" -> addRule(second, AclRule.WRITE, isPattern);
            case "readwrite" -> addRule(second, AclRule.READ | AclRule.WRITE, isPattern);
            case "deny" -> addRule(second, AclRule.DENY, isPattern);
            default ->
                error(
                        first,
                        "unknown access '" + shown(access) + "', expected read, write, readwrite or deny; a topic"
                                + " with a blank in it needs one of them before it");
        }
    }

    /** A pattern is about everybody, wherever it stands, but one of a role is about who has the role. */
    private void addRule(final int filterStart, final int access, final boolean isPattern) {
        final String filter = line.substring(filterStart);
        final byte[] bytes = filter.getBytes(StandardCharsets.UTF_8);
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        if (bytes.length > MAX_FILTER_BYTES || TopicName.levels(buffer, 0, bytes.length) > MAX_LEVELS) {
            error(filterStart, "a topic filter of more than 65535 bytes or 201 levels");
        } else if (!TopicFilter.validate(buffer, 0, bytes.length)) {
            error(
                    filterStart,
                    "'" + shown(filter)
                            + "' is no topic filter, expected + alone on its level and # alone on the last");
        } else if (++rules > maxRules) {
            error(0, "more than " + maxRules + " rules");
        } else {
            (isPattern && !inRole ? everybody : section)
                    .rules.add(new AclRule(lineNumber, line, access, filter, isPattern));
        }
    }

    private void begin(final Map<String, Section> sections, final int nameStart, final boolean isRole) {
        final String name = line.substring(nameStart);
        if (!hasNoControl(nameStart)) {
            return;
        }
        if (name.isEmpty()) {
            error(line.length(), "no name, expected that of a " + (isRole ? "role" : "user"));
        } else if (isRole && name.indexOf(',') >= 0) {
            error(nameStart, "'" + shown(name) + "' is no name of a role, expected one without a comma");
        } else {
            section = sections.computeIfAbsent(name, key -> new Section());
            inRole = isRole;
        }
    }

    private void readRoles(final int start) {
        if (inRole) {
            error(0, "a role has no roles, expected this line below a user");
            return;
        }
        if (start == line.length()) {
            error(start, "no roles, expected their names with commas between them");
            return;
        }
        if (!hasNoControl(start)) {
            return;
        }
        int at = start;
        for (final String part : line.substring(start).split(",", -1)) {
            final String name = part.strip();
            if (name.isEmpty()) {
                error(at, "an empty name of a role");
            } else {
                rolesUsed.add(new RoleUse(name, lineNumber, at + 1 + part.indexOf(name)));
                section.roles.add(name);
            }
            at += part.length() + 1;
        }
    }
}
