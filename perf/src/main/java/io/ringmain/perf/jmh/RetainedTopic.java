package io.ringmain.perf.jmh;

import io.ringmain.engine.core.retain.RetainedIndex;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.core.state.StateDigest;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Retaining another message on a topic, and finding the one that is retained, among so many topics, each in its turn. */
@State(Scope.Thread)
public class RetainedTopic {
    private static final int STRIDE = 7_919;

    @Param({"1", "1000", "100000", "1000000"})
    public int topics = 1000;

    private final RetainedIndex index = new RetainedIndex(new StateDigest());
    private final MessageRef message = new MessageRef();
    private UnsafeBuffer[] names;
    private int next;
    private long position;

    @Setup
    public void setup() {
        names = new UnsafeBuffer[topics];
        for (int i = 0; i < topics; i++) {
            names[i] = Events.bytes("plant/line-" + i + "/rpm");
            set(names[i]);
        }
    }

    private void set(final UnsafeBuffer topic) {
        position += 152;
        index.set(topic, 0, topic.capacity(), message.set(position, 0, 152, 86, 0));
    }

    private UnsafeBuffer nextTopic() {
        next = (next + STRIDE) % topics;
        return names[next];
    }

    @Benchmark
    public long replace() {
        set(nextTopic());
        return position;
    }

    @Benchmark
    public Object find() {
        final UnsafeBuffer topic = nextTopic();
        return index.find(topic, 0, topic.capacity());
    }
}
