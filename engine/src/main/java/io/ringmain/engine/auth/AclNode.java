package io.ringmain.engine.auth;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A place in the tree of rules: what the levels up to here allow and deny. Changed while the tree is built, never after.
 */
final class AclNode {
    private static final AclNode[] NO_CHILDREN = {};
    private static final byte[] PLUS = {'+'};
    private static final byte[] REST = {'#'};

    private final byte[] level;
    private final int hash;

    /** Null where the level has no variable. */
    private final AclLevel variable;

    /** Children with a text of their own: a hash table of a power of two places, at most half of them taken. */
    private AclNode[] table = NO_CHILDREN;

    private int children;
    private AclNode plus;
    private AclNode[] variables = NO_CHILDREN;

    /** Access by rules that end here. */
    private int access;

    /** Access by rules that end here with {@code #}: to this level and to everything below it. */
    private int restAccess;

    /** All access by rules that end here or below. */
    private int accessBelow;

    AclNode() {
        this(new byte[0], null);
    }

    private AclNode(final byte[] level, final AclLevel variable) {
        this.level = level;
        this.hash = hash(level);
        this.variable = variable;
    }

    /** Adds a rule to the tree that begins here. */
    void add(final AclRule rule) {
        final byte[][] levels = rule.levels();
        AclNode node = this;
        for (int i = 0; i < levels.length; i++) {
            node.accessBelow |= rule.access();
            if (Arrays.equals(levels[i], REST)) {
                node.restAccess |= rule.access();
                return;
            }
            node = node.next(levels[i], rule.pattern() && AclLevel.isIn(levels[i]));
        }
        node.access |= rule.access();
        node.accessBelow |= rule.access();
    }

    private AclNode next(final byte[] text, final boolean isVariable) {
        if (isVariable) {
            return variable(text);
        }
        if (Arrays.equals(text, PLUS)) {
            plus = plus != null ? plus : new AclNode(text, null);
            return plus;
        }
        final AclNode known = child(hash(text), new UnsafeBuffer(text), 0, text.length);
        return known != null ? known : insert(new AclNode(text, null));
    }

    private AclNode variable(final byte[] text) {
        for (final AclNode child : variables) {
            if (child.variable.hasText(text)) {
                return child;
            }
        }
        final AclNode child = new AclNode(text, new AclLevel(text));
        variables = Arrays.copyOf(variables, variables.length + 1);
        variables[variables.length - 1] = child;
        return child;
    }

    private AclNode insert(final AclNode child) {
        children++;
        if (2 * children > table.length) {
            final AclNode[] old = table;
            table = new AclNode[Math.max(2, 2 * old.length)];
            for (final AclNode other : old) {
                if (other != null) {
                    put(other);
                }
            }
        }
        put(child);
        return child;
    }

    private void put(final AclNode child) {
        int place = child.hash & table.length - 1;
        while (table[place] != null) {
            place = place + 1 & table.length - 1;
        }
        table[place] = child;
    }

    private static int hash(final byte[] text) {
        int hash = 0;
        for (final byte b : text) {
            hash = 31 * hash + b;
        }
        return spread(hash);
    }

    private static int spread(final int hash) {
        return hash ^ hash >>> 15;
    }

    private AclNode child(final int levelHash, final DirectBuffer topic, final int start, final int end) {
        if (children == 0) {
            return null;
        }
        int place = levelHash & table.length - 1;
        AclNode child;
        while ((child = table[place]) != null) {
            if (child.hash == levelHash
                    && child.level.length == end - start
                    && AclLevel.isAt(topic, start, child.level)) {
                return child;
            }
            place = place + 1 & table.length - 1;
        }
        return null;
    }

    /**
     * All access that the rules below this node give to a topic, those that deny it included.
     *
     * @param start of the next level; beyond the limit when there is none.
     */
    int match(final DirectBuffer topic, final int start, final int limit, final AclSubject subject) {
        AclNode node = this;
        int found = 0;
        int at = start;
        while (true) {
            found |= node.restAccess;
            if (at > limit) {
                return found | node.access;
            }
            int levelHash = 0;
            int end = at;
            for (byte b; end < limit && (b = topic.getByte(end)) != '/'; end++) {
                levelHash = 31 * levelHash + b;
            }
            if (node.plus != null) {
                found |= node.plus.match(topic, end + 1, limit, subject);
            }
            for (final AclNode child : node.variables) {
                found |= child.matchVariable(topic, at, end, limit, subject);
            }
            node = node.child(spread(levelHash), topic, at, end);
            if (node == null) {
                return found;
            }
            at = end + 1;
        }
    }

