package io.ringmain.protocol.proxy;

import io.ringmain.protocol.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;

/**
 * Reads the preface of the PROXY protocol, both versions, as strictly as it is written: what nobody would send who knows
 * it is refused, as soon as it can be seen.
 *
 * <pre>
 *  version 1, at most 107 bytes:  PROXY TCP4 192.0.2.7 198.51.100.1 56324 1883\r\n
 *
 *  version 2:
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |              signature, 12 bytes: \r\n\r\n\0\r\nQUIT\n        |
 *  +-------+-------+-------+-------+-------------------------------+
 *  | ver 2 |command| family| transp|   length of what follows      |
 *  +-------+-------+-------+-------+-------------------------------+
 *  |  source and destination: 12 (IPv4), 36 (IPv6), 216 (Unix)     |
 *  +---------------+-------------------------------+---------------+
 *  | type          | length                        | value    ...  |  any number of these
 *  +---------------+-------------------------------+---------------+
 * </pre>
 *
 * Reusable; not thread-safe.
 *
 * @see <a href="https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt">The PROXY protocol</a>
 */
public final class ProxyDecoder {
    /** What {@link #decode} says while more bytes are needed. */
    public static final int INCOMPLETE = 0;
    /** What {@link #decode} says of bytes that no preface begins with. */
    public static final int MALFORMED = -1;
    /** Bytes of the longest preface of version 1, with its end of line. */
    public static final int V1_MAX_LENGTH = 107;
    /** Bytes before the addresses of version 2. */
    public static final int V2_HEADER_LENGTH = 16;

