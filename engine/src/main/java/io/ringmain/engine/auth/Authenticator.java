package io.ringmain.engine.auth;

/**
 * Decides whether a client may connect. Called by any I/O agent, on its thread: the answer must be there at once.
 */
@FunctionalInterface
public interface Authenticator {
    /** Lets everybody in. */
    Authenticator ANONYMOUS = (listener, peer, clientId, username, password) -> 0;

    /**
     * @param listener name of the listener.
     * @param peer address and port of the client.
     * @param clientId empty when the broker is to assign one.
     * @param username null if there is none.
     * @param password null if there is none; not to be kept.
     * @return 0, or the MQTT 5 reason code of the refusal.
     */
    int authenticate(String listener, String peer, String clientId, String username, byte[] password);
}
