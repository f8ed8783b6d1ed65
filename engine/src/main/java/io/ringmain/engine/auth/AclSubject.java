package io.ringmain.engine.auth;

import java.nio.charset.StandardCharsets;

/**
 * Who a rule with {@code %c} or {@code %u} is about: the bytes that stand for them. A name with {@code +}, {@code #} or
 * {@code /} would say something else than a name in a topic, so it is never put into a rule.
 */
final class AclSubject {
    private static final byte[] NONE = {};

    final byte[] clientId;

    /** Empty, and {@link #hasUser} false, for a client without a name. */
    final byte[] user;

    final boolean hasUser;
    final boolean clientIdIsPlain;
    final boolean userIsPlain;

    /** @param username null for none. */
    AclSubject(final String clientId, final String username) {
        this.clientId = clientId.getBytes(StandardCharsets.UTF_8);
        this.user = username == null ? NONE : username.getBytes(StandardCharsets.UTF_8);
        this.hasUser = username != null;
        this.clientIdIsPlain = isPlain(this.clientId);
        this.userIsPlain = isPlain(this.user);
    }

    private static boolean isPlain(final byte[] name) {
        for (final byte b : name) {
            if (b == '+' || b == '#' || b == '/') {
                return false;
            }
        }
        return true;
    }
}
