package io.ringmain.ops.auth;

import io.ringmain.engine.BrokerContext;
import io.ringmain.engine.auth.Authenticator;
import io.ringmain.engine.auth.EnhancedAuthenticator;
import io.ringmain.engine.counters.Counters;
import io.ringmain.ops.config.AuthMethods;
import io.ringmain.ops.config.Config;
import io.ringmain.ops.config.ConfigException;
import io.ringmain.ops.config.Section;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * All that decides who may connect, made from a configuration. A reload makes a new one and puts it in the place of the
 * old one, with empty caches; then it closes the old one, which still gives the verdicts that are asked for.
 */
public final class AccessControl implements AutoCloseable {
    private static final long GRACE_SECONDS = 10;

    private final List<AutoCloseable> resources;
    private final List<String> errors = new ArrayList<>();
    private final List<EnhancedAuthenticator> enhanced = new ArrayList<>();
    private final Section auth;
    private final AuthMethods methods;
    private final Counters counters;
    private final Consumer<String> eventLog;
    private final GuessingGuard guard;
    private final VerifiedCredentials verified;
    private final AccessRules rules;
    private final WorkerPool pool;
    private final ScheduledThreadPoolExecutor timer;
    private final Map<String, PasswordHash> users;
    private final AccessPlugins plugins;
    private final List<String> listeners;
    private final Authenticator authenticator;

    private AccessControl(
            final Config config,
            final Counters counters,
            final Consumer<String> eventLog,
            final List<AutoCloseable> resources) {
        this.resources = resources;
        this.plugins = plugins(config);
        this.auth = config.section("auth");
        this.methods = new AuthMethods(config);
        this.counters = counters;
        this.eventLog = eventLog;
        this.guard = new GuessingGuard(guardLimits(), System::nanoTime, counters, eventLog);
        this.verified = new VerifiedCredentials(
                auth.number("cache_time"), auth.integer("cache_size"), System::nanoTime, counters);
        this.rules = new AccessRules(
                auth.texts("client_id_prefixes"),
                AccessRules.Binding.valueOf(
                        auth.text("client_id").toUpperCase(Locale.ROOT).replace('-', '_')),
                config.section("limits").integer("client_id_length"));
        this.timer = timer();
        this.pool = new WorkerPool(
                "ringmain-auth", auth.integer("max_hash_concurrency"), auth.integer("hash_queue"), guard, counters);
        resources.add(pool);
        this.users = users();
        final Map<String, AuthenticatorChain> chains = new HashMap<>();
        final Map<String, Authenticator> links =
                new AccessLinks(auth, pool, guard, verified, timer, counters, eventLog, resources, errors).make(users);
        listeners = config.enabledListeners();
        listeners.forEach(listener -> chains.put(listener, chain(listener, links)));
        addScram(listeners);
        this.authenticator = new ListenerAuthenticator(chains, guard, rules, timer, counters);
    }

    /**
     * Reads all files that the configuration names.
     *
     * @param eventLog takes lines for the operator; any thread.
     * @throws ConfigException with everything that is wrong; nothing is left running then.
     */
    public static AccessControl load(final Config config, final Counters counters, final Consumer<String> eventLog)
            throws ConfigException {
        final List<AutoCloseable> resources = new ArrayList<>();
        boolean isUsable = false;
        try {
            final AccessControl control = new AccessControl(config, counters, eventLog, resources);
            if (!control.errors.isEmpty()) {
                throw new ConfigException(control.errors);
            }
            isUsable = true;
            return control;
        } finally {
            if (!isUsable) {
                close(resources, eventLog);
            }
        }
    }

    private AccessPlugins plugins(final Config config) {
        try {
            final AccessPlugins loaded = AccessPlugins.load(config);
            resources.add(loaded);
            return loaded;
        } catch (final ConfigException ex) {
            errors.addAll(ex.errors());
            return AccessPlugins.NONE;
        }
    }

    private ScheduledThreadPoolExecutor timer() {
        final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            final Thread thread = new Thread(task, "ringmain-auth-timer");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        resources.add(executor::shutdown);
        return executor;
    }

    private GuessingGuard.Limits guardLimits() {
        return new GuessingGuard.Limits(
                auth.integer("max_failures"),
                auth.number("failure_window"),
                auth.number("lockout"),
                auth.number("failure_delay"),
                auth.number("failure_delay_max"),
                auth.integer("failure_addresses"),
                auth.bool("failure_loopback"));
    }

    private Map<String, PasswordHash> users() {
        final Path file = auth.path("password_file");
        if (file == null) {
            return Map.of();
        }
        final List<String> found = new ArrayList<>();
        final Map<String, PasswordHash> result = PasswordFile.read(file, found);
        found.forEach(error -> errors.add(auth.place("password_file") + error));
        return result;
    }

    private AuthenticatorChain chain(final String listener, final Map<String, Authenticator> links) {
        final List<String> chain = methods.chain(listener);
        // Rights and sessions belong to a name, whichever listener it comes through.
        final boolean nobodyIsAsked = listeners.stream().noneMatch(methods::askWho);
        final List<AuthenticatorChain.Link> result = new ArrayList<>();
        for (final String method : chain) {
            if (method.equals(AuthMethods.PLUGIN)) {
                plugins.authenticators().forEach(own -> result.add(new AuthenticatorChain.Link(method, own)));
                continue;
            }
            final Authenticator link = switch (method) {
                case AuthMethods.CERTIFICATE ->
                    new CertificateAuthenticator(methods.certificate(listener).equals("client_id"));
                case AuthMethods.ANONYMOUS ->
                    new AnonymousAuthenticator(methods.anonymous(listener).equals("always"), nobodyIsAsked);
                default -> links.get(method);
            };
            // SCRAM has packets of its own, and isn't asked here.
            if (link != null) {
                result.add(new AuthenticatorChain.Link(method, link));
            }
        }
        return new AuthenticatorChain(result, counters);
    }

    /** Has a broker ask this, and plugins beside the rights that it has already. */
    public BrokerContext addTo(final BrokerContext context) {
        return context.authenticator(authenticator)
                .enhancedAuthenticators(enhanced)
                .authorizer(plugins.with(context.authorizer()));
    }

    private void addScram(final List<String> listeners) {
        final Set<String> offering = listeners.stream()
                .filter(listener -> methods.chain(listener).contains(AuthMethods.SCRAM))
                .collect(Collectors.toSet());
        if (!offering.isEmpty()) {
            enhanced.add(new ScramAuthenticator(
                    users, auth.text("scram.secret"), offering, auth.number("scram.lifetime"), guard, rules, counters));
        }
    }

    /** Decides for all listeners. */
    public Authenticator authenticator() {
        return authenticator;
    }

    /** The methods of enhanced authentication that there are. */
    public List<EnhancedAuthenticator> enhancedAuthenticators() {
        return List.copyOf(enhanced);
    }

    /**
     * Ends the threads in a while, when they have given the verdicts that were asked for: an agent that hasn't yet gone
     * over to what comes after this one may still ask.
     */
    @Override
    public void close() {
        timer.schedule(this::discard, GRACE_SECONDS, TimeUnit.SECONDS);
    }

    /** Ends the threads at once: of what was never put in force, as nobody has asked it anything. */
    public void discard() {
        close(resources, eventLog);
    }

    private static void close(final List<AutoCloseable> resources, final Consumer<String> eventLog) {
        for (final AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (final Exception | LinkageError ex) {
                eventLog.accept("authentication isn't closed cleanly: " + ex);
            }
        }
    }
}
