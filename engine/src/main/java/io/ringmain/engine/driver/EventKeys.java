package io.ringmain.engine.driver;

import io.ringmain.engine.event.ConnectEvent;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.NoteEvent;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.storage.log.RecordKeys;
import io.ringmain.storage.log.SegmentFilter;
import org.agrona.DirectBuffer;

/**
 * The keys by which a question about events passes segments by: topics with each of their first levels, clients, users.
 * An event that doesn't name its client has no key of it; a question for such events must not ask by client.
 */
public final class EventKeys implements RecordKeys {
    /** To be raised with every change of what {@link #keys} hands over. */
    public static final int VERSION = 1;

    /** A topic name, or its first levels: {@code plant}, {@code plant/line3}, {@code plant/line3/rpm}. */
    public static final int TOPIC = 1;

    public static final int CLIENT = 2;
    public static final int USER = 3;

    /** Of a topic with more levels the first ones alone are keys, so that no record takes long. */
    private static final int MAX_LEVELS = 8;

    private final PublishEvent publish = new PublishEvent();
    private final ConnectEvent connect = new ConnectEvent();
    private final NoteEvent note = new NoteEvent();
    private final Origin origin = new Origin();
    private final int[] levelLengths = new int[MAX_LEVELS];

    @Override
    public int version() {
        return VERSION;
    }

    @Override
    public void keys(final DirectBuffer buffer, final int offset, final int length, final Sink sink) {
        switch (EventHeader.type(buffer, offset)) {
            case EventType.PUBLISH, EventType.PUBLISH_HEADERS -> {
                publish.wrap(buffer, offset);
                topic(buffer, publish.topicOffset(), publish.topicLength(), sink);
            }
            case EventType.CONNECT -> {
                connect.wrap(buffer, offset);
                topic(buffer, connect.willTopicOffset(), connect.willTopicLength(), sink);
            }
            case EventType.WILL_PUBLISHED -> {
                note.wrap(buffer, offset);
                topic(buffer, note.topicOffset(), note.topicLength(), sink);
                key(CLIENT, buffer, note.clientIdOffset(), note.clientIdLength(), sink);
            }
            default -> {}
        }
        if (origin.wrap(buffer, offset).isPresent()) {
            key(CLIENT, buffer, origin.clientIdOffset(), origin.clientIdLength(), sink);
            key(USER, buffer, origin.usernameOffset(), origin.usernameLength(), sink);
        }
    }

    /** The whole name first: where that is known, its first levels are too, and most names come again and again. */
    private void topic(final DirectBuffer buffer, final int offset, final int length, final Sink sink) {
        int levels = 0;
        for (int i = 1; i <= length && levels < MAX_LEVELS; i++) {
            if (i == length || buffer.getByte(offset + i) == '/') {
                levelLengths[levels++] = i;
            }
        }
        boolean known = false;
        while (levels > 0 && !known) {
            known = sink.onKey(TOPIC, buffer, offset, levelLengths[--levels]);
        }
    }

    private static void key(
            final int kind, final DirectBuffer buffer, final int offset, final int length, final Sink sink) {
        if (length > 0) {
            sink.onKey(kind, buffer, offset, length);
        }
    }

    /** A filter of segments to which keys of this version can be added. */
    public static SegmentFilter newFilter() {
        return new SegmentFilter(VERSION);
    }

    /** Adds the levels of a topic filter before its first wildcard, as far as they are keys. */
    public static SegmentFilter addTopicFilter(
            final SegmentFilter segments, final DirectBuffer filter, final int offset, final int length) {
        final int literal = literalLength(filter, offset, length);
        return literal == 0 ? segments : segments.key(TOPIC, filter, offset, literal);
    }

    private static int literalLength(final DirectBuffer filter, final int offset, final int length) {
        int literal = 0;
        int levels = 0;
        for (int i = 0; i <= length && levels < MAX_LEVELS; i++) {
            final byte next = i == length ? (byte) '/' : filter.getByte(offset + i);
            if (next == '+' || next == '#') {
                return literal;
            }
            if (next == '/' && i > 0) {
                literal = i;
                levels++;
            }
        }
        return literal;
    }
}
