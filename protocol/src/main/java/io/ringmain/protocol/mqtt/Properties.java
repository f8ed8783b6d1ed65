package io.ringmain.protocol.mqtt;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.TopicName;
import io.ringmain.protocol.Utf8;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The properties of an MQTT 5 packet, read in place. Checked once, when the decoder wraps the packet: known, allowed in
 * this packet, not twice, in range, well-formed. Empty for MQTT 3.x. An identifier that this packet may not have makes
 * it malformed (section 2.2.2.2); one that comes twice or is out of range is a protocol error.
 *
 * <pre>
 *  +----------------------+----------------------+-----
 *  | length, 1 to 4 bytes | id | value           | id ...
 *  +----------------------+----------------------+-----
 *                         ^ offset(), length() bytes
 * </pre>
 */
public final class Properties {
    private static final int NO_EXPIRY = -1;

    private final long[] values = new long[PropertyId.COUNT];
    private final int[] offsets = new int[PropertyId.COUNT];
    private final int[] lengths = new int[PropertyId.COUNT];

    private DirectBuffer buffer;
    private int offset;
    private int length;
    private long present;
    private int userPropertyCount;
    private int userPropertyBytes;
    private int notForwardedLength;
    private byte[] excludedPrefix;

    private int cursor;
    private int keyOffset;
    private int keyLength;
    private int valueOffset;
    private int valueLength;
    private int remainingUserProperties;

    /** No properties: what MQTT 3.x packets have. */
    void clear(final DirectBuffer buffer, final int offset) {
        this.buffer = buffer;
        this.offset = offset;
        this.length = 0;
        this.present = 0;
        this.userPropertyCount = 0;
        this.userPropertyBytes = 0;
        this.notForwardedLength = 0;
        this.excludedPrefix = null;
    }

    /** Reads the properties of a message as they were forwarded, without their length prefix; for tools. */
    public Properties wrapForwarded(final DirectBuffer buffer, final int offset, final int length) {
        if (wrap(buffer, offset, length, PacketType.PUBLISH) != ReasonCode.SUCCESS) {
            clear(buffer, offset);
        }
        return this;
    }

    /**
     * Reads and checks a property block without its length prefix.
     *
     * @param context packet type, or {@link PropertyRules#WILL}.
     * @return a reason code.
     */
    int wrap(final DirectBuffer buffer, final int offset, final int length, final int context) {
        clear(buffer, offset);
        this.length = length;
        final int limit = offset + length;
        int at = offset;
        while (at < limit) {
            final int id = buffer.getByte(at) & 0xFF;
            final int type = PropertyRules.type(id);
            if (type == PropertyRules.UNKNOWN || !PropertyRules.isAllowed(id, context)) {
                return ReasonCode.MALFORMED_PACKET;
            }
            final int size = valueSize(type, at + 1, limit);
            if (size < 0) {
                return ReasonCode.MALFORMED_PACKET;
            }
            final int reasonCode = accept(id, type, at, size, context);
            if (reasonCode != ReasonCode.SUCCESS) {
                return reasonCode;
            }
            at += 1 + size;
        }
        return ReasonCode.SUCCESS;
    }

    /** Bytes of a value, -1 if it isn't all there or not well-formed. */
    private int valueSize(final int type, final int at, final int limit) {
        return switch (type) {
            case PropertyRules.BYTE -> limit - at >= 1 ? 1 : -1;
            case PropertyRules.TWO_BYTES -> limit - at >= 2 ? 2 : -1;
            case PropertyRules.FOUR_BYTES -> limit - at >= 4 ? 4 : -1;
            case PropertyRules.VAR_INT -> varIntSize(at, limit);
            case PropertyRules.TEXT -> textSize(at, limit);
            case PropertyRules.BINARY -> binarySize(at, limit);
            default -> pairSize(at, limit);
        };
    }

    private int varIntSize(final int at, final int limit) {
        for (int i = 0; i < 4 && at + i < limit; i++) {
            final byte b = buffer.getByte(at + i);
            if (b >= 0) {
                final boolean padded = b == 0 && i > 0;
                return padded ? -1 : i + 1;
            }
        }
        return -1;
    }

