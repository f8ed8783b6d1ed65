package io.ringmain.perf.jmh;

import io.ringmain.engine.auth.Acl;
import io.ringmain.engine.auth.AclException;
import io.ringmain.engine.auth.ClientIdentity;
import io.ringmain.engine.auth.Permissions;
import java.util.Set;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Asking an ACL whether a client may publish to a topic of four levels: a list of so many rules of the client's user, half
 * of them with a wildcard, and a pattern with its client id. Another topic each time, of a rule by chance.
 */
@State(Scope.Thread)
public class AclCheck {
    private static final int TOPICS = 1024;

    @Param({"1", "10", "1000"})
    public int rules = 1000;

    private final UnsafeBuffer[] allowed = new UnsafeBuffer[TOPICS];
    private final UnsafeBuffer[] denied = new UnsafeBuffer[TOPICS];
    private final UnsafeBuffer[] own = new UnsafeBuffer[TOPICS];
    private final UnsafeBuffer[] filters = new UnsafeBuffer[TOPICS];
    private int next;
    private Permissions permissions;

    @Setup
    public void setup() throws AclException {
        final StringBuilder text = new StringBuilder("pattern clients/%c/#\nuser anna\n");
        for (int i = 0; i < rules; i++) {
            text.append("topic plant/line/").append(i).append(i % 2 == 0 ? "/+\n" : "/rpm\n");
        }
        permissions = Acl.parse(text.toString(), Acl.MAX_RULES)
                .permissionsOf(new ClientIdentity("tcp", "127.0.0.1:1", "press-07", "anna", Set.of()));
        final SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < TOPICS; i++) {
            final int rule = random.nextInt(rules);
            allowed[i] = Events.bytes("plant/line/" + rule + "/rpm");
            denied[i] = Events.bytes("plant/line/none-" + rule + "/rpm");
            own[i] = Events.bytes("clients/press-07/state-" + rule);
            filters[i] = Events.bytes("plant/+/" + rule + "/#");
        }
    }

    private UnsafeBuffer next(final UnsafeBuffer[] topics) {
        next = next + 1 & TOPICS - 1;
        return topics[next];
    }

    @Benchmark
    public boolean allowed() {
        final UnsafeBuffer topic = next(allowed);
        return permissions.mayPublish(topic, 0, topic.capacity());
    }

    @Benchmark
    public boolean denied() {
        final UnsafeBuffer topic = next(denied);
        return permissions.mayPublish(topic, 0, topic.capacity());
    }

    @Benchmark
    public boolean byPattern() {
        final UnsafeBuffer topic = next(own);
        return permissions.mayReceive(topic, 0, topic.capacity());
    }

    @Benchmark
    public boolean subscription() {
        final UnsafeBuffer filter = next(filters);
        return permissions.maySubscribe(filter, 0, filter.capacity());
    }
}
