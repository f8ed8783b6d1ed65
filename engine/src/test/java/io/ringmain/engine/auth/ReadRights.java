package io.ringmain.engine.auth;

import java.util.function.BiPredicate;
import org.agrona.DirectBuffer;

/** Clients that may publish and subscribe as they like, and are sent what a test says. */
public final class ReadRights {
    private ReadRights() {}

    /** @param mayReceive asked anew for each message, with the name of its topic. */
    public static Authorizer of(final BiPredicate<ClientIdentity, String> mayReceive) {
        return client -> new Permissions() {
            @Override
            public boolean mayPublish(final DirectBuffer topic, final int offset, final int length) {
                return true;
            }

            @Override
            public boolean maySubscribe(final DirectBuffer filter, final int offset, final int length) {
                return true;
            }

            @Override
            public boolean mayReceive(final DirectBuffer topic, final int offset, final int length) {
                return mayReceive.test(client, topic.getStringWithoutLengthUtf8(offset, length));
            }
        };
    }
}
