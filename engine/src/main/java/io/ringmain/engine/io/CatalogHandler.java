package io.ringmain.engine.io;

import io.ringmain.engine.auth.Permissions;
import io.ringmain.engine.catalog.CatalogAnswer;
import io.ringmain.engine.catalog.CatalogLane;
import io.ringmain.engine.catalog.CatalogRequest;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Answers subscriptions to {@code $catalog/FILTER}: which topics exist. To the core they are subscriptions like any, to
 * which nobody ever publishes. The answer is asked for when the SUBACK goes out, comes from another thread, and is
 * encoded a little at a time whenever the connection has sent what it had: so nothing is dropped, and nobody else waits.
 *
 * <pre>
 *  SUBSCRIBE: room? --- SUBACK: granted? ---> request -> CatalogAgent -> answer ---> as the socket takes it
 * </pre>
 */
final class CatalogHandler {
    private static final byte[] ROOT = "$catalog".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_MESSAGES_PER_SLICE = 512;

    /** What an answer may fill of a connection's bound for unsent bytes; the rest is for what comes live. */
    private static final int SHARE_OF_OUTBOUND = 4;

    private final IoAgent agent;
    private final Counters counters;
    /** Null when there is no catalogue. */
    private final CatalogLane lane;

    private final int maxPerConnection;
    private final CatalogEncoder encoder = new CatalogEncoder();
    private final UnsafeBuffer topic = new UnsafeBuffer(new byte[0]);
    private int underWay;

    CatalogHandler(final IoAgent agent, final IoContext context, final int lane) {
        this.agent = agent;
        this.counters = context.counters;
        this.lane = context.catalogLanes.length == 0 ? null : context.catalogLanes[lane];
        this.maxPerConnection = context.catalogLimits.maxRequestsPerConnection();
    }

    /** Whether a valid filter asks for the catalogue, for itself or for a group. */
    static boolean isCatalog(final DirectBuffer buffer, final int offset, final int length) {
        if (TopicFilter.isShared(buffer, offset, length)) {
            return startsWithRoot(
                    buffer,
                    TopicFilter.unsharedOffset(buffer, offset, length),
                    TopicFilter.unsharedLength(buffer, offset, length));
        }
        return startsWithRoot(buffer, offset, length);
    }

    private static boolean startsWithRoot(final DirectBuffer buffer, final int offset, final int length) {
        for (int i = 0; i < ROOT.length; i++) {
            if (i >= length || buffer.getByte(offset + i) != ROOT[i]) {
                return false;
            }
        }
        return length == ROOT.length || buffer.getByte(offset + ROOT.length) == '/';
    }

    /** The verdict on a filter that asks for the catalogue. */
    int verdict(final Connection connection, final DirectBuffer buffer, final int offset, final int length) {
        if (lane == null) {
            return ReasonCode.NOT_AUTHORIZED;
        }
        if (TopicFilter.isShared(buffer, offset, length)) {
            return ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED;
        }
        if (length <= ROOT.length + 1) {
            return ReasonCode.TOPIC_FILTER_INVALID;
        }
        final int pending = connection.catalogReplies == null ? 0 : connection.catalogReplies.size();
        if (underWay >= lane.capacity() || pending >= maxPerConnection) {
            counters.increment(CounterId.CATALOG_REFUSED);
            return ReasonCode.QUOTA_EXCEEDED;
        }
        return ReasonCode.SUCCESS;
    }

    /** The filter is part of a SUBSCRIBE that is being sequenced. */
    void onSubscribe(
            final Connection connection,
            final int packetId,
            final int filterIndex,
            final int identifier,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        if (connection.catalogReplies == null) {
            connection.catalogReplies = new ArrayDeque<>();
        }
        connection.catalogReplies.add(
                new CatalogReply(packetId, filterIndex, identifier, topics(buffer, offset, length)));
        underWay++;
    }

    /** Where the topics of a filter for the catalogue begin: behind {@code $catalog/}. */
    static int topicsOffset(final int offset) {
        return offset + ROOT.length + 1;
    }

    private static byte[] topics(final DirectBuffer buffer, final int offset, final int length) {
        final int start = topicsOffset(offset);
        final byte[] filter = new byte[offset + length - start];
        buffer.getBytes(start, filter);
        return filter;
    }

    /**
     * The SUBACK goes out: what it grants is asked for.
     *
     * @param position behind the SUBSCRIBE: the answer is to know what comes before.
     */
    void onSuback(
            final Connection connection,
            final int packetId,
            final DirectBuffer codes,
            final int offset,
            final int count,
            final long position) {
        final Iterator<CatalogReply> replies = connection.catalogReplies.iterator();
        while (replies.hasNext()) {
            final CatalogReply reply = replies.next();
            if (reply.request != null || reply.packetId != packetId) {
                continue;
            }
            if (reply.filterIndex < count && !ReasonCode.isError(codes.getByte(offset + reply.filterIndex) & 0xFF)) {
                reply.request = new CatalogRequest(connection.id, connection.access, reply.filter, position);
                lane.request(reply.request);
            } else {
                underWay--;
                replies.remove();
            }
        }
    }