    private int binarySize(final int at, final int limit) {
        if (limit - at < 2) {
            return -1;
        }
        final int size = 2 + u16(at);
        return size <= limit - at ? size : -1;
    }

    private int textSize(final int at, final int limit) {
        final int size = binarySize(at, limit);
        return size >= 0 && Utf8.validate(buffer, at + 2, size - 2) ? size : -1;
    }

    private int pairSize(final int at, final int limit) {
        final int key = textSize(at, limit);
        if (key < 0) {
            return -1;
        }
        final int value = textSize(at + key, limit);
        return value < 0 ? -1 : key + value;
    }

    private int accept(final int id, final int type, final int at, final int size, final int context) {
        if (id == PropertyId.USER_PROPERTY) {
            userPropertyCount++;
            userPropertyBytes += size - 4;
            return ReasonCode.SUCCESS;
        }
        final boolean mayRepeat = id == PropertyId.SUBSCRIPTION_IDENTIFIER && context == PacketType.PUBLISH;
        if (has(id) && !mayRepeat) {
            return ReasonCode.PROTOCOL_ERROR;
        }
        present |= 1L << id;
        if (type == PropertyRules.TEXT || type == PropertyRules.BINARY) {
            offsets[id] = at + 3;
            lengths[id] = size - 2;
        } else {
            values[id] = number(type, at + 1, size);
            if (!PropertyRules.isInRange(id, values[id])) {
                return ReasonCode.PROTOCOL_ERROR;
            }
        }
        if (!isForwarded(id)) {
            notForwardedLength += 1 + size;
        }
        return ReasonCode.SUCCESS;
    }

    private long number(final int type, final int at, final int size) {
        return switch (type) {
            case PropertyRules.BYTE -> buffer.getByte(at) & 0xFF;
            case PropertyRules.TWO_BYTES -> u16(at);
            case PropertyRules.FOUR_BYTES -> buffer.getInt(at, BIG_ENDIAN) & 0xFFFF_FFFFL;
            default -> varInt(at, size);
        };
    }

    private int varInt(final int at, final int size) {
        int value = 0;
        for (int i = 0; i < size; i++) {
            value |= (buffer.getByte(at + i) & 0x7F) << 7 * i;
        }
        return value;
    }

    private int u16(final int at) {
        return buffer.getShort(at, BIG_ENDIAN) & 0xFFFF;
    }

    private static boolean isForwarded(final int id) {
        return id != PropertyId.MESSAGE_EXPIRY_INTERVAL
                && id != PropertyId.TOPIC_ALIAS
                && id != PropertyId.SUBSCRIPTION_IDENTIFIER
                && id != PropertyId.WILL_DELAY_INTERVAL;
    }

    /** Offset in the wrapped buffer of the first property. */
    public int offset() {
        return offset;
    }

    /** Bytes of all properties, without the length prefix. */
    public int length() {
        return length;
    }

    public boolean has(final int id) {
        return (present & 1L << id) != 0;
    }

    /** Value of a number that is there; of a repeated subscription identifier the last. */
    public long value(final int id) {
        return values[id];
    }

    /** Value of a number, or the default when it isn't there. */
    public long value(final int id, final long defaultValue) {
        return has(id) ? values[id] : defaultValue;
    }

    /** Offset of the bytes of a text or binary property that is there. */
    public int bytesOffset(final int id) {
        return offsets[id];
    }

    /** Length of a text or binary property, 0 when it isn't there. */
    public int bytesLength(final int id) {
        return has(id) ? lengths[id] : 0;
    }

    /** False only for a response topic that is no topic name. */
    boolean isResponseTopicValid() {
        return !has(PropertyId.RESPONSE_TOPIC)
                || TopicName.validate(buffer, offsets[PropertyId.RESPONSE_TOPIC], lengths[PropertyId.RESPONSE_TOPIC]);
    }

