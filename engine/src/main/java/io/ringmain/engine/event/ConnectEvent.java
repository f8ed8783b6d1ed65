package io.ringmain.engine.event;

import static io.ringmain.engine.event.EventHeader.HEADER_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * An accepted CONNECT: the client is authenticated, its id is known (assigned ids are made by the I/O agent and
 * recorded here), the limits are the effective ones. The password never gets here.
 *
 * <pre>
 *  40  41  42     44       48      50      52       56      60      64     66     68     70     72     74    76     80     84
 *  +---+---+------+--------+-------+-------+--------+-------+-------+------+------+------+------+------+-----+------+------+----
 *  |ver|fl |keep  |session |receive|topic  |maximum |will   |will   |client|user  |liste-|peer  |will  |cli. |will  |will  | the
 *  |   |   |alive |expiry  |maximum|alias  |packet  |delay s|expiry |id    |name  |ner   |addr. |topic |cert.|props |pay-  | eight
 *  |   |   |s     |s       |       |maximum|size    |       |s      |length|length|length|length|length|     |length|load l| parts
 *  +---+---+------+--------+-------+-------+--------+-------+-------+------+------+------+------+------+-----+------+------+----
 * </pre>
 *
 * Parts, one behind the other: client id, user name, name in the client's certificate, listener name, peer address, will
 * topic, will properties (as in {@link PublishEvent}), will payload. The first five are the {@link Origin} of this
 * event. Session expiry 0xFFFFFFFF means never.
 */
public final class ConnectEvent {
    public static final int CLEAN_START = 1;
    public static final int HAS_WILL = 2;
    public static final int WILL_RETAIN = 4;
    public static final int WILL_QOS_SHIFT = 3;
    public static final int ASSIGNED_ID = 32;
    public static final int WILL_HAS_EXPIRY = 64;

    /** The last of the will's properties are those of the broker: see {@link Stamp}. */
    public static final int WILL_STAMPED = 128;

    /** Session expiry interval of a session that never expires. */
    public static final long NEVER = 0xFFFF_FFFFL;

    public static final int PROTOCOL_OFFSET = HEADER_LENGTH;
    public static final int FLAGS_OFFSET = HEADER_LENGTH + 1;
    public static final int KEEP_ALIVE_OFFSET = HEADER_LENGTH + 2;
    public static final int SESSION_EXPIRY_OFFSET = HEADER_LENGTH + 4;
    public static final int RECEIVE_MAXIMUM_OFFSET = HEADER_LENGTH + 8;
    public static final int TOPIC_ALIAS_MAXIMUM_OFFSET = HEADER_LENGTH + 10;
    public static final int MAXIMUM_PACKET_SIZE_OFFSET = HEADER_LENGTH + 12;
    public static final int WILL_DELAY_OFFSET = HEADER_LENGTH + 16;
    public static final int WILL_EXPIRY_OFFSET = HEADER_LENGTH + 20;
    public static final int CLIENT_ID_LENGTH_OFFSET = HEADER_LENGTH + 24;
    public static final int USERNAME_LENGTH_OFFSET = HEADER_LENGTH + 26;
    public static final int LISTENER_LENGTH_OFFSET = HEADER_LENGTH + 28;
    public static final int PEER_LENGTH_OFFSET = HEADER_LENGTH + 30;
    public static final int WILL_TOPIC_LENGTH_OFFSET = HEADER_LENGTH + 32;
    public static final int CERTIFICATE_LENGTH_OFFSET = HEADER_LENGTH + 34;
    public static final int WILL_PROPERTIES_LENGTH_OFFSET = HEADER_LENGTH + 36;
    public static final int WILL_PAYLOAD_LENGTH_OFFSET = HEADER_LENGTH + 40;
    public static final int BODY_OFFSET = HEADER_LENGTH + 44;

    private DirectBuffer buffer;
    private MutableDirectBuffer target;
    private int offset;
    private int limit;

    /** Length in bytes of the event whose eight parts have this many bytes together. */
    public static int length(final int partsLength) {
        return BODY_OFFSET + partsLength;
    }

    public ConnectEvent wrap(final DirectBuffer buffer, final int offset) {
        this.buffer = buffer;
        this.target = null;
        this.offset = offset;
        return this;
    }

