package io.ringmain.engine.io;

/** Something between a socket and MQTT: encryption, framing. Called by the agent that accepts. */
@FunctionalInterface
public interface ChannelLayer {
    /** A channel that speaks through the one below. */
    Channel over(Channel lower);
}
