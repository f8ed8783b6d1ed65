package io.ringmain.engine.auth;

import org.agrona.DirectBuffer;

/**
 * Decides what a client may read. Asked for every topic before anything of its past is shown to the client, so that a
 * recorded message is no way around what live delivery denies. Called by any agent, on its thread: the answer must be
 * there at once.
 */
@FunctionalInterface
public interface Authorizer {
    /** Lets everybody read everything. */
    Authorizer ALLOW_ALL = (listener, clientId, username, topic, offset, length) -> true;

    /**
     * @param listener name of the listener.
     * @param clientId of the session.
     * @param username null if there is none.
     * @param topic name of the topic, UTF-8; not to be kept.
     * @return true if the client may read messages of this topic.
     */
    boolean mayRead(String listener, String clientId, String username, DirectBuffer topic, int offset, int length);
}
