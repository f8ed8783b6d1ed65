package io.ringmain.protocol;

import org.agrona.DirectBuffer;

/** Topic filters: what a subscription asks for. Offsets and lengths are of UTF-8 bytes that are known well-formed. */
public final class TopicFilter {
    private static final byte[] SHARE = {'$', 's', 'h', 'a', 'r', 'e', '/'};
    private static final byte[] REPLAY = {'$', 'r', 'e', 'p', 'l', 'a', 'y', '/'};

    private TopicFilter() {}

    /**
     * True for a filter of correct syntax: not empty, {@code +} alone on its level, {@code #} alone on the last. A
     * shared filter needs a share name without wildcards and a filter behind it (MQTT 5, section 4.8.2).
     */
    public static boolean validate(final DirectBuffer buffer, final int offset, final int length) {
        if (!isShared(buffer, offset, length)) {
            return validatePlain(buffer, offset, length);
        }
        final int limit = offset + length;
        int i = offset + SHARE.length;
        while (i < limit && buffer.getByte(i) != '/') {
            final byte b = buffer.getByte(i++);
            if (b == '+' || b == '#') {
                return false;
            }
        }
        final boolean hasName = i > offset + SHARE.length;
        return hasName && i < limit && validatePlain(buffer, i + 1, limit - i - 1);
    }

    private static boolean validatePlain(final DirectBuffer buffer, final int offset, final int length) {
        final int limit = offset + length;
        for (int i = offset; i < limit; i++) {
            final byte b = buffer.getByte(i);
            if (b == 0) {
                return false;
            }
            if (b == '+' || b == '#') {
                final boolean startsLevel = i == offset || buffer.getByte(i - 1) == '/';
                final boolean endsFilter = i == limit - 1;
                final boolean endsLevel = endsFilter || (b == '+' && buffer.getByte(i + 1) == '/');
                if (!startsLevel || !endsLevel) {
                    return false;
                }
            }
        }
        return length > 0;
    }

    /** True if the filter has a {@code +} or a {@code #}. */
    public static boolean hasWildcard(final DirectBuffer buffer, final int offset, final int length) {
        for (int i = offset; i < offset + length; i++) {
            final byte b = buffer.getByte(i);
            if (b == '+' || b == '#') {
                return true;
            }
        }
        return false;
    }

    /** True if the filter starts with {@code $share/}. */
    public static boolean isShared(final DirectBuffer buffer, final int offset, final int length) {
        return startsWith(SHARE, buffer, offset, length);
    }

    /**
     * True if the filter starts with {@code $replay/}: behind it come a place in the log, {@code /}, and the filter of
     * what was recorded from there on.
     */
    public static boolean isReplay(final DirectBuffer buffer, final int offset, final int length) {
        return startsWith(REPLAY, buffer, offset, length);
    }

    private static boolean startsWith(
            final byte[] prefix, final DirectBuffer buffer, final int offset, final int length) {
        if (length < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (buffer.getByte(offset + i) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /** Where the place in the log of a replay filter starts; it ends before the next {@code /}. */
    public static int replayPlaceOffset(final int offset) {
        return offset + REPLAY.length;
    }

    /**
     * Where the filter behind {@code $share/name/} of a valid shared filter, or behind {@code $replay/place/} of a
     * replay filter, starts: one behind the end if there is none.
     */
    public static int unsharedOffset(final DirectBuffer buffer, final int offset, final int length) {
        int i = offset + (isReplay(buffer, offset, length) ? REPLAY.length : SHARE.length);
        while (i < offset + length && buffer.getByte(i) != '/') {
            i++;
        }
        return i + 1;
    }

    /** Length of the filter behind {@code $share/name/}. */
    public static int unsharedLength(final DirectBuffer buffer, final int offset, final int length) {
        return offset + length - unsharedOffset(buffer, offset, length);
    }

    /**
     * True if a valid, unshared filter matches a valid name. Level by level, without an index: for tools and tests.
     * Names that start with {@code $} are not matched by a wildcard on the first level (MQTT 5, section 4.7.2).
     */
    public static boolean matches(
            final DirectBuffer filter,
            final int filterOffset,
            final int filterLength,
            final DirectBuffer topic,
            final int topicOffset,
            final int topicLength) {
        final int filterLimit = filterOffset + filterLength;
        final int topicLimit = topicOffset + topicLength;
        final byte first = filter.getByte(filterOffset);
        if (topic.getByte(topicOffset) == '$' && (first == '+' || first == '#')) {
            return false;
        }
        int f = filterOffset;
        int t = topicOffset;
        while (f < filterLimit) {
            final byte b = filter.getByte(f);
            if (b == '#') {
                return true;
            }
            if (b == '+') {
                while (t < topicLimit && topic.getByte(t) != '/') {
                    t++;
                }
                f++;
            } else if (t < topicLimit && topic.getByte(t) == b) {
                f++;
                t++;
            } else {
                return t == topicLimit && isParentOfAll(filter, f, filterLimit);
            }
        }
        return t == topicLimit;
    }

    /** What is left of the filter is {@code /#}, which matches the parent level too. */
    private static boolean isParentOfAll(final DirectBuffer filter, final int offset, final int limit) {
        return limit - offset == 2 && filter.getByte(offset) == '/' && filter.getByte(offset + 1) == '#';
    }
}
