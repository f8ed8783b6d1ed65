package io.ringmain.perf.jmh;

import io.ringmain.engine.core.state.StateDigest;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a change of state adds to the digest: the hash of a reference of four words, or of one of 1,024 topics of 20 bytes. */
@State(Scope.Thread)
public class Digest {
    private static final int TOPICS = 1024;

    private final StateDigest digest = new StateDigest();
    private final UnsafeBuffer[] topics = new UnsafeBuffer[TOPICS];
    private long word;
    private int next;

    @Setup
    public void setup() {
        for (int i = 0; i < TOPICS; i++) {
            topics[i] = Events.bytes("plant/line-" + (1000 + i) + "/rpm/1");
        }
    }

    @Benchmark
    public long reference() {
        word++;
        digest.replace(word, StateDigest.mix(StateDigest.mix(word, word), word, word, word));
        return digest.value();
    }

    @Benchmark
    public long topic() {
        next = next + 1 & TOPICS - 1;
        digest.add(StateDigest.hash(topics[next], 0, topics[next].capacity()));
        return digest.value();
    }
}
