package io.ringmain.engine.auth;

import java.util.List;

/**
 * The rules of a user, of a role, of clients without a user name, or of everybody. Immutable.
 *
 * @param rules in the order of their lines.
 * @param tree of the same.
 * @param roles of the user.
 */
record AclSection(List<AclRule> rules, AclTree tree, List<String> roles) {
    static final AclSection EMPTY = new AclSection(List.of(), List.of());

    AclSection(final List<AclRule> rules, final List<String> roles) {
        this(List.copyOf(rules), new AclTree(rules), List.copyOf(roles));
    }
}
