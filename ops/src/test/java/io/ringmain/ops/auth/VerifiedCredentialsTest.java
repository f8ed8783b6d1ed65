package io.ringmain.ops.auth;

import static io.ringmain.ops.auth.TestClients.accepts;
import static io.ringmain.ops.auth.TestClients.client;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Authenticator;
import io.ringmain.engine.auth.Credentials;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class VerifiedCredentialsTest {
    private final Counters counters = new Counters();
    private int asked;
    private long nowNs = Long.MAX_VALUE - 3;

    private Authenticator cached(final int size) {
        return new VerifiedCredentials(10, size, () -> nowNs, counters).before("test", credentials -> {
            asked++;
            return CompletableFuture.completedFuture(AuthVerdict.accept(credentials.username()));
        });
    }

    @Test
    void shouldAskAgainWhenItsTimeIsOver() {
        final Authenticator cached = cached(10);
        accepts(cached, client("bob", "x"));
        nowNs += 9;
        accepts(cached, client("bob", "x"));
        assertEquals(1, asked);
        nowNs += 1;
        accepts(cached, client("bob", "x"));
        assertEquals(2, asked);
        assertEquals(1, counters.get(CounterId.AUTH_CACHE_HITS));
    }

    @Test
    void shouldForgetWhoWasAskedForLongestAgo() {
        final Authenticator cached = cached(2);
        for (final String user : new String[] {"a", "b", "a", "c", "a", "b"}) {
            accepts(cached, client(user, "x"));
        }
        assertEquals(4, asked, "a is there all the time, b had to go for c");
    }

    /** No two of these are the same, though their bytes are when they are written one behind the other. */
    @Test
    void shouldTellListenersUsersAndPasswordsApart() {
        final Authenticator cached = cached(10);
        accepts(cached, client("bo", "bx"));
        accepts(cached, client("bob", "x"));
        accepts(cached, client("b", "obx"));
        accepts(cached, new Credentials("locallocal", "p", null, "c", false, "bob", new byte[] {'x'}, null, false));
        assertEquals(4, asked);
        assertEquals(0, counters.get(CounterId.AUTH_CACHE_HITS));
    }

    @Test
    void shouldNotKnowWhoHasNoPassword() {
        final Authenticator cached = cached(10);
        accepts(cached, client("bob", null));
        accepts(cached, client("bob", null));
        assertEquals(2, asked);
    }
}
