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
    final Properties properties = new Properties();

    DirectBuffer buffer;
    int cursor;
    int limit;
    int fault;

    /** The properties of the packet, none for MQTT 3.x. */
    public final Properties properties() {
        return properties;
    }

    /** The buffer that all offsets refer to. */
    public final DirectBuffer buffer() {
        return buffer;
    }

    /** Starts on a packet: checks type, flags and that the remaining length is the length given. */
    final boolean open(
            final DirectBuffer buffer, final int offset, final int length, final int packetType, final int flags) {
        openAnyFlags(buffer, offset, length);
        if (length > 0 && (buffer.getByte(offset) & 0xFF) != (packetType << 4 | flags)) {
            fail(ReasonCode.MALFORMED_PACKET);
        }
        return fault == ReasonCode.SUCCESS;
    }

    final void openAnyFlags(final DirectBuffer buffer, final int offset, final int length) {
        this.buffer = buffer;
        this.limit = offset + length;
        this.cursor = limit;
        this.fault = ReasonCode.SUCCESS;
        if (Framing.packetLength(buffer, offset, length, Integer.MAX_VALUE) != length) {
            fail(ReasonCode.MALFORMED_PACKET);
        } else {
            int i = offset + 1;
            while (buffer.getByte(i) < 0) {
                i++;
            }
            cursor = i + 1;
        }
        properties.clear(buffer, cursor);
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
                return value;
            }
        }
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
