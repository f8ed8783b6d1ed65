package io.ringmain.engine.io;

import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.ClientAccess;
import io.ringmain.engine.auth.Credentials;
import io.ringmain.protocol.ProtocolVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.LongHashSet;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One client connection: its channel, the bytes of it that are not a whole packet yet, and what it has to send.
 * Confined to the I/O agent that has adopted it.
 */
public final class Connection {
    private static final byte[] NO_BYTES = new byte[0];
    private static final int DISCARDING_READS = 16;

    final Channel channel;
    final String listener;
    final OutboundQueue outbound;

    ConnectionState state = ConnectionState.AWAITING_CONNECT;
    ProtocolVersion version;
    long id;

    /** Counted as one that has not got past its CONNECT. */
    boolean halfOpen = true;

    /** Where it was counted as coming from: what the channel said of that, and what that is counted as. */
    String address;

    long addressKey;

    /** Bytes that were counted as kept for it while it was half-open. */
    int heldBytes;

    /** The core knows this connection: it got its CONNECT and has not given it up. */
    boolean knownToCore;

    /** Its CONNACK is in what it has to send, so that nothing can get before it. */
    boolean connackQueued;

    UnsafeBuffer clientId = new UnsafeBuffer(NO_BYTES);
    boolean clientIdAssigned;

    /** What was decided about its CONNECT; null while that is open. */
    AuthVerdict verdict;

    /** When what lets the client in ends, epoch nanoseconds. */
    long expiresAtNs = Long.MAX_VALUE;

    /** Somebody else is deciding: its CONNECT waits in {@link #received}. */
    boolean awaitingVerdict;

    /** Who the client is and what it may do; null until its CONNECT is in the ring. */
    ClientAccess access;

    /** Topic of the client's will, null if it has none that may still be published. */
    UnsafeBuffer willTopic;

    /** Goes behind each event of this connection that is logged; null until its CONNECT is in the ring. */
    UnsafeBuffer origin;

    /** The properties of the broker that this client's messages may get; null if none ever does. */
    UnsafeBuffer stamp;

    /** All messages of the client get them, whatever their topic. */
    boolean stampsAll;

    int serverKeepAliveSeconds = -1;
    long sessionExpirySeconds;
    long announcedSessionExpirySeconds = -1;
    int maximumPacketSize = Integer.MAX_VALUE;

    /** Enhanced authentication, null if the client's CONNECT asked for none. */
    Authentication authentication;

    /** Aliases that the client has set, null if it has none yet. */
    TopicAliases receiveAliases;

    /** Aliases that we have set, null if the client takes none. */
    TopicAliases sendAliases;

    /** Publishes with QoS 1 and 2 that the client has begun and that are not completed. */
    int receiving;

    /** The client has asked for reason strings. */
    boolean wantsReasons;

    /** What the client gets because it asked for Response Information, null for nothing. */
    String responseInformation;

    /** Questions to the catalogue that are not answered to the end, oldest first; null if there are none. */
    ArrayDeque<CatalogReply> catalogReplies;

    /** Bytes received that could not be handled yet; null if there are none. */
    IoBuffer received;

    int receivedLength;

    /** Bytes that the last read brought. */
    int lastReadLength;

    /** Bytes that were received wait: for room in the ring, for a verdict, for a token, or for the end of a pause. */
    boolean backPressured;

    /** Nobody tries those bytes again before the connection isn't paused any more. */
    boolean restWaits;

    /** When its buckets of messages, of bytes and of filters are full again: see {@link TokenBucket}. */
    long publishFullAtNs;

    long publishBytesFullAtNs;
    long subscribeFullAtNs;

    /** Until when it is not read because it is beyond its rate; 0 if it isn't. */
    long heldUntilNs;

    /** Subscribers that it has to wait for before it is read again, and before what was read is handed on. */
    int pauses;

    /** Publishers that wait until this connection has caught up, null if there are none. */
    LongHashSet throttled;

    /** Bytes that were kept for it beyond what may wait for a connection. */
    long keptBytes;

    /** Since when there are any. */
    long behindSinceNs;

    /** Nobody waits for it any more: what it can't take is dropped until it has caught up. */
    boolean leftBehind;

    /** Whether much of what the core has for this connection, with QoS 1 and 2, waits there for acknowledgements. */
    boolean queueIsBehind;

    /** In the list of connections whose channels have bytes to read. */
    boolean bufferedScheduled;

    /** The lane that this connection has to move to, -1 if it is at home. */
    int handOverTo = -1;

    /** In the list of connections that have something to send. */
    boolean flushScheduled;

    /** The channel took no more bytes; it reports when it does. */
    boolean writeBlocked;

    long openedNs;
    long lastReadNs;

    /** When the channel took no more bytes, meaningful while {@link #writeBlocked}. */
    long blockedSinceNs;

    long keepAliveNs;

    /** Place in the agent's table, for the rounds of the house-keeping. */
    int tableIndex = -1;

    Connection(final Channel channel, final String listener, final BufferPool pool, final long nowNs) {
        this.channel = channel;
        this.listener = listener;
        this.outbound = new OutboundQueue(pool);
        this.openedNs = nowNs;
        this.lastReadNs = nowNs;
    }

    boolean isOpen() {
        return state == ConnectionState.OPEN || state == ConnectionState.AWAITING_CONNECT;
    }

    /** Whether what the client has sent is to be read now. */
    boolean isReading(final int outboundBytes) {
        return isOpen() && !backPressured && pauses == 0 && outbound.unsentBytes() <= outboundBytes;
    }

    /** @param epochMs when the connection ends; {@link AuthVerdict#NEVER} for no end. */
    void expireAt(final long epochMs) {
        expiresAtNs = TimeUnit.MILLISECONDS.toNanos(epochMs);
    }

    boolean isV5() {
        return version == ProtocolVersion.V5;
    }

    @Override
    public String toString() {
        final String name = clientId.capacity() == 0 ? "" : " (" + clientIdText() + ")";
        return channel.peer() + name;
    }

    /** An upper bound of the bytes of what varies in the connection's CONNACK. */
    int connackTextBytes() {
        final int information = responseInformation == null ? 0 : 3 * responseInformation.length();
        final int authBytes =
                authentication == null ? 0 : 3 * authentication.method().length() + authentication.lastData().length;
        return clientId.capacity() + information + authBytes;
    }

    String clientIdText() {
        return clientId.getStringWithoutLengthUtf8(0, clientId.capacity());
    }

    /**
     * What is known of the client, and what it shows.
     *
     * @param username null if it has given none.
     * @param password null if it has given none.
     */
    Credentials credentials(final String username, final byte[] password) {
        return new Credentials(
                listener,
                channel.peer(),
                channel.address(),
                clientIdText(),
                clientIdAssigned,
                username,
                password,
                channel.certificate(),
                channel.isEncrypted());
    }

    /** Bytes that nobody has read make the kernel reset the connection, and what we said last would be lost with it. */
    void discardUnread(final ByteBuffer scratch) {
        try {
            for (int i = 0; i < DISCARDING_READS; i++) {
                if (channel.read(scratch.clear()) <= 0) {
                    return;
                }
            }
        } catch (final IOException ignored) {
            // It is being closed anyway.
        }
    }
}
