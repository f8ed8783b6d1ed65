package io.ringmain.engine.ring;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What the core says to one I/O agent: the messages of an egress lane. All start alike:
 *
 * <pre>
 *  0                   8                16
 *  +-------------------+----------------+--------------------------------------------------------------
 *  | required position | connection id  | CONNACK         reason u8 | session present u8
 *  |                   |                | ACK             packet type u8 | reason u8 | packet id u16
 *  |                   |                | SUBACK/UNSUBACK packet id u16 | count u16 | reason codes u8...
 *  |                   |                | DISCONNECT      reason u8
 *  |                   |                | DELIVER_STORED  packet id u16 | flags u8 | pad | count i32 |
 *  |                   |                |                 message position i64 | expiry deadline ns i64 |
 *  |                   |                |                 identifiers i32...
 *  |                   |                | REPLAY_WANTED   number i32 | options i32 | asked at i64 |
 *  |                   |                |                 from i64 | to i64 | filter length i32 | filter
 *  |                   |                | BEHIND          publisher id i64
 *  |                   | targets i32,   | FAN_OUT         targets | lists | the event with the message
 *  |                   | lists bytes i32|
 *  +-------------------+----------------+--------------------------------------------------------------
 *  target: connection id i64 | packet id u16 | flags u8 | pad | identifiers i32
 *  list:   count i32 | identifiers i32...
 * </pre>
 *
 * The required position is that of the commit which must be reached before the packet may leave; a delivery with QoS 0
 * leaves regardless. The identifiers of a target are those of its subscriptions: 0 for none, the identifier itself if
 * there is one, else -1 - the offset of their list from the first one. Little-endian.
 */
public final class EgressRecord {
    public static final int REQUIRED_POSITION_OFFSET = 0;
    public static final int CONNECTION_ID_OFFSET = 8;
    public static final int BODY_OFFSET = 16;

    public static final int CONNACK_LENGTH = BODY_OFFSET + 2;
    public static final int ACK_LENGTH = BODY_OFFSET + 4;
    public static final int SUBACK_CODES_OFFSET = BODY_OFFSET + 4;
    public static final int DISCONNECT_LENGTH = BODY_OFFSET + 1;
    public static final int BEHIND_LENGTH = BODY_OFFSET + Long.BYTES;
    public static final int STORED_LENGTH = BODY_OFFSET + 24;

    public static final int REPLAY_FILTER_OFFSET = BODY_OFFSET + 36;

    public static final int TARGET_COUNT_OFFSET = CONNECTION_ID_OFFSET;
    public static final int TARGETS_OFFSET = BODY_OFFSET;
    public static final int TARGET_LENGTH = 16;

    private static final int LISTS_LENGTH_OFFSET = TARGET_COUNT_OFFSET + 4;

    private EgressRecord() {}

