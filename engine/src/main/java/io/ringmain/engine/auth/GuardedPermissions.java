package io.ringmain.engine.auth;

import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/**
 * Permissions by somebody else's code, which may throw: that is a no. Whoever asks is an agent that serves everybody, and
 * would end with what one plugin can't answer.
 *
 * @param onFailure is told what was thrown, by any thread.
 */
record GuardedPermissions(Permissions permissions, Consumer<Throwable> onFailure) implements Permissions {
    @Override
    public boolean mayPublish(final DirectBuffer topic, final int offset, final int length) {
        try {
            return permissions.mayPublish(topic, offset, length);
        } catch (final RuntimeException | LinkageError failure) {
            return failed(failure);
        }
    }

    @Override
    public boolean maySubscribe(final DirectBuffer filter, final int offset, final int length) {
        try {
            return permissions.maySubscribe(filter, offset, length);
        } catch (final RuntimeException | LinkageError failure) {
            return failed(failure);
        }
    }

    @Override
    public boolean mayShare(final DirectBuffer filter, final int offset, final int length) {
        try {
            return permissions.mayShare(filter, offset, length);
        } catch (final RuntimeException | LinkageError failure) {
            return failed(failure);
        }
    }

    @Override
    public boolean mayReceive(final DirectBuffer topic, final int offset, final int length) {
        try {
            return permissions.mayReceive(topic, offset, length);
        } catch (final RuntimeException | LinkageError failure) {
            return failed(failure);
        }
    }

    private boolean failed(final Throwable failure) {
        onFailure.accept(failure);
        return false;
    }
}
