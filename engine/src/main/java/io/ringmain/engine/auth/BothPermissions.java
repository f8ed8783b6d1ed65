package io.ringmain.engine.auth;

import org.agrona.DirectBuffer;

/** What two agree on. */
record BothPermissions(Permissions first, Permissions second) implements Permissions {
    /** Nobody is asked who would allow everything anyway. */
    static Permissions of(final Permissions first, final Permissions second) {
        if (first == Permissions.ALL) {
            return second;
        }
        return second == Permissions.ALL ? first : new BothPermissions(first, second);
    }

    @Override
    public boolean mayPublish(final DirectBuffer topic, final int offset, final int length) {
        return first.mayPublish(topic, offset, length) && second.mayPublish(topic, offset, length);
    }

    @Override
    public boolean maySubscribe(final DirectBuffer filter, final int offset, final int length) {
        return first.maySubscribe(filter, offset, length) && second.maySubscribe(filter, offset, length);
    }

    @Override
    public boolean mayShare(final DirectBuffer filter, final int offset, final int length) {
        return first.mayShare(filter, offset, length) && second.mayShare(filter, offset, length);
    }

    @Override
    public boolean mayReceive(final DirectBuffer topic, final int offset, final int length) {
        return first.mayReceive(topic, offset, length) && second.mayReceive(topic, offset, length);
    }
}
