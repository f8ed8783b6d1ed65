package io.ringmain.engine.core.session;

import io.ringmain.engine.core.state.StateDigest;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A will that may have to be published: where it lies, and what the core must know without reading it.
 *
 * @param topic name.
 * @param position of the CONNECT event that holds it.
 * @param length of that event in bytes.
 * @param payloadLength bytes.
 * @param propertiesLength bytes of the MQTT 5 properties to forward.
 * @param qos 0 to 2.
 * @param retain whether it is to be retained.
 * @param delaySeconds from the end of the connection.
 * @param expirySeconds message expiry interval, -1 for none.
 */
public record Will(
        UnsafeBuffer topic,
        long position,
        int length,
        int payloadLength,
        int propertiesLength,
        int qos,
        boolean retain,
        long delaySeconds,
        long expirySeconds) {
    long hash() {
        final long numbers = StateDigest.mix(
                StateDigest.mix(position, length, payloadLength), propertiesLength, qos | (retain ? 4 : 0));
        return StateDigest.mix(
                StateDigest.mix(numbers, delaySeconds, expirySeconds), StateDigest.hash(topic, 0, topic.capacity()));
    }
}
