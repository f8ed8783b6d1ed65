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
    /** Puts what was prepared in force: first what might fail, then what can't. */
    @FunctionalInterface
    interface Target {
        void apply(Config config, BrokerContext context, String changes);
    }

    private static final int MAX_KEYS_NAMED = 20;

    /** Names of listeners and plugins are as long as somebody likes. */
    private static final int MAX_TEXT_LENGTH = 800;

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
        AccessControl unused = null;
        try {
            final Config next = source.get().load();
            final List<String> restarts = current.restartsFor(next);
            if (!restarts.isEmpty()) {
                return restarts;
            }
            final BrokerContext context = next.toContext();
            final AccessControl nextAccess = AccessControl.load(next, counters, log);
            unused = nextAccess;
            final String changes = text(current.changedKeys(next));
            target.apply(next, nextAccess.addTo(context), changes);
            unused = null;
            current = next;
            final AccessControl old = access;
            access = nextAccess;
            old.close();
            log.accept("reloaded: " + changes);
            return List.of();
        } catch (final ConfigException ex) {
            return ex.errors();
        } catch (final Throwable ex) {
            // An Error too, such as of a plugin that lacks a class: it must not end the thread that reloads.
            return List.of("the configuration can't be used: " + ex);
        } finally {
            if (unused != null) {
                unused.discard();
            }
        }
    }

    /** Names only: values may be secret. */
    static String text(final List<String> keys) {
        if (keys.isEmpty()) {
            return "no key changed, files read again";
        }
        final StringBuilder named = new StringBuilder(keys.get(0));
        int count = 1;
        while (count < Math.min(MAX_KEYS_NAMED, keys.size())
                && named.length() + keys.get(count).length() <= MAX_TEXT_LENGTH) {
            named.append(", ").append(keys.get(count++));
        }
        return count == keys.size() ? named.toString() : named + " and " + (keys.size() - count) + " more";
    }
}
