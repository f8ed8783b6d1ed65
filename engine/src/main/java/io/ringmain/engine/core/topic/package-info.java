/**
 * Topic filters and which of them a topic name matches.
 *
 * <p>The index has one writer and one reader, the core, so that a match reflects exactly the subscriptions that were
 * sequenced before it. The order in which subscriptions with the same filter were made, and moved by removals, decides
 * the order of deliveries; it is part of the digest and of the snapshot.
 */
package io.ringmain.engine.core.topic;
