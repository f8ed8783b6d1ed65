package io.ringmain.protocol.websocket;

import java.util.Locale;
import org.agrona.DirectBuffer;

/**
 * Reads the request that asks for a WebSocket (RFC 6455, section 4.2.1), as strictly as RFC 9112 lets a server be: what
 * two readers could understand differently is refused. Lines end with CR LF and nothing else, no line goes on in the next,
 * no header that must stand once stands twice, there is no body, and nothing comes behind the request before it is
 * answered.
 *
 * <p>One object for each request. Takes it in any pieces, and looks at each byte once.
 */
public final class UpgradeRequest {
    private static final String VERSION = "HTTP/1.1";

    private final int maxBytes;
    private final int maxHeaders;

    /** Where the line begins that isn't complete, and up to where it was looked at. */
    private int lineStart;

    private int scanned;
    private boolean hasRequestLine;
    private int headers;
    private String fault = "";

    private String path = "";
    private String host;
    private String origin;
    private String key;
    private String version;
    private String protocols = "";
    private String forwardedFor = "";
    private boolean wasForwarded;
    private boolean upgrades;
    private boolean connectionUpgrades;

    /**
     * @param maxBytes most bytes of the whole request.
     * @param maxHeaders most header lines.
     */
    public UpgradeRequest(final int maxBytes, final int maxHeaders) {
        this.maxBytes = maxBytes;
        this.maxHeaders = maxHeaders;
    }

    /**
     * Goes on reading. The buffer holds the request from its beginning at each call, and more of it each time.
     *
     * @return {@link UpgradeResult#INCOMPLETE}, {@link UpgradeResult#ACCEPTED} if it is complete and well-formed, or
     *     what is wrong.
     */
    public UpgradeResult read(final DirectBuffer buffer, final int offset, final int length) {
        while (scanned < length) {
            if (scanned == maxBytes) {
                return tooLarge("it is longer than " + maxBytes + " bytes");
            }
            final byte b = buffer.getByte(offset + scanned);
            final boolean afterCr = scanned > lineStart && buffer.getByte(offset + scanned - 1) == '\r';
            if (afterCr != (b == '\n')) {
                return malformed("a line ends with something else than CR LF");
            }
            if (!isText(b) && b != '\r' && b != '\n') {
                return malformed("a control character");
            }
            scanned++;
            if (b == '\n') {
                final UpgradeResult result = line(buffer, offset + lineStart, scanned - lineStart - 2, length);
                lineStart = scanned;
                if (result != UpgradeResult.INCOMPLETE) {
                    return result;
                }
            }
        }
        return UpgradeResult.INCOMPLETE;
    }

    private static boolean isText(final byte b) {
        return b < 0 || b >= ' ' && b != 0x7F || b == '\t';
    }

    private UpgradeResult line(final DirectBuffer buffer, final int start, final int lineLength, final int length) {
        final String line = buffer.getStringWithoutLengthAscii(start, lineLength);
        if (!hasRequestLine) {
            hasRequestLine = true;
            return requestLine(line);
        }
        if (!line.isEmpty()) {
            return header(line);
        }
        if (host == null) {
            return malformed("no Host header");
        }
        return scanned == length ? UpgradeResult.ACCEPTED : malformed("bytes behind it, before it was answered");
    }

    private UpgradeResult requestLine(final String line) {
        final String[] parts = line.split(" ", -1);
        if (parts.length != 3 || !isToken(parts[0]) || !parts[2].equals(VERSION)) {
            return malformed("the first line is not METHOD /path " + VERSION);
        }
        if (!parts[0].equals("GET")) {
            return failed(UpgradeResult.NOT_GET, "its method is not GET");
        }
        if (!parts[1].startsWith("/") || !parts[1].chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            return malformed("the target is no path");
        }
        final int query = parts[1].indexOf('?');
        path = query < 0 ? parts[1] : parts[1].substring(0, query);
        return UpgradeResult.INCOMPLETE;
    }

    private UpgradeResult header(final String line) {
        if (++headers > maxHeaders) {
            return tooLarge("it has more than " + maxHeaders + " headers");
        }
        final int colon = line.indexOf(':');
        if (colon < 0 || !isToken(line.substring(0, colon))) {
            return malformed("header " + headers + " has no name, or is the continuation of another");
        }
        final String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
        final String value = line.substring(colon + 1).strip();
        switch (name) {
            case "host" -> host = once(name, host, value);
            case "origin" -> origin = once(name, origin, value);
            case "sec-websocket-key" -> key = once(name, key, value);
            case "sec-websocket-version" -> version = once(name, version, value);
            case "sec-websocket-protocol" -> protocols = protocols + "," + value;
            case "upgrade" -> upgrades |= hasEntry(value, "websocket");
            case "connection" -> connectionUpgrades |= hasEntry(value, "upgrade");
            case "x-forwarded-for" -> {
                forwardedFor = forwardedFor + "," + value;
                wasForwarded = true;
            }
            case "forwarded", "via", "x-real-ip" -> wasForwarded = true;
            case "content-length" -> noBody(value.equals("0"));
            case "transfer-encoding" -> noBody(false);
            default -> {}
        }
        return fault.isEmpty() ? UpgradeResult.INCOMPLETE : UpgradeResult.MALFORMED;
    }

    private String once(final String name, final String before, final String value) {
        if (before != null || value.isEmpty()) {
            malformed(before != null ? name + " twice" : name + " is empty");
        }
        return value;
    }

    private void noBody(final boolean isEmpty) {
        if (!isEmpty) {
            malformed("it has a body");
        }
    }

    private static boolean hasEntry(final String list, final String wanted) {
        for (final String entry : list.split(",")) {
            if (entry.strip().equalsIgnoreCase(wanted)) {
                return true;
            }
        }
        return false;
    }

    /** RFC 9110, section 5.6.2. */
    private static boolean isToken(final String text) {
        return !text.isEmpty()
                && text.chars()
                        .allMatch(c -> c >= '0' && c <= '9'
                                || c >= 'A' && c <= 'Z'
                                || c >= 'a' && c <= 'z'
                                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
    }

    private UpgradeResult malformed(final String why) {
        return failed(UpgradeResult.MALFORMED, why);
    }

    private UpgradeResult tooLarge(final String why) {
        return failed(UpgradeResult.HEADER_TOO_LARGE, why);
    }

    private UpgradeResult failed(final UpgradeResult result, final String why) {
        fault = fault.isEmpty() ? why : fault;
        return result;
    }

    /** What is wrong with it, for people; empty if nothing is. Repeats nothing of the request. */
    public String fault() {
        return fault;
    }

    /** The path that is asked for, without the query. */
    public String path() {
        return path;
    }

    /** Null until it came. */
    String host() {
        return host;
    }

    /** The page that a browser asks for; null if it wasn't said. */
    public String origin() {
        return origin;
    }

    String key() {
        return key;
    }

    /** The version of the WebSocket protocol that is asked for. */
    String version() {
        return version;
    }

    /** The sub-protocols that the client offers, with commas between them. */
    String protocols() {
        return protocols;
    }

    boolean asksForUpgrade() {
        return upgrades && connectionUpgrades;
    }

    /** Whether it says of itself that it came through a proxy. */
    public boolean wasForwarded() {
        return wasForwarded;
    }

    /** The addresses in X-Forwarded-For, the one that the nearest proxy has added last, with commas between them. */
    public String forwardedFor() {
        return forwardedFor;
    }
}
