package io.ringmain.engine.core.state;

import io.ringmain.engine.event.Identifiers;
import java.util.ArrayList;

/**
 * The sets of subscription identifiers that messages in queues and windows have, each kept once, under a number that
 * fits into a {@link MessageRef}. A set lives as long as somebody holds it; 0 is the empty one.
 */
public final class IdentifierSets {
    /** {@link #hold(Identifiers)} when all numbers are in use. */
    public static final int FULL = -1;

    private static final long SALT = 0x1DE7_5E75L;

    private final StateDigest digest;
    private final DenseIds ids;
    private final HashedTable<IdentifierSet> byContent = new HashedTable<>();
    private final ArrayList<IdentifierSet> byId = new ArrayList<>();

    public IdentifierSets(final StateDigest digest) {
        this.digest = digest;
        this.ids = new DenseIds(digest, ~SALT);
    }

    /** One set, and how many hold it; the holders are counted where they are, so the number isn't in the digest. */
    private static final class IdentifierSet extends HashedEntry {
        final int id;
        final int[] values;
        long holders;

        IdentifierSet(final int hash, final int id, final int[] values) {
            super(hash);
            this.id = id;
            this.values = values;
        }
    }

    /** Number of sets. */
    public int count() {
        return byContent.size();
    }

    /** The number of a set, which is held once more from here on; {@link #FULL} if there is none left. */
    public int hold(final Identifiers identifiers) {
        if (identifiers.isEmpty()) {
            return 0;
        }
        final int hash = hash(identifiers);
        IdentifierSet found;
        for (int i = byContent.first(hash); (found = byContent.at(i)) != null; i = byContent.next(i)) {
            if (found.hash() == hash && identifiers.isSame(found.values)) {
                found.holders++;
                return found.id + 1;
            }
        }
        if (ids.freeCount() == 0 && ids.limit() >= MessageRef.MAX_IDENTIFIERS) {
            return FULL;
        }
        return insert(ids.take(), identifiers).id + 1;
    }

    private IdentifierSet insert(final int id, final Identifiers identifiers) {
        final IdentifierSet made = new IdentifierSet(hash(identifiers), id, identifiers.toArray());
        made.holders = 1;
        byContent.add(made);
        while (byId.size() <= id) {
            byId.add(null);
        }
        byId.set(id, made);
        digest.add(contentHash(made));
        return made;
    }

    private static int hash(final Identifiers identifiers) {
        long hash = identifiers.count();
        for (int i = 0; i < identifiers.count(); i++) {
            hash = StateDigest.mix(hash, identifiers.get(i));
        }
        return (int) hash;
    }

    /** The set is held once more. */
    public void hold(final int number) {
        if (number != 0) {
            byId.get(number - 1).holders++;
        }
    }

    /** The set is held once less. */
    public void release(final int number) {
        if (number == 0) {
            return;
        }
        final IdentifierSet set = byId.get(number - 1);
        if (--set.holders == 0) {
            digest.remove(contentHash(set));
            byContent.remove(set);
            byId.set(set.id, null);
            ids.giveBack(set.id);
        }
    }

    /** Reads a set. */
    public Identifiers get(final int number, final Identifiers into) {
        into.clear();
        if (number != 0) {
            for (final int value : byId.get(number - 1).values) {
                into.add(value);
            }
        }
        return into;
    }

    /** Numbers of sets are below this; some are of none. */
    public int numberLimit() {
        return byId.size() + 1;
    }

    /** Whether there is a set with this number. */
    public boolean has(final int number) {
        return byId.get(number - 1) != null;
    }

    public DenseIds ids() {
        return ids;
    }

    /** Puts a set of a snapshot where it was; nobody holds it yet. */
    public void restore(final int number, final Identifiers identifiers) {
        ids.restore(number - 1);
        insert(number - 1, identifiers).holders = 0;
    }

    /** What the sets add to the digest, computed anew. */
    public long digestFromScratch() {
        long sum = ids.contentHash();
        for (final IdentifierSet set : byId) {
            sum += set == null ? 0 : contentHash(set);
        }
        return sum;
    }

    private static long contentHash(final IdentifierSet set) {
        long hash = StateDigest.mix(SALT, set.id);
        for (final int value : set.values) {
            hash = StateDigest.mix(hash, value);
        }
        return hash;
    }
}
