package io.ringmain.ops.auth;

import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Credentials;
import io.ringmain.protocol.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What holds for a client whoever has authenticated it.
 *
 * @param clientIdPrefixes one of which its id must begin with; none: it may be any. Ids that the broker assigns are no
 *     exception: who needs a prefix has to give one.
 * @param binding of the client id to the user.
 * @param maxUsernameBytes longest user name.
 */
record AccessRules(List<String> clientIdPrefixes, Binding binding, int maxUsernameBytes) {
    /** Stands between the name of a user and the rest of its clients' ids: no user of a password file has it. */
    static final char SEPARATOR = ':';

    /** What the id of a user's client may be. */
    enum Binding {
        ANY,
        USERNAME,
        PREFIXED_BY_USERNAME
    }

    /** What is wrong before anybody is asked; null if nothing is. */
    AuthVerdict before(final Credentials credentials) {
        final boolean fits = clientIdPrefixes.isEmpty()
                || !credentials.clientIdAssigned()
                        && clientIdPrefixes.stream().anyMatch(credentials.clientId()::startsWith);
        return fits
                ? null
                : AuthVerdict.refuse(
                        ReasonCode.CLIENT_IDENTIFIER_NOT_VALID, "its id begins with none of auth.client_id_prefixes");
    }

    /** The verdict about somebody who was let in by it: itself, or a refusal. */
    AuthVerdict after(final Credentials credentials, final AuthVerdict verdict) {
        if (verdict.expiresAtMs() <= System.currentTimeMillis()) {
            return AuthVerdict.refuse(ReasonCode.NOT_AUTHORIZED, "what lets it in has expired");
        }
        final String username = verdict.username();
        if (username != null && !isName(username)) {
            return AuthVerdict.refuse(
                    ReasonCode.NOT_AUTHORIZED, "its user name is empty, too long or has control characters");
        }
        return isBound(username, credentials.clientId())
                ? verdict
                : AuthVerdict.refuse(
                        ReasonCode.CLIENT_IDENTIFIER_NOT_VALID, "its id isn't one of its user, see auth.client_id");
    }

    private boolean isName(final String username) {
        return !username.isEmpty()
                && username.getBytes(StandardCharsets.UTF_8).length <= maxUsernameBytes
                && username.chars().noneMatch(Character::isISOControl);
    }

    private boolean isBound(final String username, final String clientId) {
        return switch (binding) {
            case ANY -> true;
            case USERNAME -> clientId.equals(username);
            // With the separator in it, a name could reach into the ids of a shorter one.
            case PREFIXED_BY_USERNAME ->
                username != null
                        && username.indexOf(SEPARATOR) < 0
                        && (clientId.equals(username) || clientId.startsWith(username + SEPARATOR));
        };
    }
}
