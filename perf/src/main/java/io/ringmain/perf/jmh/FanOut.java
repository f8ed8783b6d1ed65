package io.ringmain.perf.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The way of a message as in {@link MessagePath}, handed over directly: how its cost grows with its subscribers. */
@State(Scope.Thread)
public class FanOut {
    /** To how many a message goes. */
    @Param({"1", "10", "100", "1000"})
    public int subscribers = 1;

    private final MessagePath path = new MessagePath();

    @Setup
    public void setup() throws Exception {
        path.subscribers = subscribers;
        path.setup();
    }

    @Benchmark
    @OperationsPerInvocation(MessagePath.BATCH)
    public long qos0() throws Exception {
        return path.qos0();
    }

    @Benchmark
    @OperationsPerInvocation(MessagePath.BATCH)
    public long qos1() throws Exception {
        return path.qos1();
    }
}
