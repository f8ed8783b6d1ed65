package io.ringmain.ops.client;

/**
 * A message as it was received.
 *
 * @param topic name.
 * @param payload bytes.
 * @param qos of this delivery.
 * @param retain flag of this delivery.
 */
public record Message(String topic, byte[] payload, int qos, boolean retain) {}
