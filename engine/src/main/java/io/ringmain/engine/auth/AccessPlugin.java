package io.ringmain.engine.auth;

import java.util.Map;

/**
 * What an operator adds to decide who may connect and what who is connected may do. Found by {@link
 * java.util.ServiceLoader}: a class with a constructor without parameters, named in {@code
 * META-INF/services/io.ringmain.engine.auth.AccessPlugin} of its jar.
 *
 * <p>A plugin is asked for what it has whenever the configuration is read, also when that is tried and something else is
 * wrong: it must not change anything then. One object serves one reading; it is closed when another has replaced it.
 */
public interface AccessPlugin extends AutoCloseable {
    /** By which the configuration names it. */
    String name();

    /**
     * Takes its settings; called once, before anything else is asked.
     *
     * @param settings what the configuration has under its name.
     * @throws IllegalArgumentException naming what is wrong with a setting and what was expected.
     */
    void configure(Map<String, String> settings);

    /** Asked before those that the broker has itself; null if the plugin doesn't decide who may connect. */
    default Authenticator authenticator() {
        return null;
    }

    /**
     * What this one denies is denied, whatever the broker's own rights say, and the other way round; null if the plugin
     * doesn't decide what clients may do.
     */
    default Authorizer authorizer() {
        return null;
    }

    /** Lets go of threads and connections. Any thread. */
    @Override
    default void close() {}
}
