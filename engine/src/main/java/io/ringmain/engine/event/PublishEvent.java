package io.ringmain.engine.event;

import static io.ringmain.engine.event.EventHeader.HEADER_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A client's PUBLISH. Transient for one that was refused, and for QoS 0 without retain unless it is to be recorded;
 * logged otherwise, with an {@link Origin}.
 *
 * <pre>
 *  40     42  43  44  45  46     48      52      56      60      64
 *  +------+---+---+---+---+------+-------+-------+-------+-------+-----------------------+- - - - - -
 *  | pid  |qos|fl |rc |ver|topic | expiry|props  |payload| topic | topic, props, payload | origin
 *  |      |   |   |   |   |length| s     |length |length | hash  |                       |
 *  +------+---+---+---+---+------+-------+-------+-------+-------+-----------------------+- - - - - -
 * </pre>
 *
 * {@code rc} is the verdict of the I/O agent: 0, or the reason code (0x80 and above) that goes back in the
 * acknowledgement while nothing else happens; refused publishes are sequenced so that acknowledgements keep their
 * order. {@code props} are the MQTT 5 properties to forward, as on the wire but without their length prefix, topic
 * alias, message expiry interval and subscription identifier.
 *
 * <p>{@link EventType#PUBLISH_HEADERS} has the same layout, but neither properties nor payload are there: their lengths
 * say how long they were.
 */
public final class PublishEvent {
    public static final int RETAIN = 1;
    public static final int DUP = 2;
    public static final int HAS_EXPIRY = 4;

    /** The last of the properties are those of the broker: see {@link Stamp}. */
    public static final int STAMPED = 8;

    private static final int PACKET_ID_OFFSET = HEADER_LENGTH;
    private static final int QOS_OFFSET = HEADER_LENGTH + 2;
    private static final int FLAGS_OFFSET = HEADER_LENGTH + 3;
    private static final int REASON_OFFSET = HEADER_LENGTH + 4;
    private static final int PROTOCOL_OFFSET = HEADER_LENGTH + 5;
    private static final int TOPIC_LENGTH_OFFSET = HEADER_LENGTH + 6;
    private static final int EXPIRY_OFFSET = HEADER_LENGTH + 8;
    private static final int PROPERTIES_LENGTH_OFFSET = HEADER_LENGTH + 12;
    private static final int PAYLOAD_LENGTH_OFFSET = HEADER_LENGTH + 16;
    private static final int TOPIC_HASH_OFFSET = HEADER_LENGTH + 20;
    private static final int BODY_OFFSET = HEADER_LENGTH + 24;

    private DirectBuffer buffer;
    private int offset;

    /** Length in bytes of the event with these parts, without an origin. */
    public static int length(final int topicLength, final int propertiesLength, final int payloadLength) {
        return BODY_OFFSET + topicLength + propertiesLength + payloadLength;
    }

    /**
     * Writes everything but the three variable parts, which the caller copies to the offsets that the accessors of a
     * flyweight wrapped over this event give: topic, properties, payload, one behind the other.
     *
     * @return the offset in the buffer of the first variable part.
     */
    public static int write(
            final MutableDirectBuffer buffer,
            final int offset,
            final int headerFlags,
            final int lane,
            final long connectionId,
            final int packetId,
            final int qos,
            final int publishFlags,
            final int reasonCode,
            final int protocolLevel,
            final int expirySeconds,
            final int topicHash,
            final int topicLength,
            final int propertiesLength,
            final int payloadLength) {
        EventHeader.write(
                buffer,
                offset,
                length(topicLength, propertiesLength, payloadLength),
                EventType.PUBLISH,
                headerFlags,
                lane,
                connectionId);
        // Eight bytes at once: the fields one by one cost three times as much.
        buffer.putLong(
                offset + PACKET_ID_OFFSET,
                packetId
                        | qos << 16
                        | (long) (publishFlags & 0xFF) << 24
                        | (long) (reasonCode & 0xFF) << 32
                        | (long) (protocolLevel & 0xFF) << 40
                        | (long) topicLength << 48,
                LITTLE_ENDIAN);
        buffer.putLong(
                offset + EXPIRY_OFFSET, expirySeconds & 0xFFFF_FFFFL | (long) propertiesLength << 32, LITTLE_ENDIAN);
        buffer.putLong(
                offset + PAYLOAD_LENGTH_OFFSET, payloadLength & 0xFFFF_FFFFL | (long) topicHash << 32, LITTLE_ENDIAN);
        return offset + BODY_OFFSET;
    }

    /** Turns an event that was just written, with its topic, into one that says no more: PUBLISH_HEADERS. */
    public static void toHeaders(final MutableDirectBuffer buffer, final int offset) {
        final int topicLength = buffer.getShort(offset + TOPIC_LENGTH_OFFSET, LITTLE_ENDIAN) & 0xFFFF;
        buffer.putShort(offset + EventHeader.TYPE_OFFSET, (short) EventType.PUBLISH_HEADERS, LITTLE_ENDIAN);
        buffer.putInt(offset + EventHeader.LENGTH_OFFSET, length(topicLength, 0, 0), LITTLE_ENDIAN);
    }

    public PublishEvent wrap(final DirectBuffer buffer, final int offset) {
        this.buffer = buffer;
        this.offset = offset;
        return this;
    }

    public DirectBuffer buffer() {
        return buffer;
    }

    public long connectionId() {
        return EventHeader.connectionId(buffer, offset);
    }

    public int packetId() {
        return buffer.getShort(offset + PACKET_ID_OFFSET, LITTLE_ENDIAN) & 0xFFFF;
    }

    public int qos() {
        return buffer.getByte(offset + QOS_OFFSET);
    }

    public int flags() {
        return buffer.getByte(offset + FLAGS_OFFSET);
    }

    public boolean isRetain() {
        return (flags() & RETAIN) != 0;
    }

    public boolean isDup() {
        return (flags() & DUP) != 0;
    }

    public boolean hasExpiry() {
        return (flags() & HAS_EXPIRY) != 0;
    }

    public boolean isStamped() {
        return (flags() & STAMPED) != 0;
    }

    public int reasonCode() {
        return buffer.getByte(offset + REASON_OFFSET) & 0xFF;
    }

    public int protocolLevel() {
        return buffer.getByte(offset + PROTOCOL_OFFSET);
    }

    /** Message expiry interval in seconds, unsigned; meaningful when {@link #hasExpiry()}. */
    public long expirySeconds() {
        return buffer.getInt(offset + EXPIRY_OFFSET, LITTLE_ENDIAN) & 0xFFFF_FFFFL;
    }

    /** {@link TopicHash} of the topic name. */
    public int topicHash() {
        return buffer.getInt(offset + TOPIC_HASH_OFFSET, LITTLE_ENDIAN);
    }

    public int topicOffset() {
        return offset + BODY_OFFSET;
    }

    public int topicLength() {
        return buffer.getShort(offset + TOPIC_LENGTH_OFFSET, LITTLE_ENDIAN) & 0xFFFF;
    }

    public int propertiesOffset() {
        return topicOffset() + topicLength();
    }

    public int propertiesLength() {
        return buffer.getInt(offset + PROPERTIES_LENGTH_OFFSET, LITTLE_ENDIAN);
    }

    public int payloadOffset() {
        return propertiesOffset() + propertiesLength();
    }

    public int payloadLength() {
        return buffer.getInt(offset + PAYLOAD_LENGTH_OFFSET, LITTLE_ENDIAN);
    }
}
