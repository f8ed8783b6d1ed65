package io.ringmain.ops.log;

import io.ringmain.engine.event.ConnectEvent;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;

/** Which client a connection belongs to, as far as its CONNECT was read. */
final class ConnectionNames {
    private final Long2ObjectHashMap<String> clients = new Long2ObjectHashMap<>();
    private final ConnectEvent connect = new ConnectEvent();

    /** Learns of a connection; to be called before an event is shown. */
    void before(final DirectBuffer buffer, final int offset) {
        switch (EventHeader.type(buffer, offset)) {
            case EventType.CONNECT -> {
                connect.wrap(buffer, offset);
                clients.put(
                        connect.connectionId(),
                        buffer.getStringWithoutLengthUtf8(connect.clientIdOffset(), connect.clientIdLength()));
            }
            case EventType.BROKER_STARTED -> clients.clear();
            default -> {}
        }
    }

    /** Forgets a connection that has ended; to be called when the event was shown. */
    void after(final DirectBuffer buffer, final int offset) {
        final int type = EventHeader.type(buffer, offset);
        if (type == EventType.DISCONNECT || type == EventType.CONNECTION_LOST) {
            clients.remove(EventHeader.connectionId(buffer, offset));
        }
    }

    /** The client id, null if the connection began before the part of the log that was read. */
    String client(final long connectionId) {
        return clients.get(connectionId);
    }
}
