package io.ringmain.engine.auth;

import java.util.Set;

/**
 * Who a connected client is. Immutable.
 *
 * @param listener that it came through.
 * @param address without the port; null for a client on this machine.
 * @param clientId of its session.
 * @param username as it was authenticated; null if there is none.
 * @param roles that its authenticator gave it.
 */
public record ClientIdentity(String listener, String address, String clientId, String username, Set<String> roles) {
    public ClientIdentity {
        roles = Set.copyOf(roles);
    }
}
