package io.ringmain.engine.core.session;

import io.ringmain.engine.core.state.IdentifierSets;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.core.state.StateDigest;

/**
 * The messages with QoS 1 and 2 that were given a packet id for a session and are not completed, in the order of their
 * ids.
 *
 * <pre>
 *    first           resend        next         sequence numbers, 64 bit
 *      |               |             |
 *      v               v             v
 *      +---+---+---+---+---+---+---+---          packet id = sequence mod 65535 + 1
 *      | P |   | R | P | P |   | R |            P published, R released (PUBREL sent), blank completed
 *      +---+---+---+---+---+---+---+---
 *       sent on this    still to be
 *       connection      sent again
 * </pre>
 *
 * Ids run on and are found by their distance from the first, without a hash; an id is not used again before all 65535
 * went by. A message that is never completed thus stops the window at that point: 65534 later ones may overtake it.
 *
 * <p>After a reconnect everything is to be sent again, but not more at a time than the client's receive maximum allows:
 * hence the {@code resend} mark.
 */
public final class InFlightWindow {
    /** No message has this packet id. */
    public static final long NOT_FOUND = -1;

    public static final int PUBLISHED = 1;
    public static final int RELEASED = 2;

    /** {@link #group} of a message that came through no shared subscription. */
    public static final int NO_GROUP = 0;

    private static final int PACKET_IDS = 65535;
    private static final int INITIAL_CAPACITY = 8;
    private static final long[] NOTHING = {};
    private static final long STATE_MASK = 3L << MessageRef.OWNER_SHIFT;

    private final StateDigest digest;
    private final IdentifierSets identifiers;
    private final long salt;
    private long[] words = NOTHING;
    private int[] groups;
    private long first;
    private long resend;
    private long next;
    private int count;
    private int unsent;

    /** @param salt tells this window from those of other sessions in the digest. */
    public InFlightWindow(final StateDigest digest, final IdentifierSets identifiers, final long salt) {
        this.digest = digest;
        this.identifiers = identifiers;
        this.salt = salt;
    }

    public int count() {
        return count;
    }

    /** How many count against the receive maximum of the connection. */
    public int sentCount() {
        return count - unsent;
    }

    /** Whether a new message may be sent, with at most {@code window} in flight. */
    public boolean hasRoom(final int window) {
        return unsent == 0 && count < window && next - first < PACKET_IDS;
    }

    /** Takes a message in; there must be room. Returns its packet id. */
    public int add(final MessageRef message) {
        return add(message, NO_GROUP);
    }

    /** As {@link #add(MessageRef)}, for a message that came through a shared subscription. */
    public int add(final MessageRef message, final int group) {
        if (next - first == capacity()) {
            grow();
        }
        final long before = cursorHash();
        final long sequence = next;
        next++;
        resend = next;
        count++;
        message.store(words, index(sequence));
        identifiers.hold(message.identifiers());
        setState(sequence, PUBLISHED);
        putGroup(sequence, group);
        digest.add(hash(sequence));
        digest.replace(before, cursorHash());
        return packetId(sequence);
    }

    /** Number of the shared subscription that a message came through, or {@link #NO_GROUP}. */
    public int group(final long sequence) {
        return groups == null ? NO_GROUP : groups[groupIndex(sequence)];
    }

    /** A message in flight belongs to its session alone from here on. */
    public void leaveGroup(final long sequence) {
        digest.remove(hash(sequence));
        putGroup(sequence, NO_GROUP);
        digest.add(hash(sequence));
    }

    private void putGroup(final long sequence, final int group) {
        if (groups == null && group != NO_GROUP) {
            groups = new int[capacity()];
        }
        if (groups != null) {
            groups[groupIndex(sequence)] = group;
        }
    }

    private int groupIndex(final long sequence) {
        return (int) sequence & (groups.length - 1);
    }

    /** Sequence number of the message with this packet id, {@link #NOT_FOUND} if none is in flight. */
    public long find(final int packetId) {
        final long distance = (packetId - 1 - first % PACKET_IDS + PACKET_IDS) % PACKET_IDS;
        final long sequence = first + distance;
        return packetId != 0 && sequence < next && state(sequence) != 0 ? sequence : NOT_FOUND;
    }

    public static int packetId(final long sequence) {
        return (int) (sequence % PACKET_IDS) + 1;
    }

    /** {@link #PUBLISHED}, {@link #RELEASED}, or 0 if completed. */
    public int state(final long sequence) {
        return (int) (words[index(sequence) + 3] & STATE_MASK) >> MessageRef.OWNER_SHIFT;
    }

    public MessageRef get(final long sequence, final MessageRef into) {
        return into.load(words, index(sequence));
    }

