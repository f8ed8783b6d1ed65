package io.ringmain.protocol.mqtt;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.Utf8;
import org.agrona.DirectBuffer;

/**
 * What all decoders share: a cursor over one packet that never reads behind its end, and remembers the first fault
 * instead of throwing. After a fault every read gives 0.
 */
abstract class PacketDecoder {
    private static final int SHORTEST_PACKET = 2;

    final Properties properties = new Properties();

    DirectBuffer buffer;
    int cursor;
    int limit;
    int fault;
    private boolean lengthIsPadded;

    /** The properties of the packet, none for MQTT 3.x. */
    public final Properties properties() {
        return properties;
    }

    /** The buffer that all offsets refer to. */
    public final DirectBuffer buffer() {
        return buffer;
    }

    /**
     * Starts on a packet: checks its type, that the reserved flags have the value of the table, and its length. MQTT
     * 3.1 has no reserved flags there (it knows a DUP flag for SUBSCRIBE, UNSUBSCRIBE and PUBREL, the others it calls
     * not used), so they are passed over.
     */
    final boolean open(
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final int packetType,
            final int flags,
            final ProtocolVersion version) {
        if (openAny(buffer, offset, length, version)) {
            final int first = firstByte(offset);
            final boolean flagsWrong = (first & 0xF) != flags && version != ProtocolVersion.V3_1;
            if (Framing.packetType(first) != packetType || flagsWrong) {
                fail(ReasonCode.MALFORMED_PACKET);
            }
        }
        return fault == ReasonCode.SUCCESS;
    }

    /** Starts on a packet of any type and flags: checks that its remaining length is the length given. */
    final boolean openAny(
            final DirectBuffer buffer, final int offset, final int length, final ProtocolVersion version) {
        this.buffer = buffer;
        this.limit = offset + Math.max(length, 0);
        this.cursor = limit;
        this.fault = ReasonCode.SUCCESS;
        properties.clear(buffer, limit);
        if (length < SHORTEST_PACKET || Framing.packetLength(buffer, offset, length, Integer.MAX_VALUE) != length) {
            fail(ReasonCode.MALFORMED_PACKET);
            return false;
        }
        int lastOfLength = offset + 1;
        while (buffer.getByte(lastOfLength) < 0) {
            lastOfLength++;
        }
        cursor = lastOfLength + 1;
        lengthIsPadded = lastOfLength > offset + 1 && buffer.getByte(lastOfLength) == 0;
        checkLengthEncoding(version);
        return fault == ReasonCode.SUCCESS;
    }

    /** MQTT 5 wants the fewest bytes for a Variable Byte Integer (section 1.5.5), its elders don't care. */
    final void checkLengthEncoding(final ProtocolVersion version) {
        if (version == ProtocolVersion.V5 && lengthIsPadded) {
            fail(ReasonCode.MALFORMED_PACKET);
        }
    }

    final int firstByte(final int offset) {
        return buffer.getByte(offset) & 0xFF;
    }

    final void fail(final int reasonCode) {
        if (fault == ReasonCode.SUCCESS) {
            fault = reasonCode;
        }
        cursor = limit;
    }

    final int remaining() {
        return limit - cursor;
    }

    final int u8() {
        if (remaining() < 1) {
            fail(ReasonCode.MALFORMED_PACKET);
            return 0;
        }
        return buffer.getByte(cursor++) & 0xFF;
    }

    final int u16() {
        if (remaining() < 2) {
            fail(ReasonCode.MALFORMED_PACKET);
            return 0;
        }
        final int value = buffer.getShort(cursor, BIG_ENDIAN) & 0xFFFF;
        cursor += 2;
        return value;
    }

    /** A packet identifier: never 0. */
    final int packetIdentifier() {
        final int id = u16();
        if (id == 0) {
            fail(ReasonCode.PROTOCOL_ERROR);
        }
        return id;
    }

    /** Passes over binary data with its two-byte length, returns the length without those. */
    final int binary() {
        final int length = u16();
        if (remaining() < length) {
            fail(ReasonCode.MALFORMED_PACKET);
            return 0;
        }
        cursor += length;
        return length;
    }

    /** Passes over a text, as {@link #binary()}, and checks that it is well-formed. */
    final int text() {
        final int length = binary();
        if (!Utf8.validate(buffer, cursor - length, length)) {
            fail(ReasonCode.MALFORMED_PACKET);
            return 0;
        }
        return length;
    }

    private int varInt() {
        int value = 0;
        for (int shift = 0; shift <= 21; shift += 7) {
            final int b = u8();
            value |= (b & 0x7F) << shift;
            if (b < 0x80) {
                return b == 0 && shift > 0 ? padded() : value;
            }
        }
        fail(ReasonCode.MALFORMED_PACKET);
        return 0;
    }

    private int padded() {
        fail(ReasonCode.MALFORMED_PACKET);
        return 0;
    }

    /** Reads a property block with its length into the flyweight; nothing at all for MQTT 3.x. */
    final void properties(final Properties target, final ProtocolVersion version, final int context) {
        target.clear(buffer, cursor);
        if (version != ProtocolVersion.V5 || fault != ReasonCode.SUCCESS) {
            return;
        }
        final int length = varInt();
        if (remaining() < length) {
            fail(ReasonCode.MALFORMED_PACKET);
        }
        if (fault != ReasonCode.SUCCESS) {
            return;
        }
        final int reasonCode = target.wrap(buffer, cursor, length, context);
        cursor += length;
        if (reasonCode != ReasonCode.SUCCESS) {
            fail(reasonCode);
        }
    }

    /** The verdict; bytes behind the end of the packet's content are a fault. */
    final int close() {
        if (cursor < limit) {
            fail(ReasonCode.MALFORMED_PACKET);
        }
        return fault;
    }
}
