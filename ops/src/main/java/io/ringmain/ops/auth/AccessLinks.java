package io.ringmain.ops.auth;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPURL;
import io.ringmain.engine.auth.Authenticator;
import io.ringmain.engine.counters.Counters;
import io.ringmain.ops.config.AuthMethods;
import io.ringmain.ops.config.SecretFiles;
import io.ringmain.ops.config.Section;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** Makes the authenticators that are the same for all listeners, and says what is wrong with their configuration. */
final class AccessLinks {
    private static final long MAX_KEY_BYTES = 64 << 10;

    private final Section auth;
    private final WorkerPool pool;
    private final GuessingGuard guard;
    private final VerifiedCredentials verified;
    private final ScheduledExecutorService timer;
    private final Counters counters;
    private final Consumer<String> eventLog;
    private final List<AutoCloseable> resources;
    private final List<String> errors;
    private final Map<String, Authenticator> links = new HashMap<>();
    private SSLContext tls;

    /**
     * @param resources gets what has to be closed.
     * @param errors gets what is wrong.
     */
    AccessLinks(
            final Section auth,
            final WorkerPool pool,
            final GuessingGuard guard,
            final VerifiedCredentials verified,
            final ScheduledExecutorService timer,
            final Counters counters,
            final Consumer<String> eventLog,
            final List<AutoCloseable> resources,
            final List<String> errors) {
        this.auth = auth;
        this.pool = pool;
        this.guard = guard;
        this.verified = verified;
        this.timer = timer;
        this.counters = counters;
        this.eventLog = eventLog;
        this.resources = resources;
        this.errors = errors;
    }

    /** By method. */
    Map<String, Authenticator> make(final Map<String, PasswordHash> users) {
        // The JDK's own authorities take a tenth of a second to read: only for who asks a server.
        if (Stream.of("ca", "jwt.jwks_url", "ldap.url", "http.url").anyMatch(auth::isGiven)) {
            tls = tls();
        }
        if (auth.isGiven("password_file")) {
            links.put(
                    AuthMethods.PASSWORD,
                    verified.before(AuthMethods.PASSWORD, new PasswordAuthenticator(users, pool, counters)));
        }
        final Supplier<JwtKeys> keys = jwtKeys();
        if (keys != null) {
            final Runnable onUnknownKey = keys instanceof JwksUrl url ? url::refreshSoon : () -> {};
            links.put(
                    AuthMethods.JWT,
                    new JwtAuthenticator(keys, onUnknownKey, jwtClaims(), pool, System::currentTimeMillis));
        }
        if (auth.isGiven("ldap.url")) {
            ldap();
        }
        if (auth.isGiven("http.url")) {
            http();
        }
        return links;
    }

    private void wrong(final String key, final String message) {
        errors.add(auth.place(key) + message);
    }

    private SSLContext tls() {
        final Path authorities = auth.path("ca");
        try {
            return TrustedServers.tls(authorities);
        } catch (final NoSuchFileException ex) {
            wrong("ca", authorities + ": there is no such file");
            return null;
        } catch (final IOException | GeneralSecurityException ex) {
            wrong("ca", authorities + ": no certificates can be read: " + ex.getMessage());
            return null;
        }
    }

    private Supplier<JwtKeys> jwtKeys() {
        final List<String> given = List.of("jwt.key_file", "jwt.jwks_file", "jwt.jwks_url").stream()
                .filter(auth::isGiven)
                .toList();
        if (given.size() > 1) {
            wrong(given.get(1), "there is " + given.get(0) + " already: one source of keys, or a token could choose");
            return null;
        }
        return given.isEmpty()
                ? null
                : switch (given.get(0)) {
                    case "jwt.key_file" ->
                        fixed("jwt.key_file", () -> JwtKeys.secret(secret(auth.path("jwt.key_file"))));
                    case "jwt.jwks_file" ->
                        fixed("jwt.jwks_file", () -> JwtKeys.jwks(jwks(auth.path("jwt.jwks_file"))));
                    default -> jwksUrl();
                };
    }

    private Supplier<JwtKeys> fixed(final String key, final Supplier<JwtKeys> source) {
        try {
            final JwtKeys keys = source.get();
            return () -> keys;
        } catch (final IllegalArgumentException ex) {
            wrong(key, auth.path(key) + ": " + ex.getMessage());
            return null;
        }
    }

    /** Without the line end behind it, if there is one. */
    private static byte[] secret(final Path file) {
        final String problem = SecretFiles.problem(file, MAX_KEY_BYTES);
        if (problem != null) {
            // It begins with the name of the file, as everything about this key will.
            throw new IllegalArgumentException(problem.substring((file + ": ").length()));
        }
        final byte[] content = read(file);
        int length = content.length;
        while (length > 0 && (content[length - 1] == '\n' || content[length - 1] == '\r')) {
            length--;
        }
        return Arrays.copyOf(content, length);
    }

    private String jwks(final Path file) {
        final byte[] content = read(file);
        if (content.length > auth.number("jwt.max_bytes")) {
            throw new IllegalArgumentException("longer than auth.jwt.max_bytes");
        }
        return new String(content, StandardCharsets.UTF_8);
    }

