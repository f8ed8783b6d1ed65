package io.ringmain.ops.log;

import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.MessageView;
import io.ringmain.engine.event.NoteEvent;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.storage.log.LogReader;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A record of the log as tools look at it: who, when, and the message if there is one, wherever it lies. It wraps the
 * record where it is; {@link #copy} makes one that lasts.
 */
final class LogRecord {
    /** {@link #notTakenReason()} of what the broker took. */
    static final int TAKEN = -1;

    private final Origin origin = new Origin();
    private final PublishEvent publish = new PublishEvent();
    private final MessageView view = new MessageView();
    private final NoteEvent note = new NoteEvent();

    private DirectBuffer buffer;
    private int offset;
    private RecordType type;
    private DirectBuffer message;
    private DirectBuffer topicBuffer;
    private int topicOffset;
    private int topicLength;
    private int propertiesOffset;
    private int propertiesLength;
    private int payloadOffset;
    private int payloadLength;
    private boolean headersOnly;
    private int qos;
    private boolean retain;
    private boolean dup;
    private long expirySeconds;
    private int notTakenReason;

    /** Wraps a record, its header at the given offset. Of a will only topic and client are known until {@link #findWill}. */
    LogRecord wrap(final DirectBuffer buffer, final int offset) {
        this.buffer = buffer;
        this.offset = offset;
        type = RecordType.of(EventHeader.type(buffer, offset));
        message = null;
        topicBuffer = null;
        notTakenReason = TAKEN;
        origin.wrap(buffer, offset);
        if (type == RecordType.PUBLISH) {
            wrapPublish();
        } else if (type == RecordType.WILL) {
            note.wrap(buffer, offset);
            topic(buffer, note.topicOffset(), note.topicLength());
        }
        return this;
    }

    private void wrapPublish() {
        publish.wrap(buffer, offset);
        message = buffer;
        topic(buffer, publish.topicOffset(), publish.topicLength());
        headersOnly = EventHeader.type(buffer, offset) == EventType.PUBLISH_HEADERS;
        propertiesOffset = publish.propertiesOffset();
        propertiesLength = headersOnly ? 0 : publish.propertiesLength();
        payloadOffset = publish.payloadOffset();
        payloadLength = publish.payloadLength();
        qos = publish.qos();
        retain = publish.isRetain();
        dup = publish.isDup();
        expirySeconds = publish.hasExpiry() ? publish.expirySeconds() : -1;
    }

    private void topic(final DirectBuffer holder, final int at, final int length) {
        topicBuffer = holder;
        topicOffset = at;
        topicLength = length;
    }

    /** Reads the message of a will, and who it is of, from the CONNECT; the log may not have that any more. */
    void findWill(final LogReader reader) {
        if (type == RecordType.WILL && message == null) {
            reader.read(NoteEvent.message(buffer, offset), (position, connect, at, length) -> {
                if (EventHeader.type(connect, at) == EventType.CONNECT) {
                    wrapWill(copyOf(connect, at));
                }
                return false;
            });
        }
    }

    private void wrapWill(final DirectBuffer connect) {
        view.wrap(connect, 0);
        origin.wrap(connect, 0);
        message = connect;
        topic(connect, view.topicOffset(), view.topicLength());
        propertiesOffset = view.propertiesOffset();
        propertiesLength = view.propertiesLength();
        payloadOffset = view.payloadOffset();
        payloadLength = view.payloadLength();
        headersOnly = false;
        qos = view.qos();
        retain = view.isRetain();
        dup = false;
        expirySeconds = view.hasExpiry() ? view.expirySeconds() : -1;
    }

    private static UnsafeBuffer copyOf(final DirectBuffer buffer, final int offset) {
        final byte[] bytes = new byte[EventHeader.length(buffer, offset)];
        buffer.getBytes(offset, bytes);
        return new UnsafeBuffer(bytes);
    }

    /** The same record in memory of its own. */
    LogRecord copy() {
        final LogRecord copy = new LogRecord().wrap(copyOf(buffer, offset), 0);
        if (type == RecordType.WILL && message != null) {
            copy.wrapWill(message);
        }
        copy.notTakenReason = notTakenReason;
        return copy;
    }

    LogRecord notTaken(final int reasonCode) {
        notTakenReason = reasonCode;
        return this;
    }

    DirectBuffer buffer() {
        return buffer;
    }

    /** Of the record's header in {@link #buffer()}. */
    int offset() {
        return offset;
    }

    RecordType type() {
        return type;
    }

    int eventType() {
        return EventHeader.type(buffer, offset);
    }

    long position() {
        return EventHeader.position(buffer, offset);
    }

    long timestampNs() {
        return EventHeader.timestampNs(buffer, offset);
    }

    /** Bytes in the log, with the header and without padding. */
    int length() {
        return EventHeader.length(buffer, offset);
    }

    long connectionId() {
        return EventHeader.connectionId(buffer, offset);
    }

    /** Who it is of; {@link Origin#isPresent()} is false for what comes from the broker itself. */
    Origin origin() {
        return origin;
    }

    /** Whose it is, null for what comes from the broker itself. */
    String client() {
        if (origin.isPresent()) {
            return origin.clientId();
        }
        return type == RecordType.WILL
                ? buffer.getStringWithoutLengthUtf8(note.clientIdOffset(), note.clientIdLength())
                : null;
    }

    /** Whether QoS and so on mean something. */
    boolean hasMessage() {
        return message != null;
    }

    /** Whether the payload was recorded too. */
    boolean hasPayload() {
        return message != null && !headersOnly;
    }

    /** Holds properties and payload: {@link #buffer()}, or for a will a copy of the CONNECT. */
    DirectBuffer message() {
        return message;
    }

    boolean hasTopic() {
        return topicBuffer != null;
    }

    /** Holds the topic. */
    DirectBuffer topicBuffer() {
        return topicBuffer;
    }

    int topicOffset() {
        return topicOffset;
    }

    int topicLength() {
        return topicLength;
    }

    String topic() {
        return topicBuffer == null ? null : topicBuffer.getStringWithoutLengthUtf8(topicOffset, topicLength);
    }

    /** MQTT 5 properties as on the wire, without what the broker took out: see {@link PublishEvent}. */
    int propertiesOffset() {
        return propertiesOffset;
    }

    int propertiesLength() {
        return propertiesLength;
    }

    int payloadOffset() {
        return payloadOffset;
    }

    /** Of the payload, also when it wasn't recorded. */
    int payloadLength() {
        return payloadLength;
    }

    int qos() {
        return qos;
    }

    boolean isRetain() {
        return retain;
    }

    boolean isDup() {
        return dup;
    }

    /** Message expiry interval, -1 without one. */
    long expirySeconds() {
        return expirySeconds;
    }

    /** MQTT reason code for which the broker logged this message but didn't take it, or {@link #TAKEN}. */
    int notTakenReason() {
        return notTakenReason;
    }

    boolean isTaken() {
        return notTakenReason == TAKEN;
    }
}
