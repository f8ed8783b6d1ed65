package io.ringmain.engine.journal;

/** Which thread waits for the device, in {@link Durability#SYNC}. */
public enum ForceThread {
    /** {@link #OWN}, except where the caller steps the agents: so that QoS 0 never waits for the device. */
    AUTO,
    /** The journal's own: nothing is journalled during a force, and one force covers all that came during the last. */
    JOURNAL,
    /** One beside it: the journal goes on, and a force covers what was appended when it began. */
    OWN
}