    private static byte[] read(final Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (final NoSuchFileException ex) {
            throw new IllegalArgumentException("there is no such file", ex);
        } catch (final IOException ex) {
            throw new IllegalArgumentException("can't be read: " + ex, ex);
        }
    }

    private Supplier<JwtKeys> jwksUrl() {
        final URI url = httpUrl("jwt.jwks_url", false);
        if (url == null || !errors.isEmpty()) {
            return null;
        }
        final HttpExchange http = new HttpExchange(tls, auth.number("jwt.timeout"), auth.integer("jwt.max_bytes"));
        final JwksUrl keys =
                new JwksUrl(http, url, timer, auth.number("jwt.refresh"), auth.number("jwt.timeout"), eventLog);
        resources.add(keys);
        return keys;
    }

    private JwtAuthenticator.Claims jwtClaims() {
        return new JwtAuthenticator.Claims(
                auth.text("jwt.issuer"),
                auth.text("jwt.audience"),
                TimeUnit.NANOSECONDS.toMillis(auth.number("jwt.leeway")),
                auth.bool("jwt.require_expiry"),
                auth.text("jwt.username").equals("match"),
                auth.text("jwt.username_claim"),
                auth.text("jwt.roles_claim"),
                auth.text("jwt.client_id_claim"));
    }

    /** Null after saying what is wrong: passwords and keys don't cross a network in the clear unless told to. */
    private URI httpUrl(final String key, final boolean allowPlain) {
        try {
            final URI url = new URI(auth.text(key));
            final boolean isPlain = "http".equals(url.getScheme());
            if (url.getHost() == null || !isPlain && !"https".equals(url.getScheme())) {
                wrong(key, "'" + url + "', expected https://host/path");
            } else if (isPlain && !allowPlain && !TrustedServers.isLocal(url.getHost())) {
                wrong(key, "'" + url + "' is not encrypted, expected https");
            } else {
                return url;
            }
        } catch (final URISyntaxException ex) {
            wrong(key, "not a URL: " + ex.getReason());
        }
        return null;
    }

    private void http() {
        final URI url = httpUrl("http.url", auth.bool("http.allow_plain"));
        if (url != null && tls != null) {
            final HttpExchange exchange =
                    new HttpExchange(tls, auth.number("http.timeout"), auth.integer("http.max_response"));
            links.put(
                    AuthMethods.HTTP,
                    new HttpAuthenticator(
                            exchange,
                            url,
                            auth.text("http.authorization"),
                            auth.integer("http.max_concurrency"),
                            counters));
        }
    }

    private void ldap() {
        final LDAPURL url = ldapUrl();
        final int before = errors.size();
        if (!auth.text("ldap.user_dn").contains(LdapNames.USERNAME)) {
            final boolean isGiven = auth.isGiven("ldap.user_dn");
            wrong(
                    isGiven ? "ldap.user_dn" : "ldap.url",
                    (isGiven ? "" : "needs auth.ldap.user_dn: ") + "expected a DN with " + LdapNames.USERNAME
                            + " in it");
        }
        if (url == null || errors.size() > before || tls == null || !checkNames()) {
            return;
        }
        final WorkerPool workers = new WorkerPool(
                "ringmain-ldap", auth.integer("ldap.connections"), auth.integer("hash_queue"), guard, counters);
        resources.add(workers);
        try {
            final LdapAuthenticator ldap = new LdapAuthenticator(ldapOptions(url), tls, workers);
            resources.add(ldap);
            links.put(AuthMethods.LDAP, verified.before(AuthMethods.LDAP, ldap));
        } catch (final LDAPException ex) {
            wrong("ldap.url", ex.getMessage());
        }
    }

    private LDAPURL ldapUrl() {
        try {
            final LDAPURL url = new LDAPURL(auth.text("ldap.url"));
            final boolean isPlain = url.getScheme().equals("ldap") && !auth.bool("ldap.start_tls");
            if (url.getHost() == null || url.getScheme().equals("ldapi")) {
                wrong("ldap.url", "expected ldaps://host:port or ldap://host:port");
            } else if (isPlain && !auth.bool("ldap.allow_plain") && !TrustedServers.isLocal(url.getHost())) {
                wrong(
                        "ldap.url",
                        "passwords would cross the network in the clear: expected ldaps, or auth.ldap.start_tls");
            } else {
                return url;
            }
        } catch (final LDAPException ex) {
            wrong("ldap.url", "expected ldaps://host:port or ldap://host:port");
        }
        return null;
    }

    private boolean checkNames() {
        try {
            LdapNames.filter(auth.text("ldap.group_filter"), "x", LdapNames.dn(auth.text("ldap.user_dn"), "x"));
            return true;
        } catch (final LDAPException ex) {
            wrong("ldap.user_dn", "this or auth.ldap.group_filter isn't one: " + ex.getMessage());
            return false;
        }
    }

    private LdapAuthenticator.Options ldapOptions(final LDAPURL url) {
        return new LdapAuthenticator.Options(
                url,
                auth.bool("ldap.start_tls"),
                auth.text("ldap.user_dn"),
                auth.text("ldap.bind_dn"),
                auth.text("ldap.bind_password"),
                auth.text("ldap.group_base"),
                auth.text("ldap.group_filter"),
                auth.text("ldap.group_attribute"),
                auth.integer("ldap.connections"),
                auth.number("ldap.timeout"));
    }
}
