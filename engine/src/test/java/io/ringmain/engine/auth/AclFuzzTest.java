package io.ringmain.engine.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/** Lists of any bytes: refused with a place for each error, or compiled to something that says what its rules say. */
final class AclFuzzTest {
    private static final List<String> TOPICS = List.of("a", "a/b", "/", "$SYS/a", "own/c1", "own/+/x");
    private static final List<ClientIdentity> CLIENTS =
            List.of(client("c1", null), client("c1", "anna", "r"), client("+", "#"), client("$SYS", "a/b"));

    private static ClientIdentity client(final String id, final String user, final String... roles) {
        return new ClientIdentity("l", "p", id, user, Set.of(roles));
    }

    @FuzzTest(maxDuration = "10m")
    void acl(final byte[] data) {
        final Acl acl;
        try {
            acl = Acl.parse(new String(data, StandardCharsets.UTF_8), 1000);
        } catch (final AclException refused) {
            assertFalse(refused.errors().isEmpty());
            assertTrue(refused.errors().stream().allMatch(error -> error.matches("(?s)[0-9]+:[0-9]+: .+")));
            return;
        }
        for (final ClientIdentity client : CLIENTS) {
            final Permissions permissions = acl.permissionsOf(client);
            for (final String topic : TOPICS) {
                final UnsafeBuffer bytes = new UnsafeBuffer(topic.getBytes(StandardCharsets.UTF_8));
                assertEquals(
                        acl.explain(client, Acl.Action.PUBLISH, topic).isAllowed(),
                        permissions.mayPublish(bytes, 0, bytes.capacity()));
                assertEquals(
                        acl.explain(client, Acl.Action.RECEIVE, topic).isAllowed(),
                        permissions.mayReceive(bytes, 0, bytes.capacity()));
                assertEquals(
                        acl.explain(client, Acl.Action.SUBSCRIBE, topic).isAllowed(),
                        permissions.maySubscribe(bytes, 0, bytes.capacity()));
            }
        }
    }
}
