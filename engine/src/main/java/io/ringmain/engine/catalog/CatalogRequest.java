package io.ringmain.engine.catalog;

import io.ringmain.engine.auth.ClientAccess;
import io.ringmain.engine.auth.Permissions;

/**
 * What a client has asked for.
 *
 * @param connectionId of the client, which gets the answer.
 * @param client who asks, and what it may read.
 * @param filter of topics, UTF-8, valid, without what stands before it in the subscription; not to be changed.
 * @param notBefore position up to which the catalogue must have got before it answers, so that the client finds what
 *     was acknowledged before it asked.
 */
public record CatalogRequest(long connectionId, ClientAccess client, byte[] filter, long notBefore) {
    /** Asked by nobody in particular, for all that is known now. */
    public static CatalogRequest of(final byte[] filter) {
        return new CatalogRequest(0, ClientAccess.of(Permissions.ALL), filter, 0);
    }
}
