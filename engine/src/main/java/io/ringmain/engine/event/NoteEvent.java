package io.ringmain.engine.event;

import static io.ringmain.engine.event.EventHeader.HEADER_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What an earlier event led to that it doesn't tell itself, for whoever reads the log: that a will was published ({@link
 * EventType#WILL_PUBLISHED}), or that a message was logged and not taken ({@link EventType#NOT_TAKEN}). The core knows
 * it already, so it changes nothing.
 *
 * <pre>
 *  40       48        56       60       62       64
 *  +--------+---------+--------+--------+--------+-------+-----------+
 *  | cause  | message | reason | topic  | client | topic | client id |
 *  |        |         |        | length | length |       |           |
 *  +--------+---------+--------+--------+--------+-------+-----------+
 * </pre>
 *
 * {@code cause} is the position of the event, {@code message} that of the event which holds the message: the CONNECT of
 * a will, else the same. {@code reason} is the MQTT reason code for which a message was not taken. Topic and client id
 * are those of a will; the event of a message has its own.
 */
public final class NoteEvent {
    private static final int CAUSE_OFFSET = HEADER_LENGTH;
    private static final int MESSAGE_OFFSET = HEADER_LENGTH + 8;
    private static final int REASON_OFFSET = HEADER_LENGTH + 16;
    private static final int TOPIC_LENGTH_OFFSET = HEADER_LENGTH + 20;
    private static final int CLIENT_ID_LENGTH_OFFSET = HEADER_LENGTH + 22;
    private static final int BODY_OFFSET = HEADER_LENGTH + 24;

    private DirectBuffer buffer;
    private int offset;

    /** Length in bytes of the event with these texts. */
    public static int length(final int topicLength, final int clientIdLength) {
        return BODY_OFFSET + topicLength + clientIdLength;
    }

    public static void write(
            final MutableDirectBuffer buffer,
            final int offset,
            final int type,
            final long cause,
            final long message,
            final int reasonCode,
            final DirectBuffer topic,
            final DirectBuffer clientId) {
        EventHeader.write(
                buffer,
                offset,
                length(topic.capacity(), clientId.capacity()),
                type,
                0,
                EventHeader.NO_LANE,
                EventHeader.NO_CONNECTION);
        buffer.putLong(offset + CAUSE_OFFSET, cause, LITTLE_ENDIAN);
        buffer.putLong(offset + MESSAGE_OFFSET, message, LITTLE_ENDIAN);
        buffer.putInt(offset + REASON_OFFSET, reasonCode, LITTLE_ENDIAN);
        buffer.putShort(offset + TOPIC_LENGTH_OFFSET, (short) topic.capacity(), LITTLE_ENDIAN);
        buffer.putShort(offset + CLIENT_ID_LENGTH_OFFSET, (short) clientId.capacity(), LITTLE_ENDIAN);
        buffer.putBytes(offset + BODY_OFFSET, topic, 0, topic.capacity());
        buffer.putBytes(offset + BODY_OFFSET + topic.capacity(), clientId, 0, clientId.capacity());
    }

    public NoteEvent wrap(final DirectBuffer buffer, final int offset) {
        this.buffer = buffer;
        this.offset = offset;
        return this;
    }

    /** Position of the event that led to it. */
    public static long cause(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + CAUSE_OFFSET, LITTLE_ENDIAN);
    }

    /** Position of the event that holds the message. */
    public static long message(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + MESSAGE_OFFSET, LITTLE_ENDIAN);
    }

    public static int reasonCode(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + REASON_OFFSET, LITTLE_ENDIAN);
    }

    public int topicOffset() {
        return offset + BODY_OFFSET;
    }

    public int topicLength() {
        return buffer.getShort(offset + TOPIC_LENGTH_OFFSET, LITTLE_ENDIAN) & 0xFFFF;
    }

    public int clientIdOffset() {
        return topicOffset() + topicLength();
    }

    public int clientIdLength() {
        return buffer.getShort(offset + CLIENT_ID_LENGTH_OFFSET, LITTLE_ENDIAN) & 0xFFFF;
    }
}