    /** The receiver has the message: what is left is to release its packet id. */
    public void release(final long sequence) {
        digest.remove(hash(sequence));
        dropIdentifiers(sequence);
        setState(sequence, RELEASED);
        digest.add(hash(sequence));
    }

    /** The delivery is completed, or given up. */
    public void remove(final long sequence) {
        digest.remove(hash(sequence));
        dropIdentifiers(sequence);
        setState(sequence, 0);
        count--;
        if (sequence >= resend) {
            unsent--;
        }
        final long before = cursorHash();
        while (first < next && state(first) == 0) {
            first++;
        }
        resend = Math.max(resend, first);
        digest.replace(before, cursorHash());
    }

    private void dropIdentifiers(final long sequence) {
        final int index = index(sequence);
        identifiers.release(MessageRef.identifiersOf(words, index));
        MessageRef.dropIdentifiers(words, index);
    }

    /** A new connection: everything in flight is to be sent again. */
    public void startResend() {
        moveResend(first);
        unsent = count;
    }

    /** Whether something is to be sent again now, with at most {@code window} in flight. */
    public boolean hasResend(final int window) {
        return unsent > 0 && count - unsent < window;
    }

    /** Sequence number of the next message to send again, which counts as sent from now on. */
    public long nextResend() {
        long sequence = resend;
        while (state(sequence) == 0) {
            sequence++;
        }
        unsent--;
        moveResend(unsent == 0 ? next : sequence + 1);
        return sequence;
    }

    public void clear() {
        digest.remove(contentHash());
        for (long sequence = first; sequence < next; sequence++) {
            if (state(sequence) != 0) {
                dropIdentifiers(sequence);
            }
        }
        groups = null;
        words = NOTHING;
        first = 0;
        resend = 0;
        next = 0;
        count = 0;
        unsent = 0;
    }

    /** Gives back memory that an empty window doesn't need; for when a connection ends, not for the hot path. */
    public void trim() {
        if (count == 0) {
            words = NOTHING;
            groups = null;
        }
    }

    public long firstSequence() {
        return first;
    }

    public long resendSequence() {
        return resend;
    }

    public long nextSequence() {
        return next;
    }

    /** Sets the marks of an empty window; its messages are to be {@link #restore}d. */
    public void restoreMarks(final long firstSequence, final long resendSequence, final long nextSequence) {
        digest.remove(cursorHash());
        first = firstSequence;
        resend = resendSequence;
        next = nextSequence;
        digest.add(cursorHash());
        while (capacity() < next - first) {
            grow();
        }
    }

    public void restore(final long sequence, final int state, final int group, final MessageRef message) {
        message.store(words, index(sequence));
        identifiers.hold(message.identifiers());
        setState(sequence, state);
        putGroup(sequence, group);
        digest.add(hash(sequence));
        count++;
        if (sequence >= resend) {
            unsent++;
        }
    }

    /** What this window adds to the digest, computed anew. */
    public long contentHash() {
        long sum = cursorHash();
        for (long sequence = first; sequence < next; sequence++) {
            sum += state(sequence) == 0 ? 0 : hash(sequence);
        }
        return sum;
    }

    private void moveResend(final long sequence) {
        final long before = cursorHash();
        resend = sequence;
        digest.replace(before, cursorHash());
    }

    private long cursorHash() {
        return next == 0 ? 0 : StateDigest.mix(~salt, next, resend);
    }

    private long hash(final long sequence) {
        final long hash = MessageRef.hash(salt + sequence, words, index(sequence));
        final int group = group(sequence);
        return group == NO_GROUP ? hash : StateDigest.mix(hash, group);
    }

    private void setState(final long sequence, final int state) {
        final int word = index(sequence) + 3;
        words[word] = words[word] & ~STATE_MASK | (long) state << MessageRef.OWNER_SHIFT;
    }

    private int capacity() {
        return words.length / MessageRef.WORDS;
    }

    private int index(final long sequence) {
        return ((int) sequence & (capacity() - 1)) * MessageRef.WORDS;
    }

    private void grow() {
        final long[] old = words;
        final int[] oldGroups = groups;
        final int oldCapacity = capacity();
        words = new long[Math.max(INITIAL_CAPACITY, oldCapacity * 2) * MessageRef.WORDS];
        for (long sequence = first, limit = Math.min(next, first + oldCapacity); sequence < limit; sequence++) {
            final int from = ((int) sequence & (oldCapacity - 1)) * MessageRef.WORDS;
            System.arraycopy(old, from, words, index(sequence), MessageRef.WORDS);
        }
        if (oldGroups != null) {
            groups = new int[capacity()];
            for (long sequence = first, limit = Math.min(next, first + oldCapacity); sequence < limit; sequence++) {
                groups[groupIndex(sequence)] = oldGroups[(int) sequence & (oldCapacity - 1)];
            }
        }
    }
}
