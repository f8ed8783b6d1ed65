package io.ringmain.engine.io;

import io.ringmain.engine.event.Identifiers;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What one connection has to send, in core order.
 *
 * <pre>
 *  socket <- [ encoded bytes, a committed prefix may leave ] <- [ deferred: encoded packets and holes ]
 * </pre>
 *
 * A hole is a delivery whose bytes have to be read from the log first: position, packet id and flags. As long as there
 * is one, everything that comes later is deferred behind it. Confined to one I/O agent.
 */
final class OutboundQueue {
    /** {@link #write}: everything has left. */
    static final int DONE = 0;
    /** The socket takes no more now. */
    static final int BLOCKED = 1;
    /** What is left waits for a commit. */
    static final int GATED = 2;

    private static final int ENCODED = 1;
    private static final int HOLE = 2;

    // A deferred item: length i32 | kind i32 | required position i64 | encoded bytes, or for a hole:
    // message position i64 | expiry deadline i64 | packet id i32 | flags i32 | subscription identifiers i32...
    private static final int KIND_OFFSET = 4;
    private static final int REQUIRED_OFFSET = 8;
    private static final int ITEM_HEADER_LENGTH = 16;
    private static final int HOLE_EXPIRY_OFFSET = 24;
    private static final int HOLE_PACKET_ID_OFFSET = 32;
    private static final int HOLE_FLAGS_OFFSET = 36;
    private static final int HOLE_LENGTH = 40;

    private final BufferPool pool;
    private final ByteFifo encoded;
    private final Marks marks = new Marks();

    /** Few connections ever have something to defer. */
    private ByteFifo deferred = ByteFifo.EMPTY;

    private long requestedOffset;
    private int outstanding;

    OutboundQueue(final BufferPool pool) {
        this.pool = pool;
        encoded = new ByteFifo(pool);
    }

    boolean isEmpty() {
        return encoded.isEmpty() && deferred.isEmpty();
    }

    /** Encoded bytes that have not left. */
    int unsentBytes() {
        return encoded.length();
    }

    int deferredBytes() {
        return deferred.length();
    }

    /** True if a new packet has to go behind others that wait for their bytes. */
    boolean isDeferring() {
        return !deferred.isEmpty();
    }

    /** Room for a packet at the end of the encoded bytes; encode into {@link #encodedView()}, then {@link #commit}. */
    int claim(final int length) {
        return encoded.claim(length);
    }

    UnsafeBuffer encodedView() {
        return encoded.buffer().view;
    }

    /** The packet is encoded; it may leave when this position is committed. */
    void commit(final int length, final long requiredPosition, final long commitPosition) {
        if (requiredPosition > commitPosition) {
            marks.add(encoded.tailOffset(), requiredPosition);
        }
        encoded.advance(length);
    }

    /** Puts an encoded packet behind what is deferred. */
    void defer(final DirectBuffer packet, final int offset, final int length, final long requiredPosition) {
        final int total = align(ITEM_HEADER_LENGTH + length);
        final int at = claimDeferred(total);
        final UnsafeBuffer view = deferred.buffer().view;
        view.putInt(at, ITEM_HEADER_LENGTH + length);
        view.putInt(at + KIND_OFFSET, ENCODED);
        view.putLong(at + REQUIRED_OFFSET, requiredPosition);
        view.putBytes(at + ITEM_HEADER_LENGTH, packet, offset, length);
        deferred.advance(total);
    }

    /** Puts a delivery whose bytes lie in the log behind what is deferred. */
    void deferHole(
            final long messagePosition,
            final long expiryDeadlineNs,
            final int packetId,
            final int flags,
            final Identifiers identifiers,
            final long requiredPosition) {
        final int length = HOLE_LENGTH + identifiers.count() * Integer.BYTES;
        final int at = claimDeferred(align(length));
        final UnsafeBuffer view = deferred.buffer().view;
        view.putInt(at, length);
        view.putInt(at + KIND_OFFSET, HOLE);
        view.putLong(at + REQUIRED_OFFSET, requiredPosition);
        view.putLong(at + ITEM_HEADER_LENGTH, messagePosition);
        view.putLong(at + HOLE_EXPIRY_OFFSET, expiryDeadlineNs);
        view.putInt(at + HOLE_PACKET_ID_OFFSET, packetId);
        view.putInt(at + HOLE_FLAGS_OFFSET, flags);
        for (int i = 0; i < identifiers.count(); i++) {
            view.putInt(at + HOLE_LENGTH + i * Integer.BYTES, identifiers.get(i));
        }
        deferred.advance(align(length));
    }

    private int claimDeferred(final int length) {
        if (deferred == ByteFifo.EMPTY) {
            deferred = new ByteFifo(pool);
        }
        return deferred.claim(length);
    }

