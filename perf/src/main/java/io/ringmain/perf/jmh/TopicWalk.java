package io.ringmain.perf.jmh;

import io.ringmain.engine.core.session.SessionStore;
import io.ringmain.engine.core.state.Deadlines;
import io.ringmain.engine.core.state.IdentifierSets;
import io.ringmain.engine.core.state.StateDigest;
import io.ringmain.engine.core.topic.ShareGroup;
import io.ringmain.engine.core.topic.Subscription;
import io.ringmain.engine.core.topic.TopicIndex;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.TopicHash;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Messages to another topic each time, of so many in an order by chance: what is known of the names and of what they match
 * is found again with 1 topic, and hardly ever with 100,000. One subscription with a wildcard fits all of them.
 */
@State(Scope.Thread)
public class TopicWalk implements TopicIndex.MatchHandler {
    private static final int SLOT_LENGTH = 32;

    @Param({"1", "1000", "100000"})
    public int topics = 1;

    private final MemoryIo io = new MemoryIo();
    private final RingReader reader = new RingReader(io.ring);
    private final MessagePath path = new MessagePath();
    private final StateDigest digest = new StateDigest();
    private final IdentifierSets identifiers = new IdentifierSets(digest);
    private final TopicIndex index = new TopicIndex(digest, identifiers);
    private MemoryChannel client;
    private PublishBatches publishes;

    // One behind the other, as a read has them.
    private UnsafeBuffer names;
    private int[] lengths;
    private int[] hashes;
    private int next;
    private int matches;

    @Setup
    public void setup() throws Exception {
        final UnsafeBuffer[] walk = PublishBatches.topics(topics);
        publishes = new PublishBatches(walk, MessagePath.BATCH, 0);
        client = io.connect(ProtocolVersion.V3_1_1, "client", false);
        path.topics = walk;
        path.setup();
        final SessionStore sessions = new SessionStore(digest, new Deadlines<>(), identifiers);
        final UnsafeBuffer filter = Events.bytes("plant/+/rpm/01");
        index.add(sessions.add(filter, 0, filter.capacity()), filter, 0, filter.capacity(), 0, 0);
        names = new UnsafeBuffer(ByteBuffer.allocateDirect(topics * SLOT_LENGTH));
        lengths = new int[topics];
        hashes = new int[topics];
        for (int i = 0; i < topics; i++) {
            lengths[i] = walk[i].capacity();
            hashes[i] = TopicHash.of(walk[i], 0, lengths[i]);
            names.putBytes(i * SLOT_LENGTH, walk[i], 0, lengths[i]);
        }
    }

    /** A PUBLISH of 64 in a read becomes an event, as in {@link BytesToRing}. */
    @Benchmark
    @OperationsPerInvocation(MessagePath.BATCH)
    public long bytesToRing() {
        client.send(publishes.next());
        io.agent.pollTransport(0);
        return reader.poll();
    }

    /** The core finds who subscribes. */
    @Benchmark
    public int match() {
        next = next + 1 < topics ? next + 1 : 0;
        matches = 0;
        index.match(names, next * SLOT_LENGTH, lengths[next], hashes[next], this);
        return matches;
    }

    /** From bytes to bytes with QoS 0, as in {@link MessagePath}. */
    @Benchmark
    @OperationsPerInvocation(MessagePath.BATCH)
    public long wholePath() throws Exception {
        return path.qos0();
    }

    @Override
    public void onMatch(final Subscription subscription) {
        matches++;
    }

    @Override
    public void onMatch(final ShareGroup group) {
        matches++;
    }
}
