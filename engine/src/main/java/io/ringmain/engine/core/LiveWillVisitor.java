package io.ringmain.engine.core;

import org.agrona.DirectBuffer;

/** Is shown the wills of sessions that have a connection. */
@FunctionalInterface
public interface LiveWillVisitor {
    /**
     * A will; the buffers are those of the state, and not to be changed.
     *
     * @param clientId of the session.
     * @param owner user whose client connected, empty for one without a name; null if it isn't known.
     * @param connectionId of its connection.
     * @param topic of the will.
     */
    void onWill(DirectBuffer clientId, DirectBuffer owner, long connectionId, DirectBuffer topic);
}
