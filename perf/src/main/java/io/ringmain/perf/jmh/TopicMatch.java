package io.ringmain.perf.jmh;

import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.session.SessionStore;
import io.ringmain.engine.core.state.Deadlines;
import io.ringmain.engine.core.state.IdentifierSets;
import io.ringmain.engine.core.state.StateDigest;
import io.ringmain.engine.core.topic.ShareGroup;
import io.ringmain.engine.core.topic.Subscription;
import io.ringmain.engine.core.topic.TopicIndex;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Matching a topic of four levels against so many literal filters and two wildcard ones; one literal filter and the two
 * fit. The same topic each time, or another one each time, or two by turns that 128 more filters fit.
 */
@State(Scope.Thread)
public class TopicMatch implements TopicIndex.MatchHandler {
    private static final int MAX_TOPICS = 1 << 16;
    private static final int STRIDE = 7_919;
    private static final int MANY_LEVELS = 7;

    @Param({"1", "1000", "100000", "1000000"})
    public int filters = 1000;

    private final StateDigest digest = new StateDigest();
    private final IdentifierSets identifiers = new IdentifierSets(digest);
    private final TopicIndex index = new TopicIndex(digest, identifiers);
    private final UnsafeBuffer[] many = {Events.bytes("many/0/1/2/3/4/5/6/a"), Events.bytes("many/0/1/2/3/4/5/6/b")};
    private UnsafeBuffer[] topics;
    private int next;
    private int matches;

    @Setup
    public void setup() {
        final SessionStore sessions = new SessionStore(digest, new Deadlines<>(), identifiers);
        final UnsafeBuffer id = Events.bytes("client");
        final Session session = sessions.add(id, 0, id.capacity());
        topics = new UnsafeBuffer[Math.min(filters, MAX_TOPICS)];
        for (int i = 0; i < filters; i++) {
            final UnsafeBuffer filter = Events.bytes("plant/line/" + i + "/rpm");
            add(session, filter);
            topics[(int) ((long) i * topics.length / filters)] = filter;
        }
        add(session, Events.bytes("plant/+/+/rpm"));
        add(session, Events.bytes("plant/#"));
        for (int wildcards = 0; wildcards < 1 << MANY_LEVELS; wildcards++) {
            add(session, manyFilter(wildcards));
        }
    }

    /** With {@code +} in place of the levels whose bits are set, and of the last one. */
    private static UnsafeBuffer manyFilter(final int wildcards) {
        final StringBuilder filter = new StringBuilder("many");
        for (int level = 0; level < MANY_LEVELS; level++) {
            filter.append('/').append((wildcards >> level & 1) == 1 ? "+" : String.valueOf(level));
        }
        return Events.bytes(filter + "/+");
    }

    private void add(final Session session, final UnsafeBuffer filter) {
        index.add(session, filter, 0, filter.capacity(), 0, 0);
    }

    private int match(final UnsafeBuffer topic) {
        matches = 0;
        index.match(topic, 0, topic.capacity(), this);
        return matches;
    }

    @Benchmark
    public int match() {
        return match(topics[0]);
    }

    @Benchmark
    public int matchAnother() {
        next = (next + STRIDE) % topics.length;
        return match(topics[next]);
    }

    @Benchmark
    public int matchMany() {
        next = next + 1 & 1;
        return match(many[next]);
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
