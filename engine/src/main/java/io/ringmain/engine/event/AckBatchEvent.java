package io.ringmain.engine.event;

import static io.ringmain.engine.event.EventHeader.HEADER_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Consecutive PUBACK, PUBREC, PUBREL and PUBCOMP packets of one read of one connection, in their order.
 *
 * <pre>
 *  40      44
 *  +-------+-- count times: -----------------------------------+
 *  | count | packet type u8 | reason code u8 | packet id u16    |
 *  +-------+----------------------------------------------------+
 * </pre>
 *
 * {@code packet type} is the MQTT control packet type: 4 PUBACK, 5 PUBREC, 6 PUBREL, 7 PUBCOMP.
 */
public final class AckBatchEvent {
    private static final int COUNT_OFFSET = HEADER_LENGTH;
    private static final int BODY_OFFSET = HEADER_LENGTH + 4;
    private static final int ENTRY_LENGTH = 4;

    private DirectBuffer buffer;
    private MutableDirectBuffer target;
    private int offset;

    /** Length in bytes of the event with this many acknowledgements. */
    public static int length(final int count) {
        return BODY_OFFSET + count * ENTRY_LENGTH;
    }

    public AckBatchEvent wrap(final DirectBuffer buffer, final int offset) {
        this.buffer = buffer;
        this.target = null;
        this.offset = offset;
        return this;
    }

    /** Starts writing an event of exactly {@code count} entries, each to be {@link #set}. */
    public AckBatchEvent wrapForWrite(
            final MutableDirectBuffer buffer,
            final int offset,
            final int lane,
            final long connectionId,
            final int count) {
        this.buffer = buffer;
        this.target = buffer;
        this.offset = offset;
        EventHeader.write(buffer, offset, length(count), EventType.ACK_BATCH, 0, lane, connectionId);
        buffer.putInt(offset + COUNT_OFFSET, count, LITTLE_ENDIAN);
        return this;
    }

    public AckBatchEvent set(final int index, final int packetType, final int reasonCode, final int packetId) {
        final int entry = offset + BODY_OFFSET + index * ENTRY_LENGTH;
        target.putByte(entry, (byte) packetType);
        target.putByte(entry + 1, (byte) reasonCode);
        target.putShort(entry + 2, (short) packetId, LITTLE_ENDIAN);
        return this;
    }

    public long connectionId() {
        return EventHeader.connectionId(buffer, offset);
    }

    public int count() {
        return buffer.getInt(offset + COUNT_OFFSET, LITTLE_ENDIAN);
    }

    public int packetType(final int index) {
        return buffer.getByte(offset + BODY_OFFSET + index * ENTRY_LENGTH) & 0xFF;
    }

    public int reasonCode(final int index) {
        return buffer.getByte(offset + BODY_OFFSET + index * ENTRY_LENGTH + 1) & 0xFF;
    }

    public int packetId(final int index) {
        return buffer.getShort(offset + BODY_OFFSET + index * ENTRY_LENGTH + 2, LITTLE_ENDIAN) & 0xFFFF;
    }
}
