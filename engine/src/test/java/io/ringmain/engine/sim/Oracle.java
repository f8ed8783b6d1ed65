package io.ringmain.engine.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ringmain.engine.event.AckBatchEvent;
import io.ringmain.engine.event.ConnectEvent;
import io.ringmain.engine.event.DisconnectEvent;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.MessageView;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.engine.event.SubscribeEvent;
import io.ringmain.protocol.TopicFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A broker in its simplest form: fed with the log, it says which QoS 1 and 2 messages each session must get, in which
 * order. No windows, no queues, no positions, no indexes; where it and the core differ, one of them is wrong.
 */
final class Oracle {
    /** What a session must get. */
    record Delivery(String topic, String payload, int qos) {}

    private record Will(String topic, String payload, int qos, boolean retain) {}

    /** A session from its start to its end; a client id may have several, one after the other. */
    static final class Session {
        final List<Delivery> expected = new ArrayList<>();
        final Map<String, Integer> filters = new LinkedHashMap<>();
        private final Set<Integer> inboundIds = new HashSet<>();
        private long connectionId;
        private boolean endsWithConnection;
        private Will will;
        private String owner;
    }

    private static final String REPLAY = "$replay/@0/";

    private final Map<String, List<Session>> sessions = new TreeMap<>();
    private final Map<Long, String> clientByConnection = new HashMap<>();
    private final Map<String, String> retained = new TreeMap<>();
    private final List<Delivery> history = new ArrayList<>();
    private final ConnectEvent connect = new ConnectEvent();
    private final SubscribeEvent subscribe = new SubscribeEvent();
    private final AckBatchEvent acks = new AckBatchEvent();
    private final PublishEvent publish = new PublishEvent();
    private final MessageView message = new MessageView();

    /** All sessions that this client id ever had, oldest first. */
    List<Session> sessionsOf(final String clientId) {
        return sessions.getOrDefault(clientId, List.of());
    }

    /** Payload by topic. */
    Map<String, String> retained() {
        return retained;
    }

    boolean onRecord(final long position, final DirectBuffer buffer, final int offset, final int length) {
        switch (EventHeader.type(buffer, offset)) {
            case EventType.BROKER_STARTED ->
                List.copyOf(clientByConnection.keySet()).stream()
                        .sorted()
                        .forEach(connectionId -> connectionEnded(connectionId, true));
            case EventType.CONNECT -> onConnect(buffer, offset);
            case EventType.SUBSCRIBE -> onSubscribe(buffer, offset);
            case EventType.UNSUBSCRIBE -> onUnsubscribe(buffer, offset);
            case EventType.PUBLISH -> onPublish(buffer, offset);
            case EventType.ACK_BATCH -> onAcks(buffer, offset);
            case EventType.DISCONNECT ->
                connectionEnded(
                        EventHeader.connectionId(buffer, offset), DisconnectEvent.reasonCode(buffer, offset) != 0);
            case EventType.CONNECTION_LOST -> connectionEnded(EventHeader.connectionId(buffer, offset), true);
            case EventType.WILL_DENIED -> onWillDenied(EventHeader.connectionId(buffer, offset));
            default -> {}
        }
        return true;
    }

    private void onConnect(final DirectBuffer buffer, final int offset) {
        connect.wrap(buffer, offset);
        final String clientId = string(buffer, connect.clientIdOffset(), connect.clientIdLength());
        final List<Session> history = sessions.computeIfAbsent(clientId, id -> new ArrayList<>());
        final String user = string(buffer, connect.usernameOffset(), connect.usernameLength());
        final Session previous = live(clientId);
        if (previous != null && !user.equals(previous.owner)) {
            return;
        }
        if (previous != null && previous.connectionId != 0) {
            connectionEnded(previous.connectionId, true);
        }
        Session session = live(clientId);
        if (session == null || connect.isCleanStart()) {
            session = new Session();
            history.add(session);
        }
        session.owner = user;
        session.connectionId = connect.connectionId();
        session.endsWithConnection = connect.sessionExpirySeconds() == 0;
        session.will = null;
        if (connect.hasWill()) {
            message.wrap(buffer, offset);
            session.will = new Will(topic(), payload(), message.qos(), message.isRetain());
        }
        clientByConnection.put(connect.connectionId(), clientId);
    }

    private void connectionEnded(final long connectionId, final boolean publishWill) {
        final String clientId = clientByConnection.remove(connectionId);
        if (clientId == null) {
            return;
        }
        final List<Session> history = sessions.get(clientId);
        final Session session = history.get(history.size() - 1);
        session.connectionId = 0;
        final Will will = session.will;
        session.will = null;
        if (session.endsWithConnection) {
            session.filters.clear();
            history.add(null);
        }
        if (will != null && publishWill) {
            route(null, will.topic, will.payload, will.qos, will.retain);
        }
    }

