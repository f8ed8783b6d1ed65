package io.ringmain.engine.core.retain;

import io.ringmain.engine.core.state.HashedTable;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.core.state.StateDigest;
import io.ringmain.engine.event.TopicHash;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Retained messages, by topic and in the order in which they were retained.
 *
 * <pre>
 *  sequence   3      7      8      9      12
 *           +------+------+------+------+------+
 *           | a/b  |      | x    |      | a/c  |     empty: replaced or cleared since
 *           +------+------+------+------+------+
 * </pre>
 *
 * A topic that is retained again moves to the end, so that a scan over what was there at its start meets each topic at
 * most once, and none that has been delivered live meanwhile. When half of the places are empty they are closed up;
 * scans go by sequence numbers and don't notice.
 */
public final class RetainedIndex {
    private static final int MIN_COMPACTION = 64;

    private final StateDigest digest;
    private final HashedTable<RetainedMessage> byTopic = new HashedTable<>();
    private RetainedMessage[] inOrder = new RetainedMessage[MIN_COMPACTION];
    private long[] sequences = new long[MIN_COMPACTION];
    private int size;
    private long nextSequence;

    public RetainedIndex(final StateDigest digest) {
        this.digest = digest;
    }

    public int count() {
        return byTopic.size();
    }

    public long nextSequence() {
        return nextSequence;
    }

    public void restoreNextSequence(final long sequence) {
        nextSequence = sequence;
    }

    public RetainedMessage find(final DirectBuffer buffer, final int offset, final int length) {
        return find(TopicHash.of(buffer, offset, length), buffer, offset, length);
    }

    private RetainedMessage find(final int hash, final DirectBuffer buffer, final int offset, final int length) {
        RetainedMessage found;
        for (int i = byTopic.first(hash); (found = byTopic.at(i)) != null; i = byTopic.next(i)) {
            if (found.hash() == hash && isSame(found.topic(), buffer, offset, length)) {
                return found;
            }
        }
        return null;
    }

    private static boolean isSame(
            final UnsafeBuffer key, final DirectBuffer buffer, final int offset, final int length) {
        if (key.capacity() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (key.getByte(i) != buffer.getByte(offset + i)) {
                return false;
            }
        }
        return true;
    }

    /** Retains a message, in place of the one that its topic had. */
    public void set(final DirectBuffer buffer, final int offset, final int length, final MessageRef message) {
        final int hash = TopicHash.of(buffer, offset, length);
        final RetainedMessage previous = find(hash, buffer, offset, length);
        final UnsafeBuffer topic;
        if (previous != null) {
            topic = previous.topic();
            remove(previous);
        } else {
            final byte[] copy = new byte[length];
            buffer.getBytes(offset, copy);
            topic = new UnsafeBuffer(copy);
        }
        append(new RetainedMessage(hash, topic, nextSequence, message));
        nextSequence++;
    }

    /** Puts a message of a snapshot behind those restored before. */
    public void restore(
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final long sequence,
            final MessageRef message) {
        final byte[] copy = new byte[length];
        buffer.getBytes(offset, copy);
        append(new RetainedMessage(TopicHash.of(buffer, offset, length), new UnsafeBuffer(copy), sequence, message));
    }

    private void append(final RetainedMessage message) {
        if (size == inOrder.length) {
            makeRoom();
        }
        byTopic.add(message);
        inOrder[size] = message;
        sequences[size] = message.sequence();
        size++;
        digest.add(message.contentHash());
    }

    public void remove(final RetainedMessage message) {
        byTopic.remove(message);
        inOrder[placeOf(message.sequence())] = null;
        digest.remove(message.contentHash());
    }

    /** Closes up empty places if that frees half of them, else grows. */
    private void makeRoom() {
        final int live = byTopic.size();
        final int capacity = live <= size / 2 ? inOrder.length : inOrder.length * 2;
        final RetainedMessage[] messages = new RetainedMessage[capacity];
        final long[] numbers = new long[capacity];
        int to = 0;
        for (int i = 0; i < size; i++) {
            if (inOrder[i] != null) {
                messages[to] = inOrder[i];
                numbers[to] = sequences[i];
                to++;
            }
        }
        inOrder = messages;
        sequences = numbers;
        size = to;
    }

    /** The first place whose sequence number is not less than this one. */
    public int placeOf(final long sequence) {
        int low = 0;
        int high = size;
        while (low < high) {
            final int middle = (low + high) >>> 1;
            if (sequences[middle] < sequence) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Number of places, empty ones included. */
    public int places() {
        return size;
    }

    /** Sequence number of a place, also of an empty one. */
    public long sequenceAt(final int place) {
        return sequences[place];
    }

    /** The message at a place, null if it is empty. */
    public RetainedMessage at(final int place) {
        return inOrder[place];
    }

    /** What retained messages add to the digest, computed anew. */
    public long digestFromScratch() {
        long sum = 0;
        for (int i = 0; i < size; i++) {
            sum += inOrder[i] == null ? 0 : inOrder[i].contentHash();
        }
        return sum;
    }
}
