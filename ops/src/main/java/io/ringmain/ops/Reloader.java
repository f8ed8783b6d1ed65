package io.ringmain.ops;

import io.ringmain.engine.BrokerContext;
import io.ringmain.engine.counters.Counters;
import io.ringmain.ops.auth.AccessControl;
import io.ringmain.ops.config.Config;
import io.ringmain.ops.config.ConfigException;
import io.ringmain.ops.config.ConfigLoader;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reads the configuration anew while the broker runs and puts in force what may change: all of it, or, when anything is
 * wrong, nothing.
 */
final class Reloader {
    /** Puts what was prepared in force; can't fail. */
    @FunctionalInterface
    interface Target {
        void apply(Config config, BrokerContext context, String changes);
    }

    private static final int MAX_KEYS_NAMED = 20;

    private final Supplier<ConfigLoader> source;
    private final Target target;
    private final Consumer<String> log;
    private final Consumer<String> warnings;
    private final Counters counters;
    private Config current;
    private AccessControl access;

    /**
     * @param source gathers the configuration from where it came from at the start.
     * @param current what is in force.
     * @param access who decides, by that; closed when another one is in its place.
     * @param counters of the broker.
     * @param log takes a line for what was done.
     * @param warnings takes a line for each thing that is wrong.
     */
    Reloader(
            final Supplier<ConfigLoader> source,
            final Config current,
            final AccessControl access,
            final Counters counters,
            final Target target,
            final Consumer<String> log,
            final Consumer<String> warnings) {
        this.source = source;
        this.current = current;
        this.access = access;
        this.counters = counters;
        this.target = target;
        this.log = log;
        this.warnings = warnings;
    }

    /** Reloads. Answers what is wrong, a line each; nothing has changed then. Empty if all is in force. Any thread. */
    synchronized List<String> reload() {
        final List<String> errors = tryReload();
        errors.forEach(error -> warnings.accept("not reloaded: " + error));
        return errors;
    }

    private List<String> tryReload() {
        try {
            final Config next = source.get().load();
            final List<String> restarts = current.restartsFor(next);
            if (!restarts.isEmpty()) {
                return restarts;
            }
            final BrokerContext context = next.toContext();
            final AccessControl nextAccess = AccessControl.load(next, counters, log);
            final String changes = text(current.changedKeys(next));
            target.apply(next, nextAccess.addTo(context), changes);
            current = next;
            access.close();
            access = nextAccess;
            log.accept("reloaded: " + changes);
            return List.of();
        } catch (final ConfigException ex) {
            return ex.errors();
        } catch (final RuntimeException ex) {
            return List.of("the configuration can't be used: " + ex);
        }
    }

    /** Names only: values may be secret. */
    private static String text(final List<String> keys) {
        if (keys.isEmpty()) {
            return "no key changed, files read again";
        }
        final String named = String.join(", ", keys.subList(0, Math.min(MAX_KEYS_NAMED, keys.size())));
        return keys.size() <= MAX_KEYS_NAMED ? named : named + " and " + (keys.size() - MAX_KEYS_NAMED) + " more";
    }
}
