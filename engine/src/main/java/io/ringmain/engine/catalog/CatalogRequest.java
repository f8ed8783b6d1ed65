package io.ringmain.engine.catalog;

/**
 * What a client has asked for.
 *
 * @param connectionId of the client, which gets the answer.
 * @param listener that the client came through, for whoever decides what it may read.
 * @param clientId of its session.
 * @param username null if there is none.
 * @param filter of topics, UTF-8, valid, without what stands before it in the subscription; not to be changed.
 * @param notBefore position up to which the catalogue must have got before it answers, so that the client finds what
 *     was acknowledged before it asked.
 */
public record CatalogRequest(
        long connectionId, String listener, String clientId, String username, byte[] filter, long notBefore) {
    /** Asked by nobody in particular, for all that is known now. */
    public static CatalogRequest of(final byte[] filter) {
        return new CatalogRequest(0, "", "", null, filter, 0);
    }
}
