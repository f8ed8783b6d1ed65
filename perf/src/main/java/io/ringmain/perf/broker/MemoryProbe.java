package io.ringmain.perf.broker;

import java.io.IOException;

/** Looks at what a broker holds in memory. */
@FunctionalInterface
public interface MemoryProbe {
    /** @throws IOException when the process is gone. */
    BrokerMemory measure() throws IOException;
}
