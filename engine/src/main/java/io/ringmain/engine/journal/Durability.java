package io.ringmain.engine.journal;

/** When an event counts as committed, so that acknowledgements which it caused may leave. */
public enum Durability {
    /** As soon as it is applied; nothing is promised over a crash. */
    NONE,
    /** When it is appended to the memory-mapped log: survives the death of the process. */
    APPEND,
    /** When it is forced to the device, many events at a time: survives the loss of power. */
    SYNC
}