    /** Moves packets that are no longer behind a hole, as long as there is room for unsent bytes. */
    void moveDeferred(final int maxUnsentBytes, final long commitPosition) {
        while (!deferred.isEmpty() && encoded.length() < maxUnsentBytes) {
            final int at = deferred.index(deferred.headOffset());
            final UnsafeBuffer view = deferred.buffer().view;
            if (view.getInt(at + KIND_OFFSET) == HOLE) {
                return;
            }
            final int length = view.getInt(at) - ITEM_HEADER_LENGTH;
            final int to = encoded.claim(length);
            encoded.buffer().view.putBytes(to, view, at + ITEM_HEADER_LENGTH, length);
            commit(length, view.getLong(at + REQUIRED_OFFSET), commitPosition);
            dropHead(align(length + ITEM_HEADER_LENGTH));
        }
    }

    private void dropHead(final int length) {
        deferred.drop(length);
        requestedOffset = Math.max(requestedOffset, deferred.headOffset());
    }

    /** Requests under way. */
    int outstanding() {
        return outstanding;
    }

    /** The message position of the next hole that was not requested yet, -1 if there is none. */
    long nextToRequest() {
        requestedOffset = Math.max(requestedOffset, deferred.headOffset());
        while (requestedOffset < deferred.tailOffset()) {
            final int at = deferred.index(requestedOffset);
            final UnsafeBuffer view = deferred.buffer().view;
            if (view.getInt(at + KIND_OFFSET) == HOLE) {
                return view.getLong(at + ITEM_HEADER_LENGTH);
            }
            requestedOffset += align(view.getInt(at));
        }
        return -1;
    }

    /** {@link #nextToRequest} was requested. */
    void requested() {
        requestedOffset += align(deferred.buffer().view.getInt(deferred.index(requestedOffset)));
        outstanding++;
    }

    /** Moves to the hole at the head, which the answer that has come belongs to. */
    int answered() {
        outstanding--;
        return deferred.index(deferred.headOffset());
    }

    long holePosition(final int hole) {
        return deferred.buffer().view.getLong(hole + ITEM_HEADER_LENGTH);
    }

    boolean isHole(final int hole) {
        return deferred.buffer().view.getInt(hole + KIND_OFFSET) == HOLE;
    }

    long holeExpiryDeadlineNs(final int hole) {
        return deferred.buffer().view.getLong(hole + HOLE_EXPIRY_OFFSET);
    }

    int holePacketId(final int hole) {
        return deferred.buffer().view.getInt(hole + HOLE_PACKET_ID_OFFSET);
    }

    int holeFlags(final int hole) {
        return deferred.buffer().view.getInt(hole + HOLE_FLAGS_OFFSET);
    }

    /** Reads the subscription identifiers. */
    Identifiers holeIdentifiers(final int hole, final Identifiers into) {
        final UnsafeBuffer view = deferred.buffer().view;
        into.clear();
        for (int at = hole + HOLE_LENGTH, limit = hole + view.getInt(hole); at < limit; at += Integer.BYTES) {
            into.add(view.getInt(at));
        }
        return into;
    }

    long holeRequiredPosition(final int hole) {
        return deferred.buffer().view.getLong(hole + REQUIRED_OFFSET);
    }

    /** The hole at the head was filled, or there is nothing to fill it with. */
    void dropHole() {
        dropHead(align(deferred.buffer().view.getInt(deferred.index(deferred.headOffset()))));
    }

    /** Writes what may leave. Returns {@link #DONE}, {@link #BLOCKED} or {@link #GATED}. */
    int write(final Channel channel, final long commitPosition) throws IOException {
        if (!channel.flush()) {
            return BLOCKED;
        }
        if (encoded.isEmpty()) {
            return DONE;
        }
        final long limit = marks.limit(commitPosition, encoded.tailOffset());
        final int length = (int) (limit - encoded.headOffset());
        if (length > 0) {
            final int start = encoded.index(encoded.headOffset());
            final ByteBuffer bytes = encoded.buffer().bytes;
            bytes.limit(start + length).position(start);
            final int written = channel.write(bytes);
            bytes.clear();
            encoded.drop(written);
            if (written < length || !channel.flush()) {
                return BLOCKED;
            }
        }
        return encoded.isEmpty() ? DONE : GATED;
    }

    /** Forgets what is deferred: the connection is closing, and only what is encoded still leaves. */
    void dropDeferred() {
        deferred.clear();
        outstanding = 0;
    }

    void clear() {
        encoded.clear();
        dropDeferred();
        marks.clear();
    }

    private static int align(final int length) {
        return (length + 7) & ~7;
    }
}