    /**
     * Starts writing. Set the numbers, then put the eight parts in their order, then {@link #finish}.
     *
     * @param headerFlags as in {@link EventHeader}.
     */
    public ConnectEvent wrapForWrite(
            final MutableDirectBuffer buffer,
            final int offset,
            final int headerFlags,
            final int lane,
            final long connectionId) {
        this.buffer = buffer;
        this.target = buffer;
        this.offset = offset;
        this.limit = offset + BODY_OFFSET;
        EventHeader.write(buffer, offset, BODY_OFFSET, EventType.CONNECT, headerFlags, lane, connectionId);
        buffer.setMemory(offset + HEADER_LENGTH, BODY_OFFSET - HEADER_LENGTH, (byte) 0);
        return this;
    }

    public ConnectEvent protocolLevel(final int level) {
        target.putByte(offset + PROTOCOL_OFFSET, (byte) level);
        return this;
    }

    public ConnectEvent flags(final int flags) {
        target.putByte(offset + FLAGS_OFFSET, (byte) flags);
        return this;
    }

    public ConnectEvent keepAliveSeconds(final int seconds) {
        target.putShort(offset + KEEP_ALIVE_OFFSET, (short) seconds, LITTLE_ENDIAN);
        return this;
    }

    public ConnectEvent sessionExpirySeconds(final long seconds) {
        target.putInt(offset + SESSION_EXPIRY_OFFSET, (int) seconds, LITTLE_ENDIAN);
        return this;
    }

    public ConnectEvent receiveMaximum(final int maximum) {
        target.putShort(offset + RECEIVE_MAXIMUM_OFFSET, (short) maximum, LITTLE_ENDIAN);
        return this;
    }

    public ConnectEvent topicAliasMaximum(final int maximum) {
        target.putShort(offset + TOPIC_ALIAS_MAXIMUM_OFFSET, (short) maximum, LITTLE_ENDIAN);
        return this;
    }

    public ConnectEvent maximumPacketSize(final int bytes) {
        target.putInt(offset + MAXIMUM_PACKET_SIZE_OFFSET, bytes, LITTLE_ENDIAN);
        return this;
    }

    public ConnectEvent willDelaySeconds(final long seconds) {
        target.putInt(offset + WILL_DELAY_OFFSET, (int) seconds, LITTLE_ENDIAN);
        return this;
    }

    public ConnectEvent willExpirySeconds(final long seconds) {
        target.putInt(offset + WILL_EXPIRY_OFFSET, (int) seconds, LITTLE_ENDIAN);
        return this;
    }

    public ConnectEvent clientId(final DirectBuffer source, final int sourceOffset, final int length) {
        return part(CLIENT_ID_LENGTH_OFFSET, source, sourceOffset, length);
    }

    public ConnectEvent username(final DirectBuffer source, final int sourceOffset, final int length) {
        return part(USERNAME_LENGTH_OFFSET, source, sourceOffset, length);
    }

    /** The name in the certificate with which the client has proved who it is; without one of no length. */
    public ConnectEvent certificate(final DirectBuffer source, final int sourceOffset, final int length) {
        return part(CERTIFICATE_LENGTH_OFFSET, source, sourceOffset, length);
    }

    public ConnectEvent listener(final DirectBuffer source, final int sourceOffset, final int length) {
        return part(LISTENER_LENGTH_OFFSET, source, sourceOffset, length);
    }

    public ConnectEvent peer(final DirectBuffer source, final int sourceOffset, final int length) {
        return part(PEER_LENGTH_OFFSET, source, sourceOffset, length);
    }

    public ConnectEvent willTopic(final DirectBuffer source, final int sourceOffset, final int length) {
        return part(WILL_TOPIC_LENGTH_OFFSET, source, sourceOffset, length);
    }

    public ConnectEvent willProperties(final DirectBuffer source, final int sourceOffset, final int length) {
        target.putInt(offset + WILL_PROPERTIES_LENGTH_OFFSET, length, LITTLE_ENDIAN);
        return copy(source, sourceOffset, length);
    }

    public ConnectEvent willPayload(final DirectBuffer source, final int sourceOffset, final int length) {
        target.putInt(offset + WILL_PAYLOAD_LENGTH_OFFSET, length, LITTLE_ENDIAN);
        return copy(source, sourceOffset, length);
    }

    /** Sets the length in the header and returns it. */
    public int finish() {
        final int length = limit - offset;
        target.putInt(offset + EventHeader.LENGTH_OFFSET, length, LITTLE_ENDIAN);
        return length;
    }

    public DirectBuffer buffer() {
        return buffer;
    }

    public int lane() {
        return EventHeader.lane(buffer, offset);
    }

