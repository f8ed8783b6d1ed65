package io.ringmain.ops.config;

import java.nio.file.Path;
import java.util.List;

/** The values of a section of a {@link Config}, for whom they concern; an asked key that doesn't exist is a bug. */
public final class Section {
    private final Config config;
    private final String name;

    Section(final Config config, final String name) {
        this.config = config;
        this.name = name;
    }

    Object value(final String key) {
        return config.entry(name + "." + key).value();
    }

    public String text(final String key) {
        return (String) value(key);
    }

    /** Null if the value is empty. */
    public Path path(final String key) {
        return text(key).isEmpty() ? null : Path.of(text(key));
    }

    public boolean isGiven(final String key) {
        return !text(key).isEmpty();
    }

    public long number(final String key) {
        return (Long) value(key);
    }

    public int integer(final String key) {
        return Math.toIntExact(number(key));
    }

    public boolean bool(final String key) {
        return (Boolean) value(key);
    }

    public List<String> texts(final String key) {
        return ((List<?>) value(key)).stream().map(String.class::cast).toList();
    }

    /** Beginning of a message about a key: where its value was given, and its name. */
    public String place(final String key) {
        return config.entry(name + "." + key).origin() + ": " + name + "." + key + ": ";
    }
}