    /** The client doesn't want the rest: nothing more of it is sent (MQTT-3.10.4-2). */
    void onUnsubscribe(final Connection connection, final DirectBuffer buffer, final int offset, final int length) {
        if (!startsWithRoot(buffer, offset, length) || length <= ROOT.length + 1) {
            return;
        }
        final byte[] filter = topics(buffer, offset, length);
        connection.catalogReplies.removeIf(reply -> {
            final boolean same = Arrays.equals(reply.filter, filter);
            if (same) {
                drop(reply);
            }
            return same;
        });
    }

    /** Hands answers that have come to their connections. */
    int takeAnswers() {
        if (lane == null) {
            return 0;
        }
        int count = 0;
        for (CatalogAnswer answer = lane.pollAnswer(); answer != null; answer = lane.pollAnswer()) {
            count++;
            underWay--;
            final Connection connection = agent.connection(answer.request().connectionId());
            final CatalogReply reply = connection == null ? null : find(connection, answer.request());
            if (reply == null) {
                lane.release(answer);
            } else {
                reply.answer = answer;
                start(connection);
            }
        }
        return count;
    }

    private void start(final Connection connection) {
        try {
            agent.pump(connection);
        } catch (final RuntimeException ex) {
            agent.onException(connection, ex);
        }
    }

    private static CatalogReply find(final Connection connection, final CatalogRequest request) {
        if (connection.catalogReplies != null) {
            for (final CatalogReply reply : connection.catalogReplies) {
                if (reply.request == request) {
                    return reply;
                }
            }
        }
        return null;
    }

    /** Encodes as much as there is room for, in bounded slices; the next follows when this one has left. */
    void pump(final Connection connection) {
        final ArrayDeque<CatalogReply> replies = connection.catalogReplies;
        int messages = 0;
        int skipped = 0;
        long payloadBytes = 0;
        while (messages + skipped < MAX_MESSAGES_PER_SLICE && isReady(connection)) {
            final CatalogReply reply = replies.peek();
            if (encodeNext(connection, reply)) {
                messages++;
                payloadBytes += encoder.payloadLength();
            } else {
                skipped++;
            }
            if (reply.next > reply.answer.size()) {
                drop(replies.poll());
            }
        }
        if (messages > 0) {
            counters.add(CounterId.PUBLISH_SENT, messages);
            counters.add(CounterId.PACKETS_SENT, messages);
            counters.add(CounterId.PUBLISH_BYTES_SENT, payloadBytes);
            agent.scheduleFlush(connection);
        } else if (skipped > 0) {
            agent.pumpLater(connection);
        }
        counters.add(CounterId.DROPPED_PACKET_TOO_LARGE, skipped);
        if (replies.isEmpty()) {
            connection.catalogReplies = null;
        }
    }

    private boolean isReady(final Connection connection) {
        final CatalogReply reply = connection.catalogReplies.peek();
        return reply != null
                && reply.answer != null
                && connection.isOpen()
                && !connection.outbound.isDeferring()
                && connection.outbound.unsentBytes() < Math.max(1, agent.outboundBytes() / SHARE_OF_OUTBOUND);
    }

    private boolean encodeNext(final Connection connection, final CatalogReply reply) {
        final CatalogAnswer answer = reply.answer;
        passOverDenied(connection, reply);
        final boolean encoded = reply.next < answer.size()
                ? encoder.encodeTopic(connection, answer, reply, agent.commitPosition())
                : encoder.encodeEnd(connection, answer, reply, agent.commitPosition());
        reply.next++;
        return encoded;
    }

    /** The answer was made by the rights of then. */
    private void passOverDenied(final Connection connection, final CatalogReply reply) {
        final Permissions permissions = connection.access.permissions();
        while (permissions != Permissions.ALL && reply.next < reply.answer.size()) {
            final byte[] name = reply.answer.topic(reply.next);
            topic.wrap(name);
            if (permissions.mayReceive(topic, 0, name.length)) {
                return;
            }
            counters.increment(CounterId.DROPPED_ACL);
            reply.next++;
        }
    }

    /** The connection ends, and with it whatever it has asked for. */
    void forget(final Connection connection) {
        if (connection.catalogReplies != null) {
            connection.catalogReplies.forEach(this::drop);
            connection.catalogReplies = null;
        }
    }

    /** One that was asked for and not answered yet goes on until its answer comes. */
    private void drop(final CatalogReply reply) {
        if (reply.answer != null) {
            lane.release(reply.answer);
        } else if (reply.request == null) {
            underWay--;
        }
    }
}
