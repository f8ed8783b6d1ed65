package io.ringmain.engine.auth;

/**
 * A method of enhanced authentication (MQTT 5, section 4.12): an exchange of any number of steps between client and
 * broker, at CONNECT and whenever the client wants to be authenticated again.
 *
 * <p>Called by any I/O agent, on its thread: the answer to each step must be there at once.
 */
public interface EnhancedAuthenticator {
    /** Name of the method, as in the Authentication Method property. */
    String method();

    /**
     * A client begins.
     *
     * @param listener name of the listener.
     * @param peer address and port of the client.
     * @param clientId of the session, assigned if the client had none.
     */
    AuthExchange begin(String listener, String peer, String clientId);
}