    public static long requiredPosition(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + REQUIRED_POSITION_OFFSET, LITTLE_ENDIAN);
    }

    public static long connectionId(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + CONNECTION_ID_OFFSET, LITTLE_ENDIAN);
    }

    private static void header(
            final MutableDirectBuffer buffer, final int offset, final long requiredPosition, final long connectionId) {
        buffer.putLong(offset + REQUIRED_POSITION_OFFSET, requiredPosition, LITTLE_ENDIAN);
        buffer.putLong(offset + CONNECTION_ID_OFFSET, connectionId, LITTLE_ENDIAN);
    }

    public static void writeConnack(
            final MutableDirectBuffer buffer,
            final int offset,
            final long requiredPosition,
            final long connectionId,
            final int reasonCode,
            final boolean sessionPresent) {
        header(buffer, offset, requiredPosition, connectionId);
        buffer.putByte(offset + BODY_OFFSET, (byte) reasonCode);
        buffer.putByte(offset + BODY_OFFSET + 1, (byte) (sessionPresent ? 1 : 0));
    }

    public static void writeAck(
            final MutableDirectBuffer buffer,
            final int offset,
            final long requiredPosition,
            final long connectionId,
            final int packetType,
            final int packetId,
            final int reasonCode) {
        header(buffer, offset, requiredPosition, connectionId);
        buffer.putByte(offset + BODY_OFFSET, (byte) packetType);
        buffer.putByte(offset + BODY_OFFSET + 1, (byte) reasonCode);
        buffer.putShort(offset + BODY_OFFSET + 2, (short) packetId, LITTLE_ENDIAN);
    }

    public static void writeSuback(
            final MutableDirectBuffer buffer,
            final int offset,
            final long requiredPosition,
            final long connectionId,
            final int packetId,
            final DirectBuffer reasonCodes,
            final int reasonCodesOffset,
            final int count) {
        header(buffer, offset, requiredPosition, connectionId);
        buffer.putShort(offset + BODY_OFFSET, (short) packetId, LITTLE_ENDIAN);
        buffer.putShort(offset + BODY_OFFSET + 2, (short) count, LITTLE_ENDIAN);
        buffer.putBytes(offset + SUBACK_CODES_OFFSET, reasonCodes, reasonCodesOffset, count);
    }

    public static void writeDisconnect(
            final MutableDirectBuffer buffer,
            final int offset,
            final long requiredPosition,
            final long connectionId,
            final int reasonCode) {
        header(buffer, offset, requiredPosition, connectionId);
        buffer.putByte(offset + BODY_OFFSET, (byte) reasonCode);
    }

    /** @param publisherId connection that is to be held back; none when those that are may go on. */
    public static void writeBehind(
            final MutableDirectBuffer buffer, final int offset, final long connectionId, final long publisherId) {
        header(buffer, offset, 0, connectionId);
        buffer.putLong(offset + BODY_OFFSET, publisherId, LITTLE_ENDIAN);
    }

    public static long publisherId(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + BODY_OFFSET, LITTLE_ENDIAN);
    }

    public static void writeStored(
            final MutableDirectBuffer buffer,
            final int offset,
            final long requiredPosition,
            final long connectionId,
            final int packetId,
            final int deliveryFlags,
            final long messagePosition,
            final long expiryDeadlineNs) {
        header(buffer, offset, requiredPosition, connectionId);
        buffer.putShort(offset + BODY_OFFSET, (short) packetId, LITTLE_ENDIAN);
        buffer.putByte(offset + BODY_OFFSET + 2, (byte) deliveryFlags);
        buffer.putByte(offset + BODY_OFFSET + 3, (byte) 0);
        buffer.putInt(offset + BODY_OFFSET + 4, 0, LITTLE_ENDIAN);
        buffer.putLong(offset + BODY_OFFSET + 8, messagePosition, LITTLE_ENDIAN);
        buffer.putLong(offset + BODY_OFFSET + 16, expiryDeadlineNs, LITTLE_ENDIAN);
    }

    public static void writeReplayWanted(
            final MutableDirectBuffer buffer,
            final int offset,
            final long connectionId,
            final int number,
            final long askedAt,
            final long fromPosition,
            final long toPosition,
            final int options,
            final DirectBuffer filter) {
        header(buffer, offset, 0, connectionId);
        buffer.putInt(offset + BODY_OFFSET, number, LITTLE_ENDIAN);
        buffer.putInt(offset + BODY_OFFSET + 4, options, LITTLE_ENDIAN);
        buffer.putLong(offset + BODY_OFFSET + 8, askedAt, LITTLE_ENDIAN);
        buffer.putLong(offset + BODY_OFFSET + 16, fromPosition, LITTLE_ENDIAN);
        buffer.putLong(offset + BODY_OFFSET + 24, toPosition, LITTLE_ENDIAN);
        buffer.putInt(offset + BODY_OFFSET + 32, filter.capacity(), LITTLE_ENDIAN);
        buffer.putBytes(offset + REPLAY_FILTER_OFFSET, filter, 0, filter.capacity());
    }

    /** Length of a DELIVER_STORED with so many subscription identifiers. */
    public static int storedLength(final int identifierCount) {
        return STORED_LENGTH + identifierCount * Integer.BYTES;
    }

    /** Adds a subscription identifier to a DELIVER_STORED. */
    public static void addStoredIdentifier(final MutableDirectBuffer buffer, final int offset, final int identifier) {
        final int count = storedIdentifierCount(buffer, offset);
        buffer.putInt(offset + storedLength(count), identifier, LITTLE_ENDIAN);
        buffer.putInt(offset + BODY_OFFSET + 4, count + 1, LITTLE_ENDIAN);
    }

    /** Head of a FAN_OUT; targets, lists and event follow. */
    public static void writeFanOut(
            final MutableDirectBuffer buffer,
            final int offset,
            final long requiredPosition,
            final int targetCount,
            final int listsLength) {
        buffer.putLong(offset + REQUIRED_POSITION_OFFSET, requiredPosition, LITTLE_ENDIAN);
        buffer.putInt(offset + TARGET_COUNT_OFFSET, targetCount, LITTLE_ENDIAN);
        buffer.putInt(offset + LISTS_LENGTH_OFFSET, listsLength, LITTLE_ENDIAN);
    }

    public static void writeTarget(
            final MutableDirectBuffer buffer,
            final int targetOffset,
            final long connectionId,
            final int packetId,
            final int deliveryFlags,
            final int identifiers) {
        buffer.putLong(targetOffset, connectionId, LITTLE_ENDIAN);
        buffer.putShort(targetOffset + 8, (short) packetId, LITTLE_ENDIAN);
        buffer.putByte(targetOffset + 10, (byte) deliveryFlags);
        buffer.putByte(targetOffset + 11, (byte) 0);
        buffer.putInt(targetOffset + 12, identifiers, LITTLE_ENDIAN);
    }

    /** Reason code of CONNACK and DISCONNECT. */
    public static int reasonCode(final DirectBuffer buffer, final int offset) {
        return buffer.getByte(offset + BODY_OFFSET) & 0xFF;
    }

    public static boolean isSessionPresent(final DirectBuffer buffer, final int offset) {
        return buffer.getByte(offset + BODY_OFFSET + 1) != 0;
    }

    public static int ackPacketType(final DirectBuffer buffer, final int offset) {
        return buffer.getByte(offset + BODY_OFFSET) & 0xFF;
    }

    public static int ackReasonCode(final DirectBuffer buffer, final int offset) {
        return buffer.getByte(offset + BODY_OFFSET + 1) & 0xFF;
    }

    public static int ackPacketId(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset + BODY_OFFSET + 2, LITTLE_ENDIAN) & 0xFFFF;
    }

    /** Packet id of SUBACK, UNSUBACK and DELIVER_STORED. */
    public static int packetId(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset + BODY_OFFSET, LITTLE_ENDIAN) & 0xFFFF;
    }

    public static int subackCount(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset + BODY_OFFSET + 2, LITTLE_ENDIAN) & 0xFFFF;
    }

    public static int storedFlags(final DirectBuffer buffer, final int offset) {
        return buffer.getByte(offset + BODY_OFFSET + 2) & 0xFF;
    }

    public static int storedIdentifierCount(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + BODY_OFFSET + 4, LITTLE_ENDIAN);
    }

    public static long storedMessagePosition(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + BODY_OFFSET + 8, LITTLE_ENDIAN);
    }

    public static long storedExpiryDeadlineNs(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + BODY_OFFSET + 16, LITTLE_ENDIAN);
    }

    public static int storedIdentifier(final DirectBuffer buffer, final int offset, final int place) {
        return buffer.getInt(offset + storedLength(place), LITTLE_ENDIAN);
    }

    public static int replayNumber(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + BODY_OFFSET, LITTLE_ENDIAN);
    }

    public static int replayOptions(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + BODY_OFFSET + 4, LITTLE_ENDIAN);
    }

    public static long replayAskedAt(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + BODY_OFFSET + 8, LITTLE_ENDIAN);
    }

    public static long replayFrom(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + BODY_OFFSET + 16, LITTLE_ENDIAN);
    }

    public static long replayTo(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + BODY_OFFSET + 24, LITTLE_ENDIAN);
    }

    public static int replayFilterLength(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + BODY_OFFSET + 32, LITTLE_ENDIAN);
    }

    public static int listCount(final DirectBuffer buffer, final int listOffset) {
        return buffer.getInt(listOffset, LITTLE_ENDIAN);
    }

    public static int listIdentifier(final DirectBuffer buffer, final int listOffset, final int place) {
        return buffer.getInt(listOffset + (place + 1) * Integer.BYTES, LITTLE_ENDIAN);
    }

    public static int targetCount(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + TARGET_COUNT_OFFSET, LITTLE_ENDIAN);
    }

    public static int targetOffset(final int offset, final int index) {
        return offset + TARGETS_OFFSET + index * TARGET_LENGTH;
    }

    public static long targetConnectionId(final DirectBuffer buffer, final int targetOffset) {
        return buffer.getLong(targetOffset, LITTLE_ENDIAN);
    }

    public static int targetPacketId(final DirectBuffer buffer, final int targetOffset) {
        return buffer.getShort(targetOffset + 8, LITTLE_ENDIAN) & 0xFFFF;
    }

    public static int targetFlags(final DirectBuffer buffer, final int targetOffset) {
        return buffer.getByte(targetOffset + 10) & 0xFF;
    }

    /** What stands in a target for its subscription identifiers. */
    public static int targetIdentifiers(final DirectBuffer buffer, final int targetOffset) {
        return buffer.getInt(targetOffset + 12, LITTLE_ENDIAN);
    }

    /** Offset of the lists of subscription identifiers of a FAN_OUT: each is their count, then they. */
    public static int listsOffset(final DirectBuffer buffer, final int offset) {
        return targetOffset(offset, targetCount(buffer, offset));
    }

    /** Offset of the event (a whole frame with its header) behind targets and lists of a FAN_OUT. */
    public static int fanOutEventOffset(final DirectBuffer buffer, final int offset) {
        return listsOffset(buffer, offset) + buffer.getInt(offset + LISTS_LENGTH_OFFSET, LITTLE_ENDIAN);
    }
}
