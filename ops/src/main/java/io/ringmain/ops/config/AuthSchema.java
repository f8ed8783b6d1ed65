package io.ringmain.ops.config;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.List;
import java.util.function.Function;

/** The keys that say who may connect. */
final class AuthSchema {
    private static final String BOOL = "true or false";
    private static final String PATH = "a file";
    private static final String METHODS = "a list of " + String.join(", ", AuthMethods.ALL);

    static final List<Setting> SETTINGS = List.of(
            new Setting(
                    "listeners.*.anonymous",
                    "inherit, never, loopback or always",
                    AuthMethods.INHERIT,
                    Values.oneOf(AuthMethods.INHERIT, "never", "loopback", "always")),
            new Setting(
                    "listeners.*.certificate",
                    "inherit, none, username or client_id",
                    AuthMethods.INHERIT,
                    Values.oneOf(AuthMethods.INHERIT, "none", "username", "client_id")),
            new Setting("listeners.*.chain", METHODS, "", methods()),
            new Setting(
                    "auth.anonymous",
                    "never, loopback or always",
                    "loopback",
                    Values.oneOf("never", "loopback", "always")),
            new Setting("auth.chain", METHODS, "", methods()),
            new Setting("auth.password_file", PATH, "", Values::optionalText),
            new Setting(
                    "auth.certificate",
                    "none, username or client_id",
                    "none",
                    Values.oneOf("none", "username", "client_id")),
            new Setting("auth.client_id_prefixes", "a list of texts", "", new ListParser(Values::text)),
            new Setting(
                    "auth.client_id",
                    "any, username or prefixed-by-username",
                    "any",
                    Values.oneOf("any", "username", "prefixed-by-username")),
            new Setting("auth.max_hash_concurrency", "1 to 256", "2", Values.integer(1, 256)),
            new Setting("auth.hash_queue", "1 to 1000000", "1000", Values.integer(1, 1_000_000)),
            new Setting("auth.cache_time", "0s to 1d", "5m", duration(0, DAYS.toNanos(1))),
            new Setting("auth.cache_size", "1 to 10000000", "10000", Values.integer(1, 10_000_000)),
            new Setting("auth.max_failures", "0 to 1000000, 0 for no lock-out", "10", Values.integer(0, 1_000_000)),
            new Setting("auth.failure_window", "1s to 1d", "1m", duration(SECONDS.toNanos(1), DAYS.toNanos(1))),
            new Setting("auth.lockout", "1s to 30d", "5m", duration(SECONDS.toNanos(1), DAYS.toNanos(30))),
            new Setting("auth.failure_delay", "0ms to 10s", "100ms", duration(0, SECONDS.toNanos(10))),
            new Setting("auth.failure_delay_max", "0ms to 1m", "3s", duration(0, MINUTES.toNanos(1))),
            new Setting("auth.failure_addresses", "16 to 10000000", "10000", Values.integer(16, 10_000_000)),
            new Setting("auth.failure_loopback", BOOL, "true", Values::bool),
            new Setting("auth.ca", "a file with certificates", "", Values::optionalText),
            new Setting("auth.scram.lifetime", "0s to 365d, 0s for no end", "0s", duration(0, DAYS.toNanos(365))),
            new Setting("auth.scram.secret", "a text", "", Values.SECRET),
            new Setting("auth.jwt.key_file", PATH, "", Values::optionalText),
            new Setting("auth.jwt.jwks_file", PATH, "", Values::optionalText),
            new Setting("auth.jwt.jwks_url", "an https URL", "", Values::optionalText),
            new Setting("auth.jwt.refresh", "10s to 1d", "5m", duration(SECONDS.toNanos(10), DAYS.toNanos(1))),
            new Setting("auth.jwt.timeout", "10ms to 1m", "5s", timeout()),
            new Setting("auth.jwt.max_bytes", "1KB to 64MB", "1MB", Values.size(1 << 10, 64 << 20)),
            new Setting("auth.jwt.issuer", "a text", "", Values::optionalText),
            new Setting("auth.jwt.audience", "a text", "", Values::optionalText),
            new Setting("auth.jwt.leeway", "0s to 1h", "30s", duration(0, HOURS.toNanos(1))),
            new Setting("auth.jwt.require_expiry", BOOL, "true", Values::bool),
            new Setting("auth.jwt.username", "match or ignore", "match", Values.oneOf("match", "ignore")),
            new Setting("auth.jwt.username_claim", "name of a claim", "sub", Values::text),
            new Setting("auth.jwt.roles_claim", "name of a claim", "", Values::optionalText),
            new Setting("auth.jwt.client_id_claim", "name of a claim", "", Values::optionalText),
            new Setting("auth.ldap.url", "ldaps://host:port or ldap://host:port", "", Values::optionalText),
            new Setting("auth.ldap.start_tls", BOOL, "false", Values::bool),
            new Setting("auth.ldap.allow_plain", BOOL, "false", Values::bool),
            new Setting("auth.ldap.bind_dn", "a DN", "", Values::optionalText),
            new Setting("auth.ldap.bind_password", "a text", "", Values.SECRET),
            new Setting("auth.ldap.user_dn", "a DN with {username} in it", "", Values::optionalText),
            new Setting("auth.ldap.connections", "1 to 256", "4", Values.integer(1, 256)),
            new Setting("auth.ldap.timeout", "10ms to 1m", "5s", timeout()),
            new Setting("auth.ldap.group_base", "a DN", "", Values::optionalText),
            new Setting(
                    "auth.ldap.group_filter",
                    "a filter with {dn} or {username} in it",
                    "(member={dn})",
                    Values::optionalText),
            new Setting("auth.ldap.group_attribute", "name of an attribute", "cn", Values::text),
            new Setting("auth.http.url", "an https URL", "", Values::optionalText),
            new Setting("auth.http.allow_plain", BOOL, "false", Values::bool),
            new Setting("auth.http.authorization", "value of a header", "", Values.SECRET),
            new Setting("auth.http.timeout", "10ms to 1m", "5s", timeout()),
            new Setting("auth.http.max_concurrency", "1 to 10000", "64", Values.integer(1, 10_000)),
            new Setting("auth.http.max_response", "64 to 1MB", "64KB", Values.size(64, 1 << 20)));

    private AuthSchema() {}

    private static ListParser methods() {
        return new ListParser(text -> {
            if (!AuthMethods.ALL.contains(text)) {
                throw new ValueException("'" + text + "', expected one of " + String.join(", ", AuthMethods.ALL));
            }
            return text;
        });
    }

    private static Function<String, Object> duration(final long lowNs, final long highNs) {
        return Values.duration(lowNs, highNs);
    }

    private static Function<String, Object> timeout() {
        return duration(MILLISECONDS.toNanos(10), MINUTES.toNanos(1));
    }
}
