package io.ringmain.engine.driver;

import io.ringmain.engine.auth.ClientIdentity;
import io.ringmain.engine.auth.Permissions;
import io.ringmain.engine.core.BrokerCore;
import io.ringmain.engine.event.WillDeniedEvent;
import io.ringmain.engine.ring.SlotRing;
import java.util.Set;
import java.util.function.Function;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongArrayList;

/**
 * Wills of clients that were connected when the broker ended, and that may not publish them by the rights of this start.
 * The start publishes wills, so these are dropped before it is sequenced.
 */
public final class DeniedWills {
    private DeniedWills() {}

    /**
     * Finds them. What is known of their clients is the client id and the user name: whoever could have a will only by a
     * role that its authentication gave it may not, nor a client whose user isn't known.
     *
     * @param permissionsOf a client; throws nothing, nor does what it gives.
     * @return ids of their connections.
     */
    public static LongArrayList find(final BrokerCore core, final Function<ClientIdentity, Permissions> permissionsOf) {
        final LongArrayList denied = new LongArrayList();
        core.forEachLiveWill((clientId, owner, connectionId, topic) -> {
            final boolean isAllowed = owner != null
                    && permissionsOf.apply(identity(clientId, owner)).mayPublish(topic, 0, topic.capacity());
            if (!isAllowed) {
                denied.addLong(connectionId);
            }
        });
        return denied;
    }

    /** The address is empty, which is that of no client, and not null, which is that of this machine. */
    private static ClientIdentity identity(final DirectBuffer clientId, final DirectBuffer owner) {
        return new ClientIdentity("", "", text(clientId), owner.capacity() == 0 ? null : text(owner), Set.of());
    }

    private static String text(final DirectBuffer utf8) {
        return utf8.getStringWithoutLengthUtf8(0, utf8.capacity());
    }

    /** Sequences that a will is dropped; returns the sequence, {@link SlotRing#FULL} if the ring has no room. */
    public static long trySequence(final SlotRing ring, final long connectionId) {
        final long sequence = ring.tryClaim(WillDeniedEvent.LENGTH);
        if (sequence != SlotRing.FULL) {
            WillDeniedEvent.write(ring.buffer(), ring.offset(sequence), 0, connectionId);
            ring.commit(sequence, WillDeniedEvent.LENGTH);
        }
        return sequence;
    }
}
