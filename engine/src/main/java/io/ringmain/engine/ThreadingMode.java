package io.ringmain.engine;

/** Who runs the agents. */
public enum ThreadingMode {
    /** By the number of cores: {@link #SHARED} on fewer than 8, {@link #DEDICATED} from there on. */
    AUTO,
    /** All agents on one thread, which blocks in select when there is nothing to do. */
    SHARED,
    /** A thread per agent, with the idle strategy of the configuration. */
    DEDICATED,
    /** No thread: the caller steps the agents. For tests and embedding. */
    INVOKER
}