    /** False only for authentication data without a method, which is a protocol error wherever it stands. */
    boolean isAuthenticationComplete() {
        return !has(PropertyId.AUTHENTICATION_DATA) || has(PropertyId.AUTHENTICATION_METHOD);
    }

    /** Message expiry interval in seconds, -1 for none. */
    public long messageExpirySeconds() {
        return value(PropertyId.MESSAGE_EXPIRY_INTERVAL, NO_EXPIRY);
    }

    public int userPropertyCount() {
        return userPropertyCount;
    }

    /** Bytes of names and values of the user properties together. */
    public int userPropertyBytes() {
        return userPropertyBytes;
    }

    /** Starts over before the first user property. */
    public void rewind() {
        cursor = offset;
        remainingUserProperties = userPropertyCount;
    }

    /** Moves to the next user property, in order; false when there is none left. */
    public boolean nextUserProperty() {
        if (remainingUserProperties == 0) {
            return false;
        }
        remainingUserProperties--;
        while ((buffer.getByte(cursor) & 0xFF) != PropertyId.USER_PROPERTY) {
            cursor += sizeOfProperty(cursor);
        }
        keyLength = u16(cursor + 1);
        keyOffset = cursor + 3;
        valueLength = u16(keyOffset + keyLength);
        valueOffset = keyOffset + keyLength + 2;
        cursor = valueOffset + valueLength;
        return true;
    }

    public int keyOffset() {
        return keyOffset;
    }

    public int keyLength() {
        return keyLength;
    }

    public int valueOffset() {
        return valueOffset;
    }

    public int valueLength() {
        return valueLength;
    }

    /** Bytes of the property at this offset with its id; the block was checked before. */
    private int sizeOfProperty(final int at) {
        final int type = PropertyRules.type(buffer.getByte(at) & 0xFF);
        return 1
                + switch (type) {
                    case PropertyRules.BYTE -> 1;
                    case PropertyRules.TWO_BYTES -> 2;
                    case PropertyRules.FOUR_BYTES -> 4;
                    case PropertyRules.VAR_INT -> varIntSize(at + 1, offset + length);
                    case PropertyRules.TEXT, PropertyRules.BINARY -> 2 + u16(at + 1);
                    default -> 4 + u16(at + 1) + u16(at + 3 + u16(at + 1));
                };
    }

    /**
     * Keeps user properties from being forwarded, those whose names begin with this, until the next packet is wrapped.
     * To be called once for a packet.
     *
     * @return how many there are.
     */
    public int excludeUserProperties(final byte[] namePrefix) {
        int count = 0;
        rewind();
        while (nextUserProperty()) {
            if (begins(keyOffset, keyLength, namePrefix)) {
                notForwardedLength += 5 + keyLength + valueLength;
                count++;
            }
        }
        excludedPrefix = count > 0 ? namePrefix : null;
        return count;
    }

    private boolean begins(final int at, final int keyBytes, final byte[] prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if (i >= keyBytes || buffer.getByte(at + i) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Bytes of what a message takes along to its subscribers: all but message expiry interval, topic alias,
     * subscription identifier, will delay interval, and the user properties that are excluded.
     */
    public int forwardableLength() {
        return length - notForwardedLength;
    }

    private boolean isExcluded(final int at) {
        return excludedPrefix != null
                && (buffer.getByte(at) & 0xFF) == PropertyId.USER_PROPERTY
                && begins(at + 3, u16(at + 1), excludedPrefix);
    }

    /** Copies what {@link #forwardableLength} counts, in its order, and returns the length. */
    public int copyForwardable(final MutableDirectBuffer target, final int targetOffset) {
        if (notForwardedLength == 0) {
            target.putBytes(targetOffset, buffer, offset, length);
            return length;
        }
        int to = targetOffset;
        int at = offset;
        while (at < offset + length) {
            final int size = sizeOfProperty(at);
            if (isForwarded(buffer.getByte(at) & 0xFF) && !isExcluded(at)) {
                target.putBytes(to, buffer, at, size);
                to += size;
            }
            at += size;
        }
        return to - targetOffset;
    }
}
