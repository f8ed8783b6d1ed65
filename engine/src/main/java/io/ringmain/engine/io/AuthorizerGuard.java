package io.ringmain.engine.io;

import io.ringmain.engine.auth.Authorizer;
import io.ringmain.engine.auth.ClientIdentity;
import io.ringmain.engine.auth.Permissions;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Asks authorizers, and counts what they throw; the first failure of each is one line for the operator. Any thread. */
public final class AuthorizerGuard {
    private final Counters counters;
    private final Consumer<String> eventLog;
    private final AtomicReference<Authorizer> reported = new AtomicReference<>();

    public AuthorizerGuard(final Counters counters, final Consumer<String> eventLog) {
        this.counters = counters;
        this.eventLog = eventLog;
    }

    /** What a client may do; nothing where that can't be found out. Neither this nor what it returns throws. */
    public Permissions permissionsOf(final Authorizer authorizer, final ClientIdentity client) {
        return authorizer.guardedPermissionsOf(client, failure -> onFailure(authorizer, client, failure));
    }

    private void onFailure(final Authorizer authorizer, final ClientIdentity client, final Throwable failure) {
        counters.increment(CounterId.AUTHORIZER_FAILURES);
        if (reported.getAndSet(authorizer) != authorizer) {
            eventLog.accept("an authorizer failed, which denies what was asked, client " + client.clientId() + ": "
                    + failure + "; further failures are counted only");
        }
    }
}
