package io.ringmain.ops.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The ways of authentication that a configuration has, and which of them each listener asks, in which order. */
public final class AuthMethods {
    public static final String PLUGIN = "plugin";
    public static final String CERTIFICATE = "certificate";
    public static final String PASSWORD = "password";
    public static final String SCRAM = "scram";
    public static final String JWT = "jwt";
    public static final String LDAP = "ldap";
    public static final String HTTP = "http";
    public static final String ANONYMOUS = "anonymous";

    /** All of them, in the order in which they are asked unless the configuration has another one. */
    static final List<String> ALL = List.of(PLUGIN, CERTIFICATE, PASSWORD, SCRAM, JWT, LDAP, HTTP, ANONYMOUS);

    /** A listener does as the section {@code auth} says. */
    static final String INHERIT = "inherit";

    private static final Map<String, String> WANTED = Map.of(
            PLUGIN, "auth.plugins",
            CERTIFICATE, "auth.certificate",
            PASSWORD, "auth.password_file",
            SCRAM, "auth.password_file",
            JWT, "auth.jwt.key_file, auth.jwt.jwks_file or auth.jwt.jwks_url",
            LDAP, "auth.ldap.url",
            HTTP, "auth.http.url",
            ANONYMOUS, "auth.anonymous");

    private final Config config;
    private final Section auth;

    public AuthMethods(final Config config) {
        this.config = config;
        this.auth = config.section("auth");
    }

    /**
     * Who needn't say who they are: {@code never}, {@code loopback}, {@code always}. When nobody has said it, nobody where
     * there is a way to ask, and otherwise clients on this machine.
     */
    public String anonymous(final String listener) {
        final boolean isOpen = !config.isGiven("auth.anonymous")
                && config.section("listeners." + listener).text("anonymous").equals(INHERIT);
        return isOpen && askWho(listener) ? "never" : inherited(listener, "anonymous");
    }

    /** What a client's certificate is: {@code none}, {@code username}, {@code client_id}. */
    public String certificate(final String listener) {
        return inherited(listener, "certificate");
    }

    private String inherited(final String listener, final String key) {
        final String own = config.section("listeners." + listener).text(key);
        return own.equals(INHERIT) ? auth.text(key) : own;
    }

    /** What a listener asks, in order. */
    public List<String> chain(final String listener) {
        final List<String> given = given(listener);
        final List<String> configured = (given.isEmpty() ? ALL : given)
                .stream().filter(method -> isConfigured(method, listener)).toList();
        // SCRAM has packets of its own, which plugins and certificates would never see: only where it is asked for.
        final boolean hasOverseer = configured.contains(PLUGIN) || configured.contains(CERTIFICATE);
        return given.isEmpty() && hasOverseer
                ? configured.stream().filter(method -> !method.equals(SCRAM)).toList()
                : configured;
    }

    /** The chain that somebody has written down for a listener, or for all; empty for none. */
    private List<String> given(final String listener) {
        final List<String> own = config.section("listeners." + listener).texts("chain");
        return own.isEmpty() ? auth.texts("chain") : own;
    }

    /** Whether a listener has a way to find out who its clients are. */
    public boolean askWho(final String listener) {
        final List<String> given = given(listener);
        return (given.isEmpty() ? ALL : given)
                .stream().anyMatch(method -> !method.equals(ANONYMOUS) && isConfigured(method, listener));
    }

    private boolean isConfigured(final String method, final String listener) {
        return switch (method) {
            case PLUGIN -> !config.plugins().isEmpty();
            case CERTIFICATE -> !certificate(listener).equals("none");
            case PASSWORD, SCRAM -> auth.isGiven("password_file");
            case JWT -> auth.isGiven("jwt.key_file") || auth.isGiven("jwt.jwks_file") || auth.isGiven("jwt.jwks_url");
            case LDAP -> auth.isGiven("ldap.url");
            case HTTP -> auth.isGiven("http.url");
            default -> !anonymous(listener).equals("never");
        };
    }

    /** Adds what is wrong: ways that are asked for and not configured, listeners that would let nobody in. */
    void check(final List<String> errors) {
        for (final String listener : config.enabledListeners()) {
            final Section own = config.section("listeners." + listener);
            final boolean hasOwn = !own.texts("chain").isEmpty();
            final List<String> missing = new ArrayList<>(hasOwn ? own.texts("chain") : auth.texts("chain"));
            missing.removeIf(method -> isConfigured(method, listener));
            final String place = hasOwn ? own.place("chain") : auth.place("chain");
            missing.forEach(method ->
                    addOnce(errors, place + "'" + method + "' is not configured: it needs " + WANTED.get(method)));
            if (missing.isEmpty() && chain(listener).isEmpty()) {
                addOnce(
                        errors,
                        "listeners." + listener + ": nobody could connect: auth.anonymous is never, and no other way of"
                                + " authentication is configured");
            }
        }
    }

    private static void addOnce(final List<String> errors, final String error) {
        if (!errors.contains(error)) {
            errors.add(error);
        }
    }
}
