package io.ringmain.engine.event;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Who caused an event: what is known of the client and its connection. It is in each event, so that a record tells it
 * also when that of the CONNECT is gone from the log.
 *
 * <p>A CONNECT has it in its body. Another event that is logged for a client has it behind its body, flagged by {@link
 * EventHeader#ORIGIN}; it is found from the event's end:
 *
 * <pre>
 *  0       1      2         4         6         8         10        12                        length-2   length
 *  +-------+------+---------+---------+---------+---------+---------+-------------------------+----------+
 *  | proto-| re-  | client  | user    | certi-  | listener| peer    | client id, user name,   | length   |
 *  | col   | serv-| id      | name    | ficate  |         |         | certificate, listener,  | of all   |
 *  | level | ed   | length  | length  | length  | length  | length  | peer                    | this     |
 *  +-------+------+---------+---------+---------+---------+---------+-------------------------+----------+
 * </pre>
 *
 * Little-endian. The bytes are the same in all events of a connection: they are built once, and copied. Of a text that
 * isn't known the length is 0.
 */
public final class Origin {
    /** Where the client id begins. */
    public static final int CLIENT_ID_OFFSET = 12;

    private static final int LEVEL_OFFSET = 0;
    private static final int RESERVED_OFFSET = 1;
    private static final int LENGTHS_OFFSET = 2;
    private static final int TEXTS_OFFSET = CLIENT_ID_OFFSET;
    private static final int TRAILER_LENGTH_LENGTH = 2;
    private static final int MAX_LENGTH = 0xFFFF;

    private static final int CLIENT_ID = 0;
    private static final int USERNAME = 1;
    private static final int CERTIFICATE = 2;
    private static final int LISTENER = 3;
    private static final int PEER = 4;
    private static final int TEXTS = 5;

    private final ConnectEvent connect = new ConnectEvent();
    private final int[] lengths = new int[TEXTS];
    private DirectBuffer buffer;
    private boolean present;
    private int protocolLevel;
    private int textsOffset;

    /** Length in bytes of an origin whose five texts have this many bytes together. */
    public static int length(final int textsLength) {
        return TEXTS_OFFSET + textsLength + TRAILER_LENGTH_LENGTH;
    }

    /**
     * Writes an origin as it stands behind an event's body.
     *
     * @param texts client id, user name, certificate, listener, peer; UTF-8.
     * @return the length in bytes.
     * @throws IllegalArgumentException when they are longer than an origin can be.
     */
    public static int write(
            final MutableDirectBuffer buffer, final int offset, final int protocolLevel, final DirectBuffer... texts) {
        int at = offset + TEXTS_OFFSET;
        for (int i = 0; i < TEXTS; i++) {
            final int textLength = texts[i].capacity();
            if (length(at - offset - TEXTS_OFFSET + textLength) > MAX_LENGTH) {
                throw new IllegalArgumentException("an origin of more than " + MAX_LENGTH + " bytes");
            }
            buffer.putShort(offset + LENGTHS_OFFSET + i * Short.BYTES, (short) textLength, LITTLE_ENDIAN);
            buffer.putBytes(at, texts[i], 0, textLength);
            at += textLength;
        }
        buffer.putByte(offset + LEVEL_OFFSET, (byte) protocolLevel);
        buffer.putByte(offset + RESERVED_OFFSET, (byte) 0);
        final int length = at - offset + TRAILER_LENGTH_LENGTH;
        buffer.putShort(at, (short) length, LITTLE_ENDIAN);
        return length;
    }

    /** Puts an origin behind an event that is complete otherwise, and flags and lengthens the event. */
    public static void append(final MutableDirectBuffer buffer, final int offset, final DirectBuffer origin) {
        final int length = EventHeader.length(buffer, offset);
        buffer.putBytes(offset + length, origin, 0, origin.capacity());
        buffer.putInt(offset + EventHeader.LENGTH_OFFSET, length + origin.capacity(), LITTLE_ENDIAN);
        buffer.putByte(
                offset + EventHeader.FLAGS_OFFSET, (byte) (EventHeader.flags(buffer, offset) | EventHeader.ORIGIN));
    }

    /** Length in bytes of the event without the origin behind its body. */
    public static int lengthWithout(final DirectBuffer buffer, final int offset) {
        final int length = EventHeader.length(buffer, offset);
        return EventHeader.hasOrigin(buffer, offset) ? length - trailerLength(buffer, offset + length) : length;
    }

    private static int trailerLength(final DirectBuffer buffer, final int end) {
        return buffer.getShort(end - TRAILER_LENGTH_LENGTH, LITTLE_ENDIAN) & 0xFFFF;
    }

    /** Finds the origin of any event, its header at the given offset. Many events have none: {@link #isPresent}. */
    public Origin wrap(final DirectBuffer buffer, final int offset) {
        this.buffer = buffer;
        if (EventHeader.hasOrigin(buffer, offset)) {
            wrapTrailer(offset + lengthWithout(buffer, offset));
        } else if (EventHeader.type(buffer, offset) == EventType.CONNECT) {
            wrapConnect(offset);
        } else {
            clear(offset);
        }
        return this;
    }

    private void wrapTrailer(final int start) {
        present = true;
        protocolLevel = buffer.getByte(start + LEVEL_OFFSET);
        textsOffset = start + TEXTS_OFFSET;
        for (int i = 0; i < TEXTS; i++) {
            lengths[i] = buffer.getShort(start + LENGTHS_OFFSET + i * Short.BYTES, LITTLE_ENDIAN) & 0xFFFF;
        }
    }

    private void wrapConnect(final int offset) {
        connect.wrap(buffer, offset);
        present = true;
        protocolLevel = connect.protocolLevel();
        textsOffset = connect.clientIdOffset();
        lengths[CLIENT_ID] = connect.clientIdLength();
        lengths[USERNAME] = connect.usernameLength();
        lengths[CERTIFICATE] = connect.certificateLength();
        lengths[LISTENER] = connect.listenerLength();
        lengths[PEER] = connect.peerLength();
    }

    private void clear(final int offset) {
        present = false;
        protocolLevel = 0;
        textsOffset = offset;
        Arrays.fill(lengths, 0);
    }

    /** Whether the event says who caused it. The others come from the broker, or are transient. */
    public boolean isPresent() {
        return present;
    }

    public DirectBuffer buffer() {
        return buffer;
    }

    /** MQTT protocol level: 3, 4 or 5; 0 without an origin. */
    public int protocolLevel() {
        return protocolLevel;
    }

    public int clientIdOffset() {
        return offset(CLIENT_ID);
    }

    public int clientIdLength() {
        return lengths[CLIENT_ID];
    }

    public int usernameOffset() {
        return offset(USERNAME);
    }

    public int usernameLength() {
        return lengths[USERNAME];
    }

    public int certificateOffset() {
        return offset(CERTIFICATE);
    }

    public int certificateLength() {
        return lengths[CERTIFICATE];
    }

    public int listenerOffset() {
        return offset(LISTENER);
    }

    public int listenerLength() {
        return lengths[LISTENER];
    }

    public int peerOffset() {
        return offset(PEER);
    }

    public int peerLength() {
        return lengths[PEER];
    }

    /** The client id as a string, for tools; as the other texts empty if it isn't known. */
    public String clientId() {
        return text(CLIENT_ID);
    }

    public String username() {
        return text(USERNAME);
    }

    /** The name in the client's certificate. */
    public String certificate() {
        return text(CERTIFICATE);
    }

    public String listener() {
        return text(LISTENER);
    }

    /** Address and port of the client. */
    public String peer() {
        return text(PEER);
    }

    private int offset(final int text) {
        int at = textsOffset;
        for (int i = 0; i < text; i++) {
            at += lengths[i];
        }
        return at;
    }

    private String text(final int text) {
        return present ? buffer.getStringWithoutLengthUtf8(offset(text), lengths[text]) : "";
    }
}
