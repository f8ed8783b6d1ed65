package io.ringmain.engine.core.state;

/** An object that knows its hash code, so that a {@link HashedTable} needs no node around it. */
public abstract class HashedEntry {
    private final int hash;

    protected HashedEntry(final int hash) {
        this.hash = hash;
    }

    public final int hash() {
        return hash;
    }
}
