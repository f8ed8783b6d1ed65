package io.ringmain.engine.auth;

import java.util.List;
import org.agrona.DirectBuffer;

/**
 * The rules of one section of an ACL, in a form that answers in the time of a walk down the levels of a topic, however
 * many rules there are. Immutable.
 *
 * <p>Rules that begin with {@code $} are in a tree of their own. So no wildcard, and no client id that begins with
 * {@code $}, gets from the one kind of topic into the other.
 */
final class AclTree {
    private final AclNode names = new AclNode();
    private final AclNode dollars = new AclNode();
    private final boolean hasPatterns;

    AclTree(final List<AclRule> rules) {
        for (final AclRule rule : rules) {
            (rule.filter().charAt(0) == '$' ? dollars : names).add(rule);
        }
        hasPatterns = rules.stream().anyMatch(AclRule::pattern);
    }

    /** Whether an answer may depend on more of a client than its section. */
    boolean hasPatterns() {
        return hasPatterns;
    }

    private AclNode root(final DirectBuffer text, final int offset) {
        return text.getByte(offset) == '$' ? dollars : names;
    }

    /** Bits of {@link AclRule} of all rules that match a topic. */
    int match(final DirectBuffer topic, final int offset, final int length, final AclSubject subject) {
        return root(topic, offset).match(topic, offset, offset + length, subject);
    }

    /** Whether a rule with some access, bits of {@link AclRule}, is about a topic that a filter matches. */
    boolean meets(
            final DirectBuffer filter, final int offset, final int length, final AclSubject subject, final int access) {
        return root(filter, offset).meets(filter, offset, offset + length, subject, access);
    }

    /** Whether a single rule with some access is about all topics that a filter matches. */
    boolean covers(
            final DirectBuffer filter, final int offset, final int length, final AclSubject subject, final int access) {
        return root(filter, offset).covers(filter, offset, offset + length, subject, access);
    }
}
