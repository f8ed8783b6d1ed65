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
     * A client begins, at its CONNECT or to be authenticated again.
     *
     * @param client where it is and what it is called; without user name and password.
     */
    AuthExchange begin(Credentials client);
}
