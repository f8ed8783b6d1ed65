package io.ringmain.perf.jmh;

/** How messages come from the core to the I/O agent. */
public enum HandOver {
    /** Called where they lie: the agents share a thread, as in all modes but {@code dedicated}. */
    DIRECT,
    /** Copied to the lane and read from there: the agents have threads of their own, as in {@code dedicated}. */
    LANE
}
