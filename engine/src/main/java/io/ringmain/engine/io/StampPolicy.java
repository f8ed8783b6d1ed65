package io.ringmain.engine.io;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.event.Stamp;
import io.ringmain.protocol.mqtt.Properties;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Which messages get the properties by which subscribers know who published them; and that nobody but the broker writes
 * such properties, whether they are switched on or not.
 */
final class StampPolicy {
    private static final byte[] RESERVED_NAMES = Stamp.NAME_PREFIX.getBytes(US_ASCII);

    private final IoContext context;
    private final TopicFilters filters;
    private final Counters counters;

    StampPolicy(final IoContext context) {
        this.context = context;
        this.filters = new TopicFilters(context.audit.stamp());
        this.counters = context.counters;
    }

    /** Makes the properties of a client that is about to be let in, if its messages may ever get them. */
    void prepare(final Connection connection, final UnsafeBuffer username) {
        connection.stampsAll = context.stampingListeners.contains(connection.listener);
        if (connection.stampsAll || !filters.isEmpty()) {
            final UnsafeBuffer clientId = connection.clientId;
            final int length = Stamp.length(clientId.capacity(), username.capacity());
            connection.stamp = new UnsafeBuffer(new byte[length]);
            Stamp.write(connection.stamp, 0, clientId, username);
        }
    }

    /** The properties for a message of the client, null if it gets none. */
    UnsafeBuffer of(
            final Connection connection, final DirectBuffer topic, final int topicOffset, final int topicLength) {
        final boolean wanted =
                connection.stamp != null && (connection.stampsAll || filters.matches(topic, topicOffset, topicLength));
        return wanted ? connection.stamp : null;
    }

    /** Takes out what a client has written under a name of ours; returns how many properties that was. */
    static int removeForged(final Properties properties) {
        return properties.userPropertyCount() == 0 ? 0 : properties.excludeUserProperties(RESERVED_NAMES);
    }

    void countForged(final int count) {
        if (count > 0) {
            counters.add(CounterId.AUDIT_FORGED_PROPERTIES, count);
        }
    }
}
