package io.ringmain.engine.auth;

import java.util.Objects;
import java.util.function.Consumer;

/** Decides what clients may do. Any thread may ask. */
@FunctionalInterface
public interface Authorizer {
    /** Lets everybody do everything. */
    Authorizer ALLOW_ALL = client -> Permissions.ALL;

    /**
     * What a client may do from now on. Asked when it has connected, and again when the broker is told to reload: a new
     * authorizer replaces what the one before said. An exception leaves the client with nothing, and what the permissions
     * throw is a no.
     */
    Permissions permissionsOf(ClientIdentity client);

    /**
     * As {@link #permissionsOf}, but nothing that this authorizer or its permissions throw gets out: who asks goes on.
     *
     * @param onFailure is told what was thrown, each time, by any thread.
     */
    default Permissions guardedPermissionsOf(final ClientIdentity client, final Consumer<Throwable> onFailure) {
        try {
            final Permissions permissions =
                    Objects.requireNonNull(permissionsOf(client), "an authorizer gave no permissions");
            final boolean isOwn = permissions instanceof Permissions.Constant || permissions instanceof AclPermissions;
            return isOwn ? permissions : new GuardedPermissions(permissions, onFailure);
        } catch (final RuntimeException | LinkageError failure) {
            onFailure.accept(failure);
            return Permissions.NONE;
        }
    }

    /** Allows what this one and another one allow. */
    default Authorizer and(final Authorizer other) {
        return client -> BothPermissions.of(permissionsOf(client), other.permissionsOf(client));
    }
}
