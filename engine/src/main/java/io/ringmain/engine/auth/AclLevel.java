package io.ringmain.engine.auth;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * A level of a rule in which {@code %c} or {@code %u} stands for the client's id or user name. What it stands for is
 * compared where it lies; no text is ever made of it that could be read as a filter.
 */
final class AclLevel {
    private static final byte[] CLIENT_ID = {};
    private static final byte[] USER = {};

    private final byte[] text;
    private final byte[][] pieces;
    private final boolean hasClientId;
    private final boolean hasUser;

    /** @param text of the level, with at least one {@code %c} or {@code %u}. */
    AclLevel(final byte[] text) {
        this.text = text;
        final List<byte[]> found = new ArrayList<>();
        int start = 0;
        for (int i = 0; i + 1 < text.length; i++) {
            if (text[i] == '%' && (text[i + 1] == 'c' || text[i + 1] == 'u')) {
                if (i > start) {
                    found.add(Arrays.copyOfRange(text, start, i));
                }
                found.add(text[i + 1] == 'c' ? CLIENT_ID : USER);
                start = ++i + 1;
            }
        }
        if (start < text.length) {
            found.add(Arrays.copyOfRange(text, start, text.length));
        }
        this.pieces = found.toArray(byte[][]::new);
        this.hasClientId = found.contains(CLIENT_ID);
        this.hasUser = found.contains(USER);
    }

    static boolean isIn(final byte[] text) {
        for (int i = 0; i + 1 < text.length; i++) {
            if (text[i] == '%' && (text[i + 1] == 'c' || text[i + 1] == 'u')) {
                return true;
            }
        }
        return false;
    }

    boolean hasText(final byte[] other) {
        return Arrays.equals(text, other);
    }

    /** Whether the rule means anything for this client: one without a user name is none that {@code %u} speaks of. */
    boolean appliesTo(final AclSubject subject) {
        return subject.hasUser || !hasUser;
    }

    /** Whether what stands for the variables is one level, and no wildcard. */
    boolean isPlainFor(final AclSubject subject) {
        return (subject.clientIdIsPlain || !hasClientId) && (subject.userIsPlain || !hasUser);
    }

    /** Whether this is, for a client, the level between two offsets. */
    boolean matches(final AclSubject subject, final DirectBuffer topic, final int start, final int end) {
        int at = start;
        for (final byte[] piece : pieces) {
            final byte[] bytes = piece == CLIENT_ID ? subject.clientId : piece == USER ? subject.user : piece;
            if (end - at < bytes.length || !isAt(topic, at, bytes)) {
                return false;
            }
            at += bytes.length;
        }
        return at == end;
    }

    static boolean isAt(final DirectBuffer topic, final int offset, final byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (topic.getByte(offset + i) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return new String(text, StandardCharsets.UTF_8);
    }
}
