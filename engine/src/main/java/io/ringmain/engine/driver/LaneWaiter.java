package io.ringmain.engine.driver;

/**
 * What the core's thread does while an egress lane is full. The core may wait, as I/O never does: with a thread of its
 * own the I/O agent empties the lane; on a shared thread this call has to.
 */
@FunctionalInterface
public interface LaneWaiter {
    /**
     * Called again and again until there is room.
     *
     * @throws org.agrona.concurrent.AgentTerminationException when the broker is closing.
     */
    void onLaneFull(int lane);
}
