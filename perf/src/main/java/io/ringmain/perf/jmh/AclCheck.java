package io.ringmain.perf.jmh;

import io.ringmain.engine.auth.Acl;
import io.ringmain.engine.auth.AclException;
import io.ringmain.engine.auth.ClientIdentity;
import io.ringmain.engine.auth.Permissions;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Asking an ACL whether a client may publish to a topic of four levels: a list of so many rules of the client's user, half
 * of them with a wildcard, and a pattern with its client id.
 */
@State(Scope.Thread)
public class AclCheck {
    @Param({"1", "10", "1000"})
    public int rules = 1000;

    private final UnsafeBuffer allowed = Events.bytes("plant/line/0/rpm");
    private final UnsafeBuffer denied = Events.bytes("plant/line/none/rpm");
    private final UnsafeBuffer own = Events.bytes("clients/press-07/state");
    private final UnsafeBuffer filter = Events.bytes("plant/+/0/#");
    private Permissions permissions;

    @Setup
    public void setup() throws AclException {
        final StringBuilder text = new StringBuilder("pattern clients/%c/#\nuser anna\n");
        for (int i = 0; i < rules; i++) {
            text.append("topic plant/line/").append(i).append(i % 2 == 0 ? "/+\n" : "/rpm\n");
        }
        permissions = Acl.parse(text.toString(), Acl.MAX_RULES)
                .permissionsOf(new ClientIdentity("tcp", "127.0.0.1:1", "press-07", "anna", Set.of()));
    }

    @Benchmark
    public boolean allowed() {
        return permissions.mayPublish(allowed, 0, allowed.capacity());
    }

    @Benchmark
    public boolean denied() {
        return permissions.mayPublish(denied, 0, denied.capacity());
    }

    @Benchmark
    public boolean byPattern() {
        return permissions.mayReceive(own, 0, own.capacity());
    }

    @Benchmark
    public boolean subscription() {
        return permissions.maySubscribe(filter, 0, filter.capacity());
    }
}
