package io.ringmain.engine.core.state;

/**
 * A hash table of objects that carry their own key: open addressing, linear probing, removal by shifting back. The key
 * is compared by the owner, who walks the chain itself, so that a key can be bytes in a buffer and a lookup allocates
 * nothing:
 *
 * <pre>{@code
 * for (int i = table.first(hash); (entry = table.at(i)) != null; i = table.next(i)) {
 *     if (entry.hash() == hash && entry is the one) ...
 * }
 * }</pre>
 *
 * For finding only: there is no way to iterate it. The hashes lie beside the entries, so that growing and removing look
 * at no entry: with a million of them each look is a miss of the cache.
 */
public final class HashedTable<T extends HashedEntry> {
    private static final int INITIAL_CAPACITY = 16;

    private HashedEntry[] entries = new HashedEntry[INITIAL_CAPACITY];
    private int[] hashes = new int[INITIAL_CAPACITY];
    private int size;

    public int size() {
        return size;
    }

    public int first(final int hash) {
        return (hash ^ hash >>> 15) & (entries.length - 1);
    }

    public int next(final int index) {
        return (index + 1) & (entries.length - 1);
    }

    /** The entry at this place of a chain, null at its end. */
    @SuppressWarnings("unchecked")
    public T at(final int index) {
        return (T) entries[index];
    }

    /** Adds an entry whose key is not in the table. */
    public void add(final T entry) {
        if ((size + 1) * 3 > entries.length * 2) {
            grow();
        }
        insert(entry, entry.hash());
        size++;
    }

    /** Removes this very object, which must be in the table. */
    public void remove(final T entry) {
        int hole = first(entry.hash());
        while (entries[hole] != entry) {
            if (entries[hole] == null) {
                throw new IllegalStateException("not in the table");
            }
            hole = next(hole);
        }
        closeGap(hole);
        size--;
    }

    private void closeGap(final int start) {
        int hole = start;
        for (int i = next(hole); entries[i] != null; i = next(i)) {
            final int home = first(hashes[i]);
            if (((i - home) & (entries.length - 1)) >= ((i - hole) & (entries.length - 1))) {
                entries[hole] = entries[i];
                hashes[hole] = hashes[i];
                hole = i;
            }
        }
        entries[hole] = null;
    }

    private void insert(final HashedEntry entry, final int hash) {
        int i = first(hash);
        while (entries[i] != null) {
            i = next(i);
        }
        entries[i] = entry;
        hashes[i] = hash;
    }

    private void grow() {
        final HashedEntry[] old = entries;
        final int[] oldHashes = hashes;
        entries = new HashedEntry[old.length * 2];
        hashes = new int[old.length * 2];
        for (int i = 0; i < old.length; i++) {
            if (old[i] != null) {
                insert(old[i], oldHashes[i]);
            }
        }
    }
}
