package io.ringmain.engine.auth;

/** Decides what clients may do. Any thread may ask. */
@FunctionalInterface
public interface Authorizer {
    /** Lets everybody do everything. */
    Authorizer ALLOW_ALL = client -> Permissions.ALL;

    /**
     * What a client may do from now on. Asked when it has connected, and again when the broker is told to reload: a new
     * authorizer replaces what the one before said. An exception leaves the client with nothing.
     */
    Permissions permissionsOf(ClientIdentity client);

    /** Allows what this one and another one allow. */
    default Authorizer and(final Authorizer other) {
        return client -> BothPermissions.of(permissionsOf(client), other.permissionsOf(client));
    }
}
