package io.ringmain.ops.config;

import java.util.List;

/** The configuration can't be used; the message has a line for each thing that is wrong. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> errors;

    /** @param errors a line each, with its place. */
    public ConfigException(final List<String> errors) {
        super(String.join(System.lineSeparator(), errors));
        this.errors = List.copyOf(errors);
    }

    public List<String> errors() {
        return errors;
    }
}