    public long connectionId() {
        return EventHeader.connectionId(buffer, offset);
    }

    public int protocolLevel() {
        return buffer.getByte(offset + PROTOCOL_OFFSET);
    }

    public int flags() {
        return buffer.getByte(offset + FLAGS_OFFSET) & 0xFF;
    }

    public boolean isCleanStart() {
        return (flags() & CLEAN_START) != 0;
    }

    public boolean hasWill() {
        return (flags() & HAS_WILL) != 0;
    }

    public boolean isWillRetain() {
        return (flags() & WILL_RETAIN) != 0;
    }

    public int willQos() {
        return (flags() >> WILL_QOS_SHIFT) & 3;
    }

    public boolean willHasExpiry() {
        return (flags() & WILL_HAS_EXPIRY) != 0;
    }

    public boolean isWillStamped() {
        return (flags() & WILL_STAMPED) != 0;
    }

    public int keepAliveSeconds() {
        return buffer.getShort(offset + KEEP_ALIVE_OFFSET, LITTLE_ENDIAN) & 0xFFFF;
    }

    public long sessionExpirySeconds() {
        return buffer.getInt(offset + SESSION_EXPIRY_OFFSET, LITTLE_ENDIAN) & 0xFFFF_FFFFL;
    }

    public int receiveMaximum() {
        return buffer.getShort(offset + RECEIVE_MAXIMUM_OFFSET, LITTLE_ENDIAN) & 0xFFFF;
    }

    public int topicAliasMaximum() {
        return buffer.getShort(offset + TOPIC_ALIAS_MAXIMUM_OFFSET, LITTLE_ENDIAN) & 0xFFFF;
    }

    /** The largest packet that the client takes, in bytes; 0x7FFFFFFF without a limit. */
    public int maximumPacketSize() {
        return buffer.getInt(offset + MAXIMUM_PACKET_SIZE_OFFSET, LITTLE_ENDIAN);
    }

    public long willDelaySeconds() {
        return buffer.getInt(offset + WILL_DELAY_OFFSET, LITTLE_ENDIAN) & 0xFFFF_FFFFL;
    }

    public long willExpirySeconds() {
        return buffer.getInt(offset + WILL_EXPIRY_OFFSET, LITTLE_ENDIAN) & 0xFFFF_FFFFL;
    }

    public int clientIdOffset() {
        return offset + BODY_OFFSET;
    }

    public int clientIdLength() {
        return u16(CLIENT_ID_LENGTH_OFFSET);
    }

    public int usernameOffset() {
        return clientIdOffset() + clientIdLength();
    }

    public int usernameLength() {
        return u16(USERNAME_LENGTH_OFFSET);
    }

    public int certificateOffset() {
        return usernameOffset() + usernameLength();
    }

    public int certificateLength() {
        return u16(CERTIFICATE_LENGTH_OFFSET);
    }

    public int listenerOffset() {
        return certificateOffset() + certificateLength();
    }

    public int listenerLength() {
        return u16(LISTENER_LENGTH_OFFSET);
    }

    public int peerOffset() {
        return listenerOffset() + listenerLength();
    }

    public int peerLength() {
        return u16(PEER_LENGTH_OFFSET);
    }

    public int willTopicOffset() {
        return peerOffset() + peerLength();
    }

    public int willTopicLength() {
        return u16(WILL_TOPIC_LENGTH_OFFSET);
    }

    public int willPropertiesOffset() {
        return willTopicOffset() + willTopicLength();
    }

    public int willPropertiesLength() {
        return buffer.getInt(offset + WILL_PROPERTIES_LENGTH_OFFSET, LITTLE_ENDIAN);
    }

    public int willPayloadOffset() {
        return willPropertiesOffset() + willPropertiesLength();
    }

    public int willPayloadLength() {
        return buffer.getInt(offset + WILL_PAYLOAD_LENGTH_OFFSET, LITTLE_ENDIAN);
    }

    private int u16(final int field) {
        return buffer.getShort(offset + field, LITTLE_ENDIAN) & 0xFFFF;
    }

    private ConnectEvent part(
            final int lengthField, final DirectBuffer source, final int sourceOffset, final int length) {
        target.putShort(offset + lengthField, (short) length, LITTLE_ENDIAN);
        return copy(source, sourceOffset, length);
    }

    private ConnectEvent copy(final DirectBuffer source, final int sourceOffset, final int length) {
        target.putBytes(limit, source, sourceOffset, length);
        limit += length;
        return this;
    }
}
