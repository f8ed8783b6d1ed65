package io.ringmain.engine.core.topic;

import io.ringmain.engine.core.session.PendingQueue;
import io.ringmain.engine.core.state.HashedEntry;
import io.ringmain.engine.core.state.IdentifierSets;
import io.ringmain.engine.core.state.StateDigest;
import java.util.ArrayList;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One shared subscription: the sessions that share a filter under one name, and the messages that none of them has room
 * for.
 *
 * <pre>
 *  members   0 .................. connected | away .................
 * </pre>
 */
public final class ShareGroup extends HashedEntry {
    private static final long SALT = 0x5A4E_D640L;

    private final int number;
    private final UnsafeBuffer filter;
    private final TopicNode node;
    private final StateDigest digest;
    private final ArrayList<Subscription> members = new ArrayList<>();
    private final PendingQueue waiting;
    private int place;
    private int connected;
    private long turn;
    private long transientTurn;
    private long heldAway;
    private Subscription lastTaker;

    ShareGroup(
            final int hash,
            final int number,
            final UnsafeBuffer filter,
            final TopicNode node,
            final int place,
            final StateDigest digest,
            final IdentifierSets identifiers) {
        super(hash);
        this.number = number;
        this.filter = filter;
        this.node = node;
        this.place = place;
        this.digest = digest;
        this.waiting = new PendingQueue(digest, identifiers, StateDigest.mix(SALT, number));
    }

    /** From 1 on, used again when the group is gone. */
    public int number() {
        return number;
    }

    /** With the name of the group, as its members subscribed to it. */
    public UnsafeBuffer filter() {
        return filter;
    }

    TopicNode node() {
        return node;
    }

    /** Place among the groups with the same filter. */
    public int place() {
        return place;
    }

    void place(final int index) {
        digest.remove(headerHash());
        place = index;
        digest.add(headerHash());
    }

    /** Messages with QoS 1 and 2 that no member has room for. */
    public PendingQueue waiting() {
        return waiting;
    }

    public int memberCount() {
        return members.size();
    }

    /** Members below this place are connected, the others are not. */
    public int connectedCount() {
        return connected;
    }

    public Subscription member(final int place) {
        return members.get(place);
    }

    /** A number that grows with each message, for taking turns. */
    public long nextTurn() {
        digest.remove(headerHash());
        turn++;
        digest.add(headerHash());
        return turn;
    }

    /** As {@link #nextTurn}, for messages that don't change the state: a count of its own, which is no state either. */
    public long nextTransientTurn() {
        return ++transientTurn;
    }

    public long turn() {
        return turn;
    }

    /** Number of QoS 1 messages of this group in flight to members that are away; follows from other state. */
    public long heldAway() {
        return heldAway;
    }

    public void addHeldAway(final long count) {
        heldAway += count;
    }

    /**
     * The connected member that had room for a message last, so that it is likely to take more; another one if it has
     * gone since. There must be one that is connected. No part of the state.
     */
    public Subscription lastTaker() {
        return lastTaker != null && lastTaker.place() < connected ? lastTaker : members.get(0);
    }

    public void lastTaker(final Subscription member) {
        lastTaker = member;
    }

    /** Takes a member in that isn't counted as connected yet. */
    void add(final Subscription member) {
        members.add(member);
    }

    /** Puts a member of a snapshot where it was. */
    void restore(final Subscription member, final int place) {
        while (members.size() <= place) {
            members.add(null);
        }
        members.set(place, member);
    }

    void restoreHeader(final int connectedCount, final long lastTurn) {
        digest.remove(headerHash());
        connected = connectedCount;
        turn = lastTurn;
        digest.add(headerHash());
    }

    /** A member's session has got a connection. */
    public void onConnected(final Subscription member) {
        swap(member.place(), connected);
        count(1);
    }

    /** A member's session has lost its connection. */
    public void onAway(final Subscription member) {
        swap(member.place(), connected - 1);
        count(-1);
    }

    void remove(final Subscription member) {
        if (member.place() < connected) {
            onAway(member);
        }
        swap(member.place(), members.size() - 1);
        members.remove(members.size() - 1);
        lastTaker = lastTaker == member ? null : lastTaker;
    }

    private void count(final int change) {
        digest.remove(headerHash());
        connected += change;
        digest.add(headerHash());
    }

    private void swap(final int a, final int b) {
        final Subscription first = members.get(a);
        final Subscription second = members.get(b);
        put(first, b);
        put(second, a);
    }

    private void put(final Subscription member, final int place) {
        digest.remove(member.contentHash());
        member.place(place);
        digest.add(member.contentHash());
        members.set(place, member);
    }

    /** What the group adds to the digest without its queue. */
    long headerHash() {
        final long numbers = StateDigest.mix(StateDigest.mix(SALT, number, place), connected, turn);
        return StateDigest.mix(numbers, StateDigest.hash(filter, 0, filter.capacity()));
    }

    long contentHash() {
        return headerHash() + waiting.contentHash();
    }
}
