package io.ringmain.engine.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class AuthorizerTest {
    private static final ClientIdentity ANNA = new ClientIdentity("local", "peer", "me", "anna", Set.of());

    private static boolean mayReceive(final Authorizer authorizer, final String topic) {
        final UnsafeBuffer bytes = new UnsafeBuffer(topic.getBytes(StandardCharsets.UTF_8));
        return authorizer.permissionsOf(ANNA).mayReceive(bytes, 0, bytes.capacity());
    }

    @Test
    void shouldAllowWhatBothAllow() {
        final Authorizer both = ReadRights.of((client, topic) -> topic.startsWith("a"))
                .and(ReadRights.of((client, topic) -> topic.endsWith("z")));
        assertTrue(mayReceive(both, "a/z"));
        assertFalse(mayReceive(both, "a/b"));
        assertFalse(mayReceive(both, "b/z"));
    }

    @Test
    void shouldAskNobodyWhoAllowsEverything() {
        final Permissions own = Permissions.NONE;
        assertSame(own, Authorizer.ALLOW_ALL.and(client -> own).permissionsOf(ANNA));
        assertSame(own, ((Authorizer) client -> own).and(Authorizer.ALLOW_ALL).permissionsOf(ANNA));
        assertSame(
                Permissions.ALL, Authorizer.ALLOW_ALL.and(Authorizer.ALLOW_ALL).permissionsOf(ANNA));
    }

    private static boolean mayShare(final Authorizer authorizer, final String filter) {
        final UnsafeBuffer bytes = new UnsafeBuffer(filter.getBytes(StandardCharsets.UTF_8));
        return authorizer.permissionsOf(ANNA).mayShare(bytes, 0, bytes.capacity());
    }

    /** By a plugin that doesn't say who may share: a filter without wildcards is one topic, others it can't tell. */
    @Test
    void shouldLetShareOnlyOneTopicWhereNothingElseIsSaid() {
        final Authorizer own = ReadRights.of((client, topic) -> topic.startsWith("a"));
        assertTrue(mayShare(own, "a/z"));
        assertFalse(mayShare(own, "b/z"));
        assertFalse(mayShare(own, "a/+"));
        assertFalse(mayShare(own, "#"));
        assertTrue(mayShare(Authorizer.ALLOW_ALL.and(own), "a/z"));
        assertFalse(mayShare(own.and(client -> Permissions.NONE), "a/z"));
        assertFalse(mayShare(((Authorizer) client -> new Permissions.Constant(true)).and(own), "a/+"));
    }

    @Test
    void shouldDenyWhatAnAuthorizerFailsToAnswer() {
        final List<Throwable> failures = new ArrayList<>();
        final Authorizer failing = ReadRights.of((client, topic) -> {
            throw new NoClassDefFoundError(topic);
        });
        final UnsafeBuffer topic = new UnsafeBuffer("a".getBytes(StandardCharsets.UTF_8));
        for (final Authorizer authorizer : List.of(failing, Authorizer.ALLOW_ALL.and(failing), failing.and(failing))) {
            final Permissions permissions = authorizer.guardedPermissionsOf(ANNA, failures::add);
            assertFalse(permissions.mayReceive(topic, 0, 1));
            assertFalse(permissions.mayShare(topic, 0, 1));
            assertTrue(permissions.mayPublish(topic, 0, 1));
        }
        assertEquals(6, failures.size());
        final Authorizer broken = client -> {
            throw new IllegalStateException("broken");
        };
        assertSame(Permissions.NONE, broken.guardedPermissionsOf(ANNA, failures::add));
        assertSame(Permissions.NONE, ((Authorizer) client -> null).guardedPermissionsOf(ANNA, failures::add));
        assertEquals(8, failures.size());
        assertSame(Permissions.ALL, Authorizer.ALLOW_ALL.guardedPermissionsOf(ANNA, failures::add));
    }

    @Test
    void shouldPutPasswordsInNoText() {
        final Credentials credentials = new Credentials(
                "local", "peer", null, "me", false, "anna", "secret".getBytes(StandardCharsets.UTF_8), null, false);
        assertEquals("client 'me' of user 'anna' from peer by listener local", credentials.toString());
    }
}
