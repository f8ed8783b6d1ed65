package io.ringmain.engine.event;

import static io.ringmain.engine.event.EventHeader.HEADER_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A SUBSCRIBE or an UNSUBSCRIBE: the two have one layout, the event type tells them apart.
 *
 * <pre>
 *  40     42      44              48
 *  +------+-------+---------------+--------- count times: --------------------------+
 *  | pid  | count | subscription  | options u8 | verdict u8 | length u16 | filter    |
 *  |      |       | identifier    |                                                 |
 *  +------+-------+---------------+--------------------------------------------------+
 * </pre>
 *
 * {@code options} are those of MQTT 5 on the wire (bits 0-1 QoS, 2 No Local, 3 Retain As Published, 4-5 Retain
 * Handling), zero in an UNSUBSCRIBE. {@code verdict} is 0, or the reason code (0x80 and above) with which the I/O agent
 * refused this filter. A subscription identifier of 0 means none.
 */
public final class SubscribeEvent {
    private static final int PACKET_ID_OFFSET = HEADER_LENGTH;
    private static final int COUNT_OFFSET = HEADER_LENGTH + 2;
    private static final int IDENTIFIER_OFFSET = HEADER_LENGTH + 4;
    private static final int BODY_OFFSET = HEADER_LENGTH + 8;
    private static final int ENTRY_HEADER_LENGTH = 4;

    private DirectBuffer buffer;
    private MutableDirectBuffer target;
    private int offset;
    private int entry;
    private int remaining;

    /** Length in bytes of the event with this many filters, which have this many bytes together. */
    public static int length(final int count, final int filtersLength) {
        return BODY_OFFSET + count * ENTRY_HEADER_LENGTH + filtersLength;
    }

    /** Wraps an event for reading; {@link #next()} moves to the first filter. */
    public SubscribeEvent wrap(final DirectBuffer buffer, final int offset) {
        this.buffer = buffer;
        this.target = null;
        this.offset = offset;
        this.entry = -1;
        this.remaining = count();
        return this;
    }

    /** Starts writing: {@link #add} every filter, then {@link #finish}. */
    public SubscribeEvent wrapForWrite(
            final MutableDirectBuffer buffer,
            final int offset,
            final int type,
            final int lane,
            final long connectionId,
            final int packetId,
            final int subscriptionIdentifier) {
        this.buffer = buffer;
        this.target = buffer;
        this.offset = offset;
        this.entry = offset + BODY_OFFSET;
        EventHeader.write(buffer, offset, BODY_OFFSET, type, 0, lane, connectionId);
        buffer.putShort(offset + PACKET_ID_OFFSET, (short) packetId, LITTLE_ENDIAN);
        buffer.putShort(offset + COUNT_OFFSET, (short) 0, LITTLE_ENDIAN);
        buffer.putInt(offset + IDENTIFIER_OFFSET, subscriptionIdentifier, LITTLE_ENDIAN);
        return this;
    }

    public SubscribeEvent add(
            final int options, final int verdict, final DirectBuffer source, final int sourceOffset, final int length) {
        target.putByte(entry, (byte) options);
        target.putByte(entry + 1, (byte) verdict);
        target.putShort(entry + 2, (short) length, LITTLE_ENDIAN);
        target.putBytes(entry + ENTRY_HEADER_LENGTH, source, sourceOffset, length);
        entry += ENTRY_HEADER_LENGTH + length;
        target.putShort(offset + COUNT_OFFSET, (short) (count() + 1), LITTLE_ENDIAN);
        return this;
    }

    /** Sets the length in the header and returns it. */
    public int finish() {
        final int length = entry - offset;
        target.putInt(offset + EventHeader.LENGTH_OFFSET, length, LITTLE_ENDIAN);
        return length;
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

    public int count() {
        return buffer.getShort(offset + COUNT_OFFSET, LITTLE_ENDIAN) & 0xFFFF;
    }

    public int subscriptionIdentifier() {
        return buffer.getInt(offset + IDENTIFIER_OFFSET, LITTLE_ENDIAN);
    }

    /** Moves to the next filter; false when there is none left. */
    public boolean next() {
        if (remaining == 0) {
            return false;
        }
        remaining--;
        entry = entry < 0 ? offset + BODY_OFFSET : filterOffset() + filterLength();
        return true;
    }

    public int options() {
        return buffer.getByte(entry) & 0xFF;
    }

    public int verdict() {
        return buffer.getByte(entry + 1) & 0xFF;
    }

    public int filterOffset() {
        return entry + ENTRY_HEADER_LENGTH;
    }

    public int filterLength() {
        return buffer.getShort(entry + 2, LITTLE_ENDIAN) & 0xFFFF;
    }
}
