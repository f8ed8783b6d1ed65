package io.ringmain.perf.jmh;

import io.ringmain.engine.core.state.StateDigest;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a change of state adds to the digest: the hash of a reference of four words, or of a topic of 20 bytes. */
@State(Scope.Thread)
public class Digest {
    private final StateDigest digest = new StateDigest();
    private long word;

    @Benchmark
    public long reference() {
        word++;
        digest.replace(word, StateDigest.mix(StateDigest.mix(word, word), word, word, word));
        return digest.value();
    }

    @Benchmark
    public long topic() {
        digest.add(StateDigest.hash(Events.TOPIC, 0, Events.TOPIC.capacity()));
        return digest.value();
    }
}
