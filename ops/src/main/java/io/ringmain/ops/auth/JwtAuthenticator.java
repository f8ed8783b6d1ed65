package io.ringmain.ops.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Authenticator;
import io.ringmain.engine.auth.Credentials;
import io.ringmain.protocol.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Takes a signed token (RFC 7519) in the place of the password. The connection ends when the token does. */
final class JwtAuthenticator implements Authenticator {
    private static final int MAX_TOKEN_BYTES = 16 << 10;
    private static final int MAX_ROLES = 256;

    /**
     * What a token has to say.
     *
     * @param issuer empty for any.
     * @param audience empty: a token that names one isn't for us.
     * @param leewayMs how far clocks may differ, milliseconds.
     * @param requireExpiry a token without an end is refused.
     * @param usernameMatters a user name beside the token must be that of the token.
     * @param usernameClaim who the client is.
     * @param rolesClaim empty for none.
     * @param clientIdClaim must be the client's id; empty for any id.
     */
    record Claims(
            String issuer,
            String audience,
            long leewayMs,
            boolean requireExpiry,
            boolean usernameMatters,
            String usernameClaim,
            String rolesClaim,
            String clientIdClaim) {}

    private final Supplier<JwtKeys> keys;
    private final Runnable onUnknownKey;
    private final Claims claims;
    private final WorkerPool pool;
    private final LongSupplier clockMs;

    /**
     * @param keys as they are now.
     * @param onUnknownKey called when a token names a key that isn't there.
     * @param clockMs epoch milliseconds.
     */
    JwtAuthenticator(
            final Supplier<JwtKeys> keys,
            final Runnable onUnknownKey,
            final Claims claims,
            final WorkerPool pool,
            final LongSupplier clockMs) {
        this.keys = keys;
        this.onUnknownKey = onUnknownKey;
        this.claims = claims;
        this.pool = pool;
        this.clockMs = clockMs;
    }

    @Override
    public CompletionStage<AuthVerdict> authenticate(final Credentials credentials) {
        return isToken(credentials.password())
                ? pool.submit(credentials, () -> verdict(credentials))
                : CompletableFuture.completedFuture(AuthVerdict.pass());
    }

    /** Three parts, of which the first is the base64 of what begins with {@code {"}; else it is somebody's password. */
    private static boolean isToken(final byte[] password) {
        if (password == null || password.length < 2 || password[0] != 'e' || password[1] != 'y') {
            return false;
        }
        int dots = 0;
        for (final byte b : password) {
            dots += b == '.' ? 1 : 0;
        }
        return dots == 2;
    }

    /** The library reads over what it doesn't know. */
    private static boolean isBase64Url(final byte[] password) {
        for (final byte b : password) {
            final boolean isKnown = b >= 'a' && b <= 'z'
                    || b >= 'A' && b <= 'Z'
                    || b >= '0' && b <= '9'
                    || b == '-'
                    || b == '_'
                    || b == '.';
            if (!isKnown) {
                return false;
            }
        }
        return true;
    }

    private static AuthVerdict refuse(final String why) {
        return AuthVerdict.refuse(ReasonCode.BAD_USER_NAME_OR_PASSWORD, "its token " + why);
    }

    private AuthVerdict verdict(final Credentials credentials) {
        if (credentials.password().length > MAX_TOKEN_BYTES) {
            return refuse("is longer than " + MAX_TOKEN_BYTES + " bytes");
        }
        if (!isBase64Url(credentials.password())) {
            return refuse("can't be read");
        }
        final SignedJWT token;
        final JWTClaimsSet set;
        try {
            token = SignedJWT.parse(new String(credentials.password(), StandardCharsets.US_ASCII));
            if (!isSigned(token)) {
                return refuse("is not signed by a key that we have");
            }
            set = token.getJWTClaimsSet();
        } catch (final ParseException | JOSEException | RuntimeException ex) {
            return refuse("can't be read");
        }
        final String fault = timeFault(set);
        if (fault != null) {
            return refuse(fault);
        }
        try {
            return identity(credentials, set);
        } catch (final ParseException ex) {
            return refuse("has claims of the wrong type");
        }
    }

    private boolean isSigned(final SignedJWT token) throws JOSEException {
        final JwtKeys now = keys.get();
        if (!now.has(token.getHeader())) {
            onUnknownKey.run();
            return false;
        }
        return now.verify(token);
    }

    /** What is wrong with when, by whom and for whom it was issued; null if nothing is. */
    private String timeFault(final JWTClaimsSet set) {
        final long nowMs = clockMs.getAsLong();
        final Date expiry = set.getExpirationTime();
        if (expiry == null ? claims.requireExpiry() : nowMs >= expiry.getTime() + claims.leewayMs()) {
            return expiry == null ? "has no end" : "has expired";
        }
        final Date notBefore = set.getNotBeforeTime();
        if (notBefore != null && nowMs < notBefore.getTime() - claims.leewayMs()) {
            return "is not valid yet";
        }
        if (!claims.issuer().isEmpty() && !claims.issuer().equals(set.getIssuer())) {
            return "is of another issuer";
        }
        final List<String> audience = set.getAudience();
        final boolean isForUs = claims.audience().isEmpty() ? audience.isEmpty() : audience.contains(claims.audience());
        return isForUs ? null : "is for somebody else, see auth.jwt.audience";
    }

    private AuthVerdict identity(final Credentials credentials, final JWTClaimsSet set) throws ParseException {
        final String username = set.getStringClaim(claims.usernameClaim());
        if (username == null) {
            return refuse("has no claim " + claims.usernameClaim());
        }
        if (claims.usernameMatters()
                && credentials.username() != null
                && !credentials.username().equals(username)) {
            return refuse("is of another user");
        }
        if (!claims.clientIdClaim().isEmpty()
                && !credentials.clientId().equals(set.getStringClaim(claims.clientIdClaim()))) {
            return AuthVerdict.refuse(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID, "its token is for another client id");
        }
        final Date expiry = set.getExpirationTime();
        return AuthVerdict.accept(
                username, roles(set), expiry == null ? AuthVerdict.NEVER : expiry.getTime() + claims.leewayMs());
    }

    /** A list of texts, or a text with spaces between them, as in {@code scope}. */
    private Set<String> roles(final JWTClaimsSet set) throws ParseException {
        final Object value = claims.rolesClaim().isEmpty() ? null : set.getClaim(claims.rolesClaim());
        final Collection<?> roles = value instanceof String text
                ? Arrays.asList(text.strip().split(" +"))
                : value instanceof Collection<?> list ? list : List.of();
        final Set<String> result = new HashSet<>();
        for (final Object role : roles) {
            if (!(role instanceof String text) || result.size() == MAX_ROLES) {
                throw new ParseException("roles", 0);
            }
            if (!text.isEmpty()) {
                result.add(text);
            }
        }
        return result;
    }
}
