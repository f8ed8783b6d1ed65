package io.ringmain.engine.io;

/** Something between a socket and MQTT: encryption, framing. Called by the agent that accepts. */
@FunctionalInterface
public interface ChannelLayer {
    /** A channel that speaks through the one below. */
    Channel over(Channel lower);

    /**
     * Whether the client is not at the other end of this socket, but somewhere that the channel of this layer will find
     * out; until then the {@link Channel#address} of that has to be null. Such a connection is counted for its address when
     * that is known.
     */
    default boolean tellsAddress(final Channel socket) {
        return false;
    }
}
