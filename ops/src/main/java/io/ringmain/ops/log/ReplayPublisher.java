package io.ringmain.ops.log;

import io.ringmain.engine.event.ConnectEvent;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.engine.event.Stamp;
import io.ringmain.ops.client.MqttClient;
import io.ringmain.ops.client.PublishParts;
import io.ringmain.protocol.ProtocolVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/** Publishes recorded messages again, one after the other, each when it is due. */
final class ReplayPublisher {
    private static final int MAX_TOPIC_LENGTH = 0xFFFF;
    private static final int RETAIN = 1;

    private final MqttClient client;
    private final ReplaySpeed speed;
    private final boolean keepRetain;
    private final byte[] prefix;
    private final UnsafeBuffer topic = new UnsafeBuffer(new byte[2 * MAX_TOPIC_LENGTH]);
    private final PublishParts parts = new PublishParts();
    private final PublishEvent publish = new PublishEvent();
    private final ConnectEvent connect = new ConnectEvent();
    private long firstRecordedNs;
    private long startNs;
    private long published;
    private long withoutContent;
    private long tooLarge;

    /**
     * @param prefix that goes before each topic.
     * @param keepRetain whether what was retained is retained again.
     */
    ReplayPublisher(final MqttClient client, final ReplaySpeed speed, final String prefix, final boolean keepRetain) {
        this.client = client;
        this.speed = speed;
        this.keepRetain = keepRetain;
        this.prefix = prefix.getBytes(StandardCharsets.UTF_8);
        topic.putBytes(0, this.prefix);
    }

    /** Publishes a message with the QoS that it had, or says why not in a count; what was not taken, not at all. */
    void publish(final LogRecord record) throws IOException {
        if (!record.isTaken()) {
            return;
        }
        if (!record.hasPayload()) {
            withoutContent++;
            return;
        }
        awaitDue(record.timestampNs());
        final int topicLength = prefix.length + record.topicLength();
        topic.putBytes(prefix.length, record.topicBuffer(), record.topicOffset(), record.topicLength());
        parts.topic(topic, 0, topicLength)
                .properties(
                        record.message(), record.propertiesOffset(), record.propertiesLength() - stampLength(record))
                .expirySeconds(record.expirySeconds())
                .payload(record.message(), record.payloadOffset(), record.payloadLength());
        final boolean retain = keepRetain && record.isRetain();
        final int flags = record.qos() << 1 | (retain ? RETAIN : 0);
        if (topicLength > MAX_TOPIC_LENGTH
                || parts.packetLength(ProtocolVersion.V5, flags) > client.maximumPacketSize()) {
            tooLarge++;
            return;
        }
        client.queue(parts, record.qos(), retain);
        published++;
    }

    /** Properties that the broker has put behind those of the client, and that a client may not send. */
    private int stampLength(final LogRecord record) {
        final boolean isStamped = record.type() == RecordType.WILL
                ? connect.wrap(record.message(), 0).isWillStamped()
                : publish.wrap(record.buffer(), record.offset()).isStamped();
        final Origin origin = record.origin();
        return isStamped ? Stamp.length(origin.clientIdLength(), origin.usernameLength()) : 0;
    }

    private void awaitDue(final long recordedNs) throws IOException {
        if (published == 0) {
            firstRecordedNs = recordedNs;
            startNs = System.nanoTime();
        }
        if (speed.isMax()) {
            return;
        }
        final long dueNs = startNs + speed.dueNs(recordedNs - firstRecordedNs);
        long leftMs = TimeUnit.NANOSECONDS.toMillis(dueNs - System.nanoTime());
        while (leftMs > 0) {
            client.await(leftMs);
            leftMs = TimeUnit.NANOSECONDS.toMillis(dueNs - System.nanoTime());
        }
    }

    /** Messages that were sent. */
    long published() {
        return published;
    }

    /** Messages of which the content was not recorded. */
    long withoutContent() {
        return withoutContent;
    }

    /** Messages that are larger than the broker takes, or whose topic is too long with the prefix. */
    long tooLarge() {
        return tooLarge;
    }
}