    private static final byte[] V1_START = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] V2_START = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final int V2_COMMAND_LOCAL = 0x20;
    private static final int V2_COMMAND_PROXY = 0x21;
    private static final int V2_UNSPECIFIED = 0x00;
    private static final int V2_TCP4 = 0x11;
    private static final int V2_TCP6 = 0x21;
    private static final int V2_UNIX_STREAM = 0x31;
    private static final int UNIX_PATH_LENGTH = 108;
    private static final int TLV_HEADER_LENGTH = 3;
    private static final int TLV_CRC32C = 0x03;

    private final int maxLength;
    private ProxySource source = ProxySource.UNKNOWN;
    private InetAddress address;
    private int port;
    private String unixPath = "";
    private String fault = "";

    /** @param maxLength bytes of the longest preface of version 2, header included. */
    public ProxyDecoder(final int maxLength) {
        this.maxLength = maxLength;
    }

    /**
     * Reads a preface, which begins at the offset.
     *
     * @param length of what is there, which may be less or more than a preface.
     * @return bytes of the preface, or {@link #INCOMPLETE}, or {@link #MALFORMED}.
     */
    public int decode(final DirectBuffer buffer, final int offset, final int length) {
        if (length == 0) {
            return INCOMPLETE;
        }
        final boolean isText = buffer.getByte(offset) == V1_START[0];
        final byte[] start = isText ? V1_START : V2_START;
        for (int i = 0; i < Math.min(length, start.length); i++) {
            if (buffer.getByte(offset + i) != start[i]) {
                return malformed("no preface of the PROXY protocol");
            }
        }
        return isText ? decodeText(buffer, offset, length) : decodeBinary(buffer, offset, length);
    }

    private int decodeText(final DirectBuffer buffer, final int offset, final int length) {
        final int end = Math.min(length, V1_MAX_LENGTH);
        for (int i = V1_START.length; i < end; i++) {
            final byte b = buffer.getByte(offset + i);
            if (b == '\r') {
                return endOfText(buffer, offset, length, i);
            }
            if (b < ' ' || b > '~') {
                return malformed("a character in the preface that is no printable ASCII");
            }
        }
        return length < V1_MAX_LENGTH
                ? INCOMPLETE
                : malformed("no end of the preface within " + V1_MAX_LENGTH + " bytes");
    }

    private int endOfText(final DirectBuffer buffer, final int offset, final int length, final int at) {
        if (at + 2 > V1_MAX_LENGTH) {
            return malformed("no end of the preface within " + V1_MAX_LENGTH + " bytes");
        }
        if (at + 1 == length) {
            return INCOMPLETE;
        }
        if (buffer.getByte(offset + at + 1) != '\n') {
            return malformed("a carriage return in the preface without a line feed");
        }
        final String line = buffer.getStringWithoutLengthAscii(offset + V1_START.length, at - V1_START.length);
        return line(line) ? at + 2 : MALFORMED;
    }

    private boolean line(final String line) {
        final String[] parts = line.split(" ", -1);
        switch (parts[0]) {
            case "UNKNOWN":
                // What follows is to be ignored, whatever it is.
                come(ProxySource.UNKNOWN, null, 0, "");
                return true;
            case "TCP4", "TCP6":
                return parts.length == 5
                        ? addresses(parts, parts[0].equals("TCP6"))
                        : refused("not four values behind " + parts[0]);
            default:
                return refused("an unknown family '" + parts[0] + "', expected TCP4, TCP6 or UNKNOWN");
        }
    }

    private boolean addresses(final String[] parts, final boolean isV6) {
        final InetAddress from = address(parts[1], isV6);
        final int fromPort = port(parts[3]);
        if (from == null || address(parts[2], isV6) == null) {
            return refused("an address that is none of " + parts[0]);
        }
        if (fromPort < 0 || port(parts[4]) < 0) {
            return refused("a port that is none");
        }
        come(ProxySource.INTERNET, from, fromPort, "");
        return true;
    }

    private static InetAddress address(final String text, final boolean isV6) {
        return (text.indexOf(':') >= 0) == isV6 ? IpAddress.parse(text) : null;
    }

    private static int port(final String text) {
        final boolean isNumber = text.matches("0|[1-9][0-9]{0,4}");
        final int number = isNumber ? Integer.parseInt(text) : -1;
        return number <= 0xFFFF ? number : -1;
    }

    private int decodeBinary(final DirectBuffer buffer, final int offset, final int length) {
        if (length <= V2_START.length) {
            return INCOMPLETE;
        }
        final int command = buffer.getByte(offset + 12) & 0xFF;
        if (command != V2_COMMAND_LOCAL && command != V2_COMMAND_PROXY) {
            return malformed("an unknown version or command 0x" + Integer.toHexString(command));
        }
        if (length < V2_HEADER_LENGTH) {
            return INCOMPLETE;
        }
        final int total = V2_HEADER_LENGTH + u16(buffer, offset + 14);
        if (total > maxLength) {
            return malformed("a preface of " + total + " bytes; " + maxLength + " are taken");
        }
        if (length < total) {
            return INCOMPLETE;
        }
        if (command == V2_COMMAND_LOCAL) {
            // Family and addresses are to be ignored.
            come(ProxySource.PROXY, null, 0, "");
            return total;
        }
        return proxied(buffer, offset, total) ? total : MALFORMED;
    }

    private boolean proxied(final DirectBuffer buffer, final int offset, final int total) {
        final int family = buffer.getByte(offset + 13) & 0xFF;
        final int addressesLength = switch (family) {
            case V2_UNSPECIFIED -> 0;
            case V2_TCP4 -> 12;
            case V2_TCP6 -> 36;
            case V2_UNIX_STREAM -> 2 * UNIX_PATH_LENGTH;
            default -> -1;
        };
        final int at = offset + V2_HEADER_LENGTH;
        if (addressesLength < 0) {
            return refused("a family or transport 0x" + Integer.toHexString(family) + " that isn't ours");
        }
        if (total < V2_HEADER_LENGTH + addressesLength) {
            return refused("too short for its addresses");
        }
        if (family != V2_UNSPECIFIED && !valuesFit(buffer, offset, total, V2_HEADER_LENGTH + addressesLength)) {
            return false;
        }
        switch (family) {
            case V2_TCP4 -> come(ProxySource.INTERNET, address(buffer, at, 4), u16(buffer, at + 8), "");
            case V2_TCP6 -> come(ProxySource.INTERNET, address(buffer, at, 16), u16(buffer, at + 32), "");
            case V2_UNIX_STREAM -> come(ProxySource.UNIX, null, 0, path(buffer, at));
            default -> come(ProxySource.UNKNOWN, null, 0, "");
        }
        return true;
    }

    /** Whether the values behind the addresses end where the preface does, and the sum is right if there is one. */
    private boolean valuesFit(final DirectBuffer buffer, final int offset, final int total, final int start) {
        int at = start;
        while (total - at >= TLV_HEADER_LENGTH) {
            final int type = buffer.getByte(offset + at) & 0xFF;
            final int length = u16(buffer, offset + at + 1);
            final int value = at + TLV_HEADER_LENGTH;
            at = value + length;
            if (type == TLV_CRC32C && at <= total && (length != 4 || !sumIsRight(buffer, offset, total, value))) {
                return refused("its sum is wrong");
            }
        }
        return at == total || refused("values that don't end with the preface");
    }

    private static boolean sumIsRight(
            final DirectBuffer buffer, final int offset, final int total, final int valueOffset) {
        final byte[] bytes = new byte[total];
        buffer.getBytes(offset, bytes);
        for (int i = 0; i < 4; i++) {
            bytes[valueOffset + i] = 0;
        }
        final CRC32C sum = new CRC32C();
        sum.update(bytes);
        return (int) sum.getValue() == buffer.getInt(offset + valueOffset, ByteOrder.BIG_ENDIAN);
    }

    private static InetAddress address(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (final UnknownHostException ex) {
            throw new IllegalArgumentException(ex);
        }
    }

    /** Up to the first zero byte; what can't be shown is shown as a question mark. */
    private static String path(final DirectBuffer buffer, final int offset) {
        final StringBuilder path = new StringBuilder();
        for (int i = 0; i < UNIX_PATH_LENGTH && buffer.getByte(offset + i) != 0; i++) {
            final byte b = buffer.getByte(offset + i);
            path.append(b >= ' ' && b <= '~' ? (char) b : '?');
        }
        return path.toString();
    }

    private static int u16(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    private void come(final ProxySource from, final InetAddress fromAddress, final int fromPort, final String path) {
        source = from;
        address = fromAddress;
        port = fromPort;
        unixPath = path;
    }

    private int malformed(final String what) {
        fault = what;
        return MALFORMED;
    }

    private boolean refused(final String what) {
        fault = what;
        return false;
    }

    /** Of the last preface. */
    public ProxySource source() {
        return source;
    }

    /** Where the client is, with {@link ProxySource#INTERNET}; else null. */
    public InetAddress address() {
        return address;
    }

    /** Its port, with {@link ProxySource#INTERNET}. */
    public int port() {
        return port;
    }

    /** Path of the client's socket, with {@link ProxySource#UNIX}; most clients' have none. */
    public String unixPath() {
        return unixPath;
    }

    /** What was wrong, for the operator, after {@link #MALFORMED}. */
    public String fault() {
        return fault;
    }
}
