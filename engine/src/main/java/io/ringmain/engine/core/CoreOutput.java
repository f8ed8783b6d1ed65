package io.ringmain.engine.core;

import io.ringmain.engine.event.Identifiers;
import org.agrona.DirectBuffer;

/**
 * What the core says to the world; the only way out of it.
 *
 * <p>Every call belongs to the event being handled, and what it says may leave the process only when that event is
 * committed; deliveries with QoS 0 alone leave at once. The order of calls is the order on every connection. A replay
 * plugs in an output that says nothing. Nothing here may fail or block the core for good: the implementation waits for
 * a full lane.
 *
 * <p>{@code lane} is that of the connection's {@code ConnectEvent}; {@code packetType} is the MQTT control packet type;
 * {@code deliveryFlags} are those of {@link io.ringmain.engine.event.DeliveryFlags}.
 */
public interface CoreOutput {
    /** Answers the connection's CONNECT; reason code 0 opens it for traffic, of any other the core has forgotten it. */
    void onConnack(int lane, long connectionId, int reasonCode, boolean sessionPresent);

    /** Sends PUBACK, PUBREC, PUBREL or PUBCOMP. */
    void onAck(int lane, long connectionId, int packetType, int packetId, int reasonCode);

    /** Sends SUBACK with one reason code (MQTT 5; at or above 0x80 a failure) per filter, in order. */
    void onSuback(int lane, long connectionId, int packetId, DirectBuffer reasonCodes, int offset, int count);

    /** Sends UNSUBACK with one reason code per filter, in order. */
    void onUnsuback(int lane, long connectionId, int packetId, DirectBuffer reasonCodes, int offset, int count);

    /** Ends a connection: DISCONNECT with this code to an MQTT 5 client, then close. The core has forgotten it. */
    void onDisconnect(int lane, long connectionId, int reasonCode);

    /**
     * Delivers the message of the event being handled.
     *
     * @param packetId 0 for QoS 0.
     * @param identifiers of the subscriptions that match; not kept after the call.
     */
    void onDeliverLive(int lane, long connectionId, int packetId, int deliveryFlags, Identifiers identifiers);

    /**
     * Delivers a message from the log.
     *
     * @param identifiers of the subscriptions that match; not kept after the call.
     * @param messagePosition position of the event that holds it, see {@link io.ringmain.engine.event.MessageView}.
     * @param messageLength length of that event in bytes.
     * @param expiryDeadlineNs epoch nanoseconds from which on it is not worth sending; 0 for none. What remains is the
     *     message expiry interval on the wire, at least one second: a message that has a packet id goes out in any
     *     case, since the core has begun its delivery and waits for the acknowledgement.
     */
    void onDeliverStored(
            int lane,
            long connectionId,
            int packetId,
            int deliveryFlags,
            Identifiers identifiers,
            long messagePosition,
            int messageLength,
            long expiryDeadlineNs);

    /**
     * Asks for what was recorded, from a position on, for a subscription that travels through the log. What is found
     * comes back in a {@link io.ringmain.engine.event.ReplayBatchEvent}.
     *
     * @param number of the replay.
     * @param askedAt to be repeated in the answer.
     * @param fromPosition where to look; below zero for the place that the filter names.
     * @param toPosition where to stop, below zero for the end of what is committed.
     * @param options of the subscription: a No Local one isn't given what its own client published.
     * @param filter with {@code $replay/place/} before it; not kept after the call.
     */
    void onReplayWanted(
            int lane,
            long connectionId,
            int number,
            long askedAt,
            long fromPosition,
            long toPosition,
            int options,
            DirectBuffer filter);

    /**
     * More messages with QoS 1 and 2 wait for a connection than a quarter of what its queue may hold, and this publisher has
     * just sent another one; or they wait for a shared subscription that the connection stands for. Said of the first
     * message above that and of every sixty-fourth, and of each when it is the bytes that are too many.
     */
    void onBehind(int lane, long connectionId, long publisherId);

    /** So many of them have been taken that nothing is above that any more which the connection stands for. */
    void onCaughtUp(int lane, long connectionId);

    /** The message of a logged event was not taken: it went to nobody, and is no part of what was said on its topic. */
    void onNotTaken(long position, int reasonCode);

    /** A will was published. Topic and client id may be kept: they are never changed. */
    void onWillPublished(long causePosition, long connectPosition, DirectBuffer topic, DirectBuffer clientId);

    /** The log has been told of what {@link #onNotTaken} or {@link #onWillPublished} said of an event. */
    void onNoted(long causePosition);

    /** Something was not delivered or not kept, by policy; counted, never silent. */
    void onDrop(DropReason reason);
}
