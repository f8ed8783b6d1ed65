package io.ringmain.engine.event;

import org.agrona.DirectBuffer;

/**
 * The application message inside an event: that of a {@link PublishEvent}, or the will of a {@link ConnectEvent}. What
 * a position of a retained message, a queued one or a will leads to.
 */
public final class MessageView {
    private final PublishEvent publish = new PublishEvent();
    private final ConnectEvent connect = new ConnectEvent();
    private DirectBuffer buffer;
    private int offset;
    private int topicOffset;
    private int topicLength;
    private int propertiesOffset;
    private int propertiesLength;
    private int payloadOffset;
    private int payloadLength;
    private int qos;
    private boolean retain;
    private boolean hasExpiry;
    private boolean stamped;
    private long expirySeconds;

    /**
     * Wraps the message of an event.
     *
     * @throws IllegalArgumentException when an event of this type holds no message.
     */
    public MessageView wrap(final DirectBuffer buffer, final int offset) {
        this.buffer = buffer;
        this.offset = offset;
        final int type = EventHeader.type(buffer, offset);
        switch (type) {
            case EventType.PUBLISH -> wrapPublish(offset);
            case EventType.CONNECT -> wrapWill(offset);
            default -> throw new IllegalArgumentException("no message in event type " + EventType.name(type));
        }
        return this;
    }

    private void wrapPublish(final int offset) {
        publish.wrap(buffer, offset);
        topicOffset = publish.topicOffset();
        topicLength = publish.topicLength();
        propertiesOffset = topicOffset + topicLength;
        propertiesLength = publish.propertiesLength();
        payloadOffset = propertiesOffset + propertiesLength;
        payloadLength = publish.payloadLength();
        qos = publish.qos();
        retain = publish.isRetain();
        hasExpiry = publish.hasExpiry();
        expirySeconds = publish.expirySeconds();
        stamped = publish.isStamped();
    }

    private void wrapWill(final int offset) {
        connect.wrap(buffer, offset);
        topicOffset = connect.willTopicOffset();
        topicLength = connect.willTopicLength();
        propertiesOffset = topicOffset + topicLength;
        propertiesLength = connect.willPropertiesLength();
        payloadOffset = propertiesOffset + propertiesLength;
        payloadLength = connect.willPayloadLength();
        qos = connect.willQos();
        retain = connect.isWillRetain();
        hasExpiry = connect.willHasExpiry();
        expirySeconds = connect.willExpirySeconds();
        stamped = connect.isWillStamped();
    }

    public DirectBuffer buffer() {
        return buffer;
    }

    /** Position of the event. */
    public long position() {
        return EventHeader.position(buffer, offset);
    }

    public long timestampNs() {
        return EventHeader.timestampNs(buffer, offset);
    }

    /** Whether the last of the properties are those of the broker: see {@link Stamp}. */
    public boolean isStamped() {
        return stamped;
    }

    public int topicOffset() {
        return topicOffset;
    }

    public int topicLength() {
        return topicLength;
    }

    /** MQTT 5 properties to forward, without their length prefix. */
    public int propertiesOffset() {
        return propertiesOffset;
    }

    public int propertiesLength() {
        return propertiesLength;
    }

    public int payloadOffset() {
        return payloadOffset;
    }

    public int payloadLength() {
        return payloadLength;
    }

    public int qos() {
        return qos;
    }

    public boolean isRetain() {
        return retain;
    }

    public boolean hasExpiry() {
        return hasExpiry;
    }

    public long expirySeconds() {
        return expirySeconds;
    }
}
