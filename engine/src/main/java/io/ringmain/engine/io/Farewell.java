package io.ringmain.engine.io;

import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.mqtt.ConnackEncoder;
import io.ringmain.protocol.mqtt.DisconnectEncoder;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** The last packet that a connection gets: a CONNACK that refuses it, or a DISCONNECT. */
final class Farewell {
    private final MqttOptions options;

    Farewell(final MqttOptions options) {
        this.options = options;
    }

    /** Whether the client's version has a CONNACK for this: 3.x has none for a broken protocol. */
    static boolean hasConnack(final Connection connection, final int reasonCode) {
        return connection.isV5()
                || switch (reasonCode) {
                    case ReasonCode.MALFORMED_PACKET,
                            ReasonCode.PROTOCOL_ERROR,
                            ReasonCode.TOPIC_NAME_INVALID,
                            ReasonCode.QOS_NOT_SUPPORTED,
                            ReasonCode.PACKET_TOO_LARGE -> false;
                    default -> true;
                };
    }

    /** Leaves the reason out where the client would not take so long a packet. */
    static int encodeConnack(final UnsafeBuffer target, final Connection connection, final int reasonCode) {
        final int length = encodeConnack(target, connection, reasonCode, connection.wantsReasons);
        return length <= connection.maximumPacketSize ? length : encodeConnack(target, connection, reasonCode, false);
    }

    private static int encodeConnack(
            final UnsafeBuffer target, final Connection connection, final int reasonCode, final boolean withReason) {
        final ConnackEncoder connack =
                new ConnackEncoder().wrap(target, 0, connection.version).reasonCode(reasonCode);
        if (withReason) {
            connack.reasonString(ReasonCode.name(reasonCode));
        }
        return connack.finish();
    }

    /** For MQTT 5. A client of a broker that stops is sent elsewhere, if there is an elsewhere. */
    int encodeDisconnect(final UnsafeBuffer target, final Connection connection, final int reasonCode) {
        final String reference = options.serverReference();
        final boolean moves = reasonCode == ReasonCode.SERVER_SHUTTING_DOWN && !reference.isEmpty();
        final int code = moves ? ReasonCode.USE_ANOTHER_SERVER : reasonCode;
        if (!moves && !connection.wantsReasons) {
            return DisconnectEncoder.encode(target, 0, connection.version, code);
        }
        final int length = DisconnectEncoder.encode(
                target,
                0,
                code,
                connection.wantsReasons ? ReasonCode.nameBytes(code) : null,
                moves ? reference.getBytes(StandardCharsets.UTF_8) : null);
        return length <= connection.maximumPacketSize
                ? length
                : DisconnectEncoder.encode(target, 0, connection.version, code);
    }
}
