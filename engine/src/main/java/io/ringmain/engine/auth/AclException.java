package io.ringmain.engine.auth;

import java.util.List;

/** What is wrong with an ACL: one line for each thing, {@code line:column: what, and what was expected}. */
public final class AclException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> errors;

    public AclException(final List<String> errors) {
        super(String.join("\n", errors));
        this.errors = List.copyOf(errors);
    }

    public List<String> errors() {
        return errors;
    }
}
