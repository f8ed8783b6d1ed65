package io.ringmain.engine.auth;

import java.util.Set;

/**
 * Who a client is and what it may do at this moment. Its agent replaces what it may when the broker reloads; any thread
 * asks, so that what was asked for before is answered by the rights of now.
 */
public final class ClientAccess {
    private static final ClientIdentity NOBODY = new ClientIdentity("", "", "", null, Set.of());

    private final ClientIdentity identity;
    private volatile Permissions permissions;

    public ClientAccess(final ClientIdentity identity, final Permissions permissions) {
        this.identity = identity;
        this.permissions = permissions;
    }

    /** Of somebody who isn't a client, and may do what these permissions say. */
    public static ClientAccess of(final Permissions permissions) {
        return new ClientAccess(NOBODY, permissions);
    }

    public ClientIdentity identity() {
        return identity;
    }

    public Permissions permissions() {
        return permissions;
    }

    public void permissions(final Permissions permissions) {
        this.permissions = permissions;
    }
}
