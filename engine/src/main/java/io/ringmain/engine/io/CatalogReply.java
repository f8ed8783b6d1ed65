package io.ringmain.engine.io;

import io.ringmain.engine.catalog.CatalogAnswer;
import io.ringmain.engine.catalog.CatalogRequest;

/** One subscription to the catalogue, from its SUBSCRIBE to the last message of its answer. */
final class CatalogReply {
    final int packetId;
    /** Place among the filters of the SUBSCRIBE. */
    final int filterIndex;

    /** Subscription identifier, 0 for none. */
    final int identifier;

    final byte[] filter;

    /** Null until the SUBACK leaves for the client. */
    CatalogRequest request;

    /** Null until it is there. */
    CatalogAnswer answer;

    /** The topic that is to be sent next. */
    int next;

    CatalogReply(final int packetId, final int filterIndex, final int identifier, final byte[] filter) {
        this.packetId = packetId;
        this.filterIndex = filterIndex;
        this.identifier = identifier;
        this.filter = filter;
    }
}
