package io.ringmain.engine.auth;

import io.ringmain.protocol.TopicFilter;
import org.agrona.DirectBuffer;

/**
 * What one client may do. Asked for every message, by any thread, so an answer is there in nanoseconds, allocates
 * nothing, and is always the same for one object unless its maker says otherwise.
 */
public interface Permissions {
    /** May do everything. Compared by identity: nobody is asked then. */
    Permissions ALL = new Constant(true);

    /** May do nothing. */
    Permissions NONE = new Constant(false);

    /** The same answer to every question. */
    record Constant(boolean answer) implements Permissions {
        @Override
        public boolean mayPublish(final DirectBuffer topic, final int offset, final int length) {
            return answer;
        }

        @Override
        public boolean maySubscribe(final DirectBuffer filter, final int offset, final int length) {
            return answer;
        }

        @Override
        public boolean mayShare(final DirectBuffer filter, final int offset, final int length) {
            return answer;
        }

        @Override
        public boolean mayReceive(final DirectBuffer topic, final int offset, final int length) {
            return answer;
        }
    }

    /** Whether the client may publish to a topic, by itself or by its will. UTF-8, valid; not to be kept. */
    boolean mayPublish(DirectBuffer topic, int offset, int length);

    /**
     * Whether the client may have a subscription to a filter: what it is sent because of it is decided message by message.
     * UTF-8, valid, without {@code $share/group/} or {@code $replay/place/} before it; not to be kept.
     */
    boolean maySubscribe(DirectBuffer filter, int offset, int length);

    /**
     * Whether the client may be a member of a group that shares a subscription to a filter, given as above. A message goes
     * to one member, and is lost to the group when that one may not read it: so the answer is yes only for who may read
     * all that the filter matches. A filter without wildcards is a topic; who knows more of others than single topics
     * overrides this, or members with wildcards are refused.
     */
    default boolean mayShare(final DirectBuffer filter, final int offset, final int length) {
        return !TopicFilter.hasWildcard(filter, offset, length)
                && maySubscribe(filter, offset, length)
                && mayReceive(filter, offset, length);
    }

    /** Whether the client may be sent a message of a topic: live, retained, queued or of the past. */
    boolean mayReceive(DirectBuffer topic, int offset, int length);
}