    /** As {@link #match}, for a node whose own level has variables. */
    private int matchVariable(
            final DirectBuffer topic, final int start, final int end, final int limit, final AclSubject subject) {
        if (!variable.appliesTo(subject)) {
            return 0;
        }
        if (!variable.isPlainFor(subject)) {
            return deniedAll();
        }
        return variable.matches(subject, topic, start, end) ? match(topic, end + 1, limit, subject) : 0;
    }

    /**
     * What rules say here that can't be told for a client, because its name would read as something else: they allow
     * nothing, and where they deny they deny everything from here on.
     */
    private int deniedAll() {
        return accessBelow & AclRule.DENY;
    }

    /**
     * Whether a rule below this node, with some access, is about a topic that a filter matches. The filter's first level,
     * if it is a wildcard, doesn't mean topics that begin with {@code $}: those are in a tree of their own.
     */
    boolean meets(
            final DirectBuffer filter, final int start, final int limit, final AclSubject subject, final int wanted) {
        if ((restAccess & wanted) != 0) {
            return true;
        }
        if (start > limit) {
            return (access & wanted) != 0;
        }
        if ((accessBelow & wanted) == 0) {
            return false;
        }
        final int end = levelEnd(filter, start, limit);
        final boolean isRest = isWildcard(filter, start, end, '#');
        if (isRest && (access & wanted) != 0) {
            return true;
        }
        if (isRest || isWildcard(filter, start, end, '+')) {
            // What # stands for goes on to any depth, so it is looked at again below.
            return meetsAny(filter, isRest ? start : end + 1, limit, subject, wanted);
        }
        final AclNode child = child(hash(filter, start, end), filter, start, end);
        if (child != null && child.meets(filter, end + 1, limit, subject, wanted)
                || plus != null && plus.meets(filter, end + 1, limit, subject, wanted)) {
            return true;
        }
        for (final AclNode other : variables) {
            if (other.isUsableFor(subject)
                    ? other.variable.matches(subject, filter, start, end)
                            && other.meets(filter, end + 1, limit, subject, wanted)
                    : other.isDenied(subject, wanted)) {
                return true;
            }
        }
        return false;
    }

    private boolean meetsAny(
            final DirectBuffer filter, final int start, final int limit, final AclSubject subject, final int wanted) {
        if (plus != null && plus.meets(filter, start, limit, subject, wanted)) {
            return true;
        }
        for (final AclNode child : table) {
            if (child != null && child.meets(filter, start, limit, subject, wanted)) {
                return true;
            }
        }
        for (final AclNode child : variables) {
            if (child.isUsableFor(subject)
                    ? child.meets(filter, start, limit, subject, wanted)
                    : child.isDenied(subject, wanted)) {
                return true;
            }
        }
        return false;
    }

    private boolean isUsableFor(final AclSubject subject) {
        return variable.appliesTo(subject) && variable.isPlainFor(subject);
    }

    /** Whether denials are what is wanted, and one is here that holds for all because of an odd name. */
    private boolean isDenied(final AclSubject subject, final int wanted) {
        return variable.appliesTo(subject) && !variable.isPlainFor(subject) && (deniedAll() & wanted) != 0;
    }

    /** Whether a single rule below this node, with some access, is about every topic that a filter matches. */
    boolean covers(
            final DirectBuffer filter, final int start, final int limit, final AclSubject subject, final int wanted) {
        if ((restAccess & wanted) != 0) {
            return true;
        }
        if (start > limit) {
            return (access & wanted) != 0;
        }
        if ((accessBelow & wanted) == 0) {
            return false;
        }
        final int end = levelEnd(filter, start, limit);
        for (final AclNode child : variables) {
            if (child.isUsableFor(subject)
                    ? child.variable.matches(subject, filter, start, end)
                            && child.covers(filter, end + 1, limit, subject, wanted)
                    : child.isDenied(subject, wanted)) {
                return true;
            }
        }
        if (isWildcard(filter, start, end, '#')) {
            return false;
        }
        if (plus != null && plus.covers(filter, end + 1, limit, subject, wanted)) {
            return true;
        }
        final AclNode child = child(hash(filter, start, end), filter, start, end);
        return child != null && child.covers(filter, end + 1, limit, subject, wanted);
    }

    private static int levelEnd(final DirectBuffer filter, final int start, final int limit) {
        int end = start;
        while (end < limit && filter.getByte(end) != '/') {
            end++;
        }
        return end;
    }

    private static boolean isWildcard(final DirectBuffer filter, final int start, final int end, final char wildcard) {
        return end - start == 1 && filter.getByte(start) == wildcard;
    }

    private static int hash(final DirectBuffer filter, final int start, final int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + filter.getByte(i);
        }
        return spread(hash);
    }
}
