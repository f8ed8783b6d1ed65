package io.ringmain.engine.auth;

/**
 * What a client has to show for itself.
 *
 * @param listener name of the listener.
 * @param peer address and port of the client, for people.
 * @param address of the client without the port; null if it is on this machine.
 * @param clientId of the session, assigned if the client had none.
 * @param clientIdAssigned whether the broker has made it up.
 * @param username null if there is none.
 * @param password null if there is none; of this object alone.
 * @param certificate that the client proved to own; null if there is none.
 * @param encrypted whether nobody on the way can read the password.
 */
public record Credentials(
        String listener,
        String peer,
        String address,
        String clientId,
        boolean clientIdAssigned,
        String username,
        byte[] password,
        ClientCertificate certificate,
        boolean encrypted) {
    /** Without the password: this may end up in a log. */
    @Override
    public String toString() {
        return "client '" + clientId + "' of user '" + username + "' from " + peer + " by listener " + listener;
    }
}
