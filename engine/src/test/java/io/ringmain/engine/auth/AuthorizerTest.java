package io.ringmain.engine.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
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

    @Test
    void shouldPutPasswordsInNoText() {
        final Credentials credentials = new Credentials(
                "local", "peer", null, "me", false, "anna", "secret".getBytes(StandardCharsets.UTF_8), null, false);
        assertEquals("client 'me' of user 'anna' from peer by listener local", credentials.toString());
    }
}
