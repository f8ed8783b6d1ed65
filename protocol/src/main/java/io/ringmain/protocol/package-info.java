/**
 * The vocabulary of MQTT that every part of the broker shares: versions, QoS, reason codes, topic names and topic
 * filters, and what counts as well-formed UTF-8.
 *
 * <p>Nothing here allocates, keeps state or throws on bad input: a check answers with a boolean or a reason code, since
 * bad input is the normal business of a server. {@link io.ringmain.protocol.IpAddress} alone, which is asked once for a
 * connection, makes objects.
 */
package io.ringmain.protocol;
