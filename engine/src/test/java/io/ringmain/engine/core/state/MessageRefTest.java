package io.ringmain.engine.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.event.DeliveryFlags;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.PublishEncoder;
import org.junit.jupiter.api.Test;

class MessageRefTest {
    private final MessageRef message = new MessageRef();

    @Test
    void shouldKnowTheLengthThatTheEncoderWrites() {
        final int[] lengths = {
            0, 1, 100, 115, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 16_375, 20_000
        };
        for (final ProtocolVersion version : ProtocolVersion.values()) {
            for (int qos = 0; qos <= 2; qos++) {
                for (final int payload : lengths) {
                    for (final int properties : lengths) {
                        check(version, qos, 3, payload, properties, -1);
                        check(version, qos, 300, payload, properties, 60);
                    }
                }
            }
        }
    }

    private void check(
            final ProtocolVersion version,
            final int qos,
            final int topic,
            final int payload,
            final int properties,
            final long expirySeconds) {
        final int flags = DeliveryFlags.of(qos, false, false);
        message.set(0, expirySeconds < 0 ? 0 : 1, 0, 2 + topic + payload, properties)
                .flags(flags);
        assertEquals(
                PublishEncoder.length(version, flags, topic, properties, expirySeconds, payload),
                message.packetLength(version.level(), 0),
                () -> version + " qos " + qos + " payload " + payload + " properties " + properties);
    }

    @Test
    void shouldExpireAtItsDeadline() {
        message.set(0, 100, 0, 0, 0);
        assertFalse(message.isExpired(99));
        assertTrue(message.isExpired(100));
        assertFalse(message.set(0, 0, 0, 0, 0).isExpired(Long.MAX_VALUE));
    }
}
