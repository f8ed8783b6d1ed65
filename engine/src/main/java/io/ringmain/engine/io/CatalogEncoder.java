package io.ringmain.engine.io;

import io.ringmain.engine.catalog.CatalogAnswer;
import io.ringmain.engine.catalog.CatalogText;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.Framing;
import io.ringmain.protocol.mqtt.PropertyId;
import io.ringmain.protocol.mqtt.PublishEncoder;
import java.nio.charset.StandardCharsets;
import org.agrona.ExpandableArrayBuffer;

/**
 * Encodes an answer of the catalogue, a PUBLISH for each topic and one for the end, straight into what a connection has
 * to send. Confined to one I/O agent.
 */
final class CatalogEncoder {
    private static final byte[] ROOT = "$catalog/".getBytes(StandardCharsets.US_ASCII);
    private static final int RETAIN = 1;

    private final ExpandableArrayBuffer topic = new ExpandableArrayBuffer();
    private final ExpandableArrayBuffer payload = new ExpandableArrayBuffer();
    private final ExpandableArrayBuffer properties = new ExpandableArrayBuffer();
    private int topicLength;
    private int payloadLength;

    CatalogEncoder() {
        topic.putBytes(0, ROOT);
    }

    /** Bytes of the payload of the last packet. */
    int payloadLength() {
        return payloadLength;
    }

    /** Puts one topic at the end of the connection's bytes; false if the packet is larger than the client takes. */
    boolean encodeTopic(
            final Connection connection, final CatalogAnswer answer, final CatalogReply reply, final long commit) {
        final byte[] name = answer.topic(reply.next);
        topic.putBytes(ROOT.length, name);
        topicLength = ROOT.length + name.length;
        payloadLength = CatalogText.writeTopic(payload, 0, answer, reply.next);
        return encode(connection, reply.identifier, commit);
    }

    /** As {@link #encodeTopic}, the message that says that all were sent. */
    boolean encodeEnd(
            final Connection connection, final CatalogAnswer answer, final CatalogReply reply, final long commit) {
        topicLength = ROOT.length - 1;
        payloadLength = CatalogText.writeEnd(payload, 0, answer);
        return encode(connection, reply.identifier, commit);
    }

    private boolean encode(final Connection connection, final int identifier, final long commit) {
        final ProtocolVersion version = connection.version;
        final int propertiesLength = writeIdentifier(identifier);
        final int length = PublishEncoder.length(
                version, RETAIN, topicLength, propertiesLength, PublishEncoder.NO_EXPIRY, payloadLength);
        if (length > connection.maximumPacketSize) {
            return false;
        }
        final int at = connection.outbound.claim(length);
        PublishEncoder.encode(
                connection.outbound.encodedView(),
                at,
                version,
                RETAIN,
                0,
                topic,
                0,
                topicLength,
                properties,
                0,
                propertiesLength,
                PublishEncoder.NO_EXPIRY,
                payload,
                0,
                payloadLength);
        connection.outbound.commit(length, 0, commit);
        return true;
    }

    private int writeIdentifier(final int identifier) {
        if (identifier == 0) {
            return 0;
        }
        properties.putByte(0, (byte) PropertyId.SUBSCRIPTION_IDENTIFIER);
        return 1 + Framing.writeVarInt(properties, 1, identifier);
    }
}
