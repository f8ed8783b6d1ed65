package io.ringmain.engine.auth;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An access control list in the syntax of Mosquitto's {@code acl_file}, compiled. Immutable: another list is another
 * object. What no rule allows is denied, and a rule that denies wins over all that allow.
 */
public final class Acl implements Authorizer {
    /** Rules that a list may have unless somebody says otherwise. */
    public static final int MAX_RULES = 100_000;

    private static final AclSubject NOBODY = new AclSubject("", null);

    /** What a client wants to do. */
    public enum Action {
        PUBLISH,
        SUBSCRIBE,
        /** Subscribe as a member of a group. */
        SHARE,
        RECEIVE
    }

    /**
     * What the list says of something, and why.
     *
     * @param rule that decided; null when none is about it, which denies it.
     */
    public record Decision(boolean isAllowed, AclRule rule) {}

    private final AclSection everybody;
    private final AclSection anonymous;
    private final Map<String, AclSection> users;
    private final Map<String, AclSection> roles;

    /** Of clients that need no object of their own: their user says all. */
    private final Map<AclSection, AclPermissions> shared = new IdentityHashMap<>();

    Acl(
            final AclSection everybody,
            final AclSection anonymous,
            final Map<String, AclSection> users,
            final Map<String, AclSection> roles) {
        this.everybody = everybody;
        this.anonymous = anonymous;
        this.users = Map.copyOf(users);
        this.roles = Map.copyOf(roles);
        share(AclSection.EMPTY);
        share(anonymous);
        this.users.values().forEach(this::share);
    }

    private void share(final AclSection section) {
        final AclTree[] trees = trees(sections(section, Set.of()));
        if (!hasPatterns(trees)) {
            shared.put(section, new AclPermissions(trees, NOBODY));
        }
    }

    /**
     * Compiles a list.
     *
     * @param text of the whole file.
     * @param maxRules that it may have.
     * @throws AclException with everything that is wrong, up to some number of errors.
     */
    public static Acl parse(final String text, final int maxRules) throws AclException {
        return new AclParser(text, maxRules).parse();
    }

    @Override
    public Permissions permissionsOf(final ClientIdentity client) {
        final AclSection section = sectionOf(client);
        final AclPermissions known = client.roles().isEmpty() ? shared.get(section) : null;
        if (known != null) {
            return known;
        }
        final AclTree[] trees = trees(sections(section, client.roles()));
        return new AclPermissions(
                trees, hasPatterns(trees) ? new AclSubject(client.clientId(), client.username()) : NOBODY);
    }

    private static boolean hasPatterns(final AclTree[] trees) {
        for (final AclTree tree : trees) {
            if (tree.hasPatterns()) {
                return true;
            }
        }
        return false;
    }

    private AclSection sectionOf(final ClientIdentity client) {
        return client.username() == null ? anonymous : users.getOrDefault(client.username(), AclSection.EMPTY);
    }

    /** All sections with rules that are about somebody. A role that the list doesn't know allows nothing. */
    private List<AclSection> sections(final AclSection own, final Set<String> moreRoles) {
        final Set<String> names = new LinkedHashSet<>(own.roles());
        names.addAll(moreRoles);
        final List<AclSection> found = new ArrayList<>();
        found.add(everybody);
        found.add(own);
        names.forEach(name -> found.add(roles.getOrDefault(name, AclSection.EMPTY)));
        found.removeIf(section -> section.rules().isEmpty());
        return found;
    }

    private static AclTree[] trees(final List<AclSection> sections) {
        return sections.stream().map(AclSection::tree).toArray(AclTree[]::new);
    }

    /**
     * Finds the rule that decides; for people, as it looks at one rule after the other.
     *
     * @param topic name, or filter of a subscription without {@code $share/group/} before it; valid.
     */
    public Decision explain(final ClientIdentity client, final Action action, final String topic) {
        final AclSubject subject = new AclSubject(client.clientId(), client.username());
        final UnsafeBuffer text = new UnsafeBuffer(topic.getBytes(StandardCharsets.UTF_8));
        AclRule allowing = null;
        for (final AclSection section : sections(sectionOf(client), client.roles())) {
            for (final AclRule rule : section.rules()) {
                final AclTree alone = new AclTree(List.of(rule));
                if (denies(alone, action, text, subject)) {
                    return new Decision(false, rule);
                }
                if (allowing == null && allows(alone, action, text, subject)) {
                    allowing = rule;
                }
            }
        }
        return new Decision(allowing != null, allowing);
    }

    private static boolean denies(
            final AclTree rule, final Action action, final UnsafeBuffer topic, final AclSubject subject) {
        return switch (action) {
            case PUBLISH, RECEIVE -> (rule.match(topic, 0, topic.capacity(), subject) & AclRule.DENY) != 0;
            case SUBSCRIBE -> rule.covers(topic, 0, topic.capacity(), subject, AclRule.DENY);
            case SHARE -> rule.meets(topic, 0, topic.capacity(), subject, AclRule.DENY);
        };
    }

    private static boolean allows(
            final AclTree rule, final Action action, final UnsafeBuffer topic, final AclSubject subject) {
        return switch (action) {
            case PUBLISH -> (rule.match(topic, 0, topic.capacity(), subject) & AclRule.WRITE) != 0;
            case RECEIVE -> (rule.match(topic, 0, topic.capacity(), subject) & AclRule.READ) != 0;
            case SUBSCRIBE -> rule.meets(topic, 0, topic.capacity(), subject, AclRule.READ);
            case SHARE -> rule.covers(topic, 0, topic.capacity(), subject, AclRule.READ);
        };
    }
}
