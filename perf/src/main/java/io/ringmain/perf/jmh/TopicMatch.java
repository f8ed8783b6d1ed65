package io.ringmain.perf.jmh;

import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.session.SessionStore;
import io.ringmain.engine.core.state.Deadlines;
import io.ringmain.engine.core.state.IdentifierSets;
import io.ringmain.engine.core.state.StateDigest;
import io.ringmain.engine.core.topic.ShareGroup;
import io.ringmain.engine.core.topic.Subscription;
import io.ringmain.engine.core.topic.TopicIndex;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Matching a topic of four levels against an index in which one literal and two wildcard filters fit. */
@State(Scope.Thread)
public class TopicMatch implements TopicIndex.MatchHandler {
    @Param({"1000", "100000"})
    public int filters = 1000;

    private final StateDigest digest = new StateDigest();
    private final IdentifierSets identifiers = new IdentifierSets(digest);
    private final TopicIndex index = new TopicIndex(digest, identifiers);
    private final UnsafeBuffer topic = bytes("plant/line/7/rpm");
    private int matches;

    @Setup
    public void setup() {
        final SessionStore sessions = new SessionStore(digest, new Deadlines<>(), identifiers);
        final UnsafeBuffer id = bytes("client");
        final Session session = sessions.add(id, 0, id.capacity());
        for (int i = 0; i < filters; i++) {
            add(session, "plant/line/" + i + "/rpm");
        }
        add(session, "plant/+/7/rpm");
        add(session, "plant/#");
    }

    private void add(final Session session, final String filter) {
        final UnsafeBuffer bytes = bytes(filter);
        index.add(session, bytes, 0, bytes.capacity(), 0, 0);
    }

    private static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Benchmark
    public int match() {
        matches = 0;
        index.match(topic, 0, topic.capacity(), this);
        return matches;
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
