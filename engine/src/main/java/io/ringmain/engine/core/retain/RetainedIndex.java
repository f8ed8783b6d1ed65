package io.ringmain.engine.core.retain;

import io.ringmain.engine.core.state.HashedTable;
import io.ringmain.engine.core.state.KeyBytes;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.core.state.StateDigest;
import io.ringmain.protocol.TopicHash;
import java.util.Arrays;
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
    private static final long NEXT_SALT = 0x4E7A_1AEDL;

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

    /** Where a snapshot goes on numbering. */
    public void nextSequence(final long sequence) {
        digest.remove(nextHash());
        nextSequence = sequence;
        digest.add(nextHash());
    }

    private long nextHash() {
        return nextSequence == 0 ? 0 : StateDigest.mix(NEXT_SALT, nextSequence);
    }

    public RetainedMessage find(final DirectBuffer buffer, final int offset, final int length) {
        return find(TopicHash.of(buffer, offset, length), buffer, offset, length);
    }

    private RetainedMessage find(final int hash, final DirectBuffer buffer, final int offset, final int length) {
        RetainedMessage found;
        for (int i = byTopic.first(hash); (found = byTopic.at(i)) != null; i = byTopic.next(i)) {
            if (found.hash() == hash && KeyBytes.isSame(found.topic(), buffer, offset, length)) {
                return found;
            }
        }
        return null;
    }

    /** Retains a message, in place of the one that its topic had. */
    public void set(final DirectBuffer buffer, final int offset, final int length, final MessageRef message) {
        final int hash = TopicHash.of(buffer, offset, length);
        RetainedMessage retained = find(hash, buffer, offset, length);
        if (retained == null) {
            retained = newMessage(hash, buffer, offset, length);
        } else {
            takeOut(retained);
        }
        retained.set(nextSequence, message);
        append(retained);
        nextSequence(nextSequence + 1);
    }

    private RetainedMessage newMessage(final int hash, final DirectBuffer buffer, final int offset, final int length) {
        final byte[] topic = new byte[length];
        buffer.getBytes(offset, topic);
        final RetainedMessage made = new RetainedMessage(hash, new UnsafeBuffer(topic));
        byTopic.add(made);
        return made;
    }

    /** Puts a message of a snapshot behind those restored before. */
    public void restore(
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final long sequence,
            final MessageRef message) {
        final RetainedMessage retained = newMessage(TopicHash.of(buffer, offset, length), buffer, offset, length);
        retained.set(sequence, message);
        append(retained);
    }

    private void append(final RetainedMessage message) {
        if (size == inOrder.length) {
            makeRoom();
        }
        inOrder[size] = message;
        sequences[size] = message.sequence();
        size++;
        digest.add(message.contentHash());
    }

    public void remove(final RetainedMessage message) {
        byTopic.remove(message);
        takeOut(message);
    }

    private void takeOut(final RetainedMessage message) {
        inOrder[placeOf(message.sequence())] = null;
        digest.remove(message.contentHash());
    }

    /** Closes up empty places if that frees half of them, else grows. */
    private void makeRoom() {
        if (byTopic.size() > size / 2) {
            inOrder = Arrays.copyOf(inOrder, size * 2);
            sequences = Arrays.copyOf(sequences, size * 2);
            return;
        }
        int to = 0;
        for (int i = 0; i < size; i++) {
            if (inOrder[i] != null) {
                inOrder[to] = inOrder[i];
                sequences[to] = sequences[i];
                to++;
            }
        }
        Arrays.fill(inOrder, to, size, null);
        size = to;
    }

    /**
     * The first place with a message whose sequence number is not less than this one. Which places are empty depends on
     * when they were closed up last, so nothing that matters may depend on them.
     */
    public int nextPlace(final long sequence) {
        return nextPlaceFrom(placeOf(sequence));
    }

    /** The first place with a message, from this one on; {@link #places()} if there is none. */
    public int nextPlaceFrom(final int start) {
        int place = start;
        while (place < size && inOrder[place] == null) {
            place++;
        }
        return place;
    }

    private int placeOf(final long sequence) {
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

    /** The message at a place, null if it is empty. */
    public RetainedMessage at(final int place) {
        return inOrder[place];
    }

    /** What retained messages add to the digest, computed anew. */
    public long digestFromScratch() {
        long sum = nextHash();
        for (int i = 0; i < size; i++) {
            sum += inOrder[i] == null ? 0 : inOrder[i].contentHash();
        }
        return sum;
    }
}