    private void onWillDenied(final long connectionId) {
        final Session session = sessionOf(connectionId);
        if (session != null) {
            session.will = null;
        }
    }

    /** The session that the client id has now, null if none. */
    private Session live(final String clientId) {
        final List<Session> history = sessionsOf(clientId);
        return history.isEmpty() ? null : history.get(history.size() - 1);
    }

    private Session sessionOf(final long connectionId) {
        final String clientId = clientByConnection.get(connectionId);
        return clientId == null ? null : live(clientId);
    }

    private void onSubscribe(final DirectBuffer buffer, final int offset) {
        subscribe.wrap(buffer, offset);
        final Session session = sessionOf(subscribe.connectionId());
        while (session != null && subscribe.next()) {
            if (subscribe.verdict() == 0) {
                final String filter = string(buffer, subscribe.filterOffset(), subscribe.filterLength());
                session.filters.put(filter, subscribe.options());
                travel(session, filter, subscribe.options() & 3);
            }
        }
    }

    /** What was said before comes to whoever subscribes to it by {@code $replay/@0/}. */
    private void travel(final Session session, final String filter, final int granted) {
        for (final Delivery said : history) {
            if (filter.startsWith(REPLAY) && matches(filter.substring(REPLAY.length()), said.topic())) {
                session.expected.add(new Delivery(said.topic(), said.payload(), Math.min(granted, said.qos())));
            }
        }
    }

    private void onUnsubscribe(final DirectBuffer buffer, final int offset) {
        subscribe.wrap(buffer, offset);
        final Session session = sessionOf(subscribe.connectionId());
        while (session != null && subscribe.next()) {
            session.filters.remove(string(buffer, subscribe.filterOffset(), subscribe.filterLength()));
        }
    }

    private void onPublish(final DirectBuffer buffer, final int offset) {
        publish.wrap(buffer, offset);
        final Session from = sessionOf(publish.connectionId());
        if (from == null || publish.reasonCode() != 0) {
            return;
        }
        if (publish.qos() == 2 && !from.inboundIds.add(publish.packetId())) {
            return;
        }
        message.wrap(buffer, offset);
        route(from, topic(), payload(), message.qos(), message.isRetain());
    }

    private void onAcks(final DirectBuffer buffer, final int offset) {
        acks.wrap(buffer, offset);
        final Session session = sessionOf(acks.connectionId());
        for (int i = 0; session != null && i < acks.count(); i++) {
            if (acks.packetType(i) == 6) {
                session.inboundIds.remove(acks.packetId(i));
            }
        }
    }

    private void route(
            final Session from, final String topic, final String payload, final int qos, final boolean retain) {
        if (retain && payload.isEmpty()) {
            retained.remove(topic);
        } else if (retain) {
            retained.put(topic, payload);
        }
        if (qos > 0) {
            history.add(new Delivery(topic, payload, qos));
        }
        for (final List<Session> all : sessions.values()) {
            final Session session = all.get(all.size() - 1);
            final int granted = session == null ? -1 : grantedQos(session, from, topic);
            if (Math.min(qos, granted) > 0) {
                session.expected.add(new Delivery(topic, payload, Math.min(qos, granted)));
            }
        }
    }

    private static int grantedQos(final Session session, final Session from, final String topic) {
        int granted = -1;
        for (final Map.Entry<String, Integer> entry : session.filters.entrySet()) {
            final boolean noLocal = (entry.getValue() & 4) != 0 && session == from;
            if (!noLocal && !entry.getKey().startsWith("$share/") && matches(plain(entry.getKey()), topic)) {
                granted = Math.max(granted, entry.getValue() & 3);
            }
        }
        return granted;
    }

    private static String plain(final String filter) {
        return filter.startsWith(REPLAY) ? filter.substring(REPLAY.length()) : filter;
    }

    private static boolean matches(final String filter, final String topic) {
        final UnsafeBuffer filterBytes = new UnsafeBuffer(filter.getBytes(UTF_8));
        final UnsafeBuffer topicBytes = new UnsafeBuffer(topic.getBytes(UTF_8));
        return TopicFilter.matches(filterBytes, 0, filterBytes.capacity(), topicBytes, 0, topicBytes.capacity());
    }

    private String topic() {
        return string(message.buffer(), message.topicOffset(), message.topicLength());
    }

    private String payload() {
        return string(message.buffer(), message.payloadOffset(), message.payloadLength());
    }

    private static String string(final DirectBuffer buffer, final int offset, final int length) {
        return buffer.getStringWithoutLengthUtf8(offset, length);
    }
}
