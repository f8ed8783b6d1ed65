package io.ringmain.engine.catalog;

import io.ringmain.protocol.TopicFilter;
import io.ringmain.protocol.TopicHash;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The topics that the log has messages of, with first and last time, number, bytes and last publisher of each. As many
 * as its bound allows: messages of further topics are counted together. A topic stays, whatever becomes of its records.
 *
 * <pre>
 *  table: hash of the topic -> entry (linear probing, at most half full)
 *  entries: [ sorted by topic | as they came ]    new ones are sorted in when an answer needs the order
 * </pre>
 *
 * Confined to one thread.
 */
public final class TopicCatalog {
    private static final int INITIAL_CAPACITY = 1024;

    private final int maxTopics;
    private final SharedBytes publishers = new SharedBytes();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private CatalogEntry[] table = new CatalogEntry[2 * INITIAL_CAPACITY];
    private CatalogEntry[] entries = new CatalogEntry[INITIAL_CAPACITY];
    private int size;
    private int sorted;
    private long messagesBeyondCap;
    private long position = -1;
    private long nextPosition;
    private long timestampNs;

    /** @param maxTopics that are known; messages of others are counted only. */
    public TopicCatalog(final int maxTopics) {
        this.maxTopics = maxTopics;
    }

    /** Topics known. */
    public int size() {
        return size;
    }

    /** Messages of topics that there was no room for. */
    public long messagesBeyondCap() {
        return messagesBeyondCap;
    }

    /** Position of the last record that was looked at, -1 if none was. */
    public long position() {
        return position;
    }

    /** Everything before this position has been looked at. */
    public long nextPosition() {
        return nextPosition;
    }

    /** Time of the record at {@link #position()}, epoch nanoseconds. */
    public long timestampNs() {
        return timestampNs;
    }

    /** A record was looked at, whatever it was. */
    void advance(final long recordPosition, final long behindRecord, final long recordNs) {
        position = recordPosition;
        nextPosition = behindRecord;
        timestampNs = recordNs;
    }

    /** Counts a message; topic and publisher lie in the same buffer. */
    void add(
            final long messageNs,
            final DirectBuffer buffer,
            final int topicOffset,
            final int topicLength,
            final int publisherOffset,
            final int publisherLength,
            final long payloadBytes) {
        final int hash = TopicHash.of(buffer, topicOffset, topicLength);
        CatalogEntry entry = find(hash, buffer, topicOffset, topicLength);
        if (entry == null) {
            if (size >= maxTopics) {
                messagesBeyondCap++;
                return;
            }
            final byte[] topic = new byte[topicLength];
            buffer.getBytes(topicOffset, topic);
            entry = insert(new CatalogEntry(topic, hash));
            entry.firstNs = messageNs;
        }
        entry.lastNs = messageNs;
        entry.messages++;
        entry.bytes += payloadBytes;
        if (entry.publisher == null
                || !CatalogEntry.isSame(entry.publisher, buffer, publisherOffset, publisherLength)) {
            entry.publisher = publishers.get(buffer, publisherOffset, publisherLength);
        }
    }

    /** Takes what was known before about a topic; what it has no room for is counted. In topic order. */
    void restore(
            final DirectBuffer buffer,
            final int topicOffset,
            final int topicLength,
            final int publisherOffset,
            final int publisherLength,
            final long firstNs,
            final long lastNs,
            final long messages,
            final long bytes) {
        if (size >= maxTopics) {
            messagesBeyondCap += messages;
            return;
        }
        final byte[] topic = new byte[topicLength];
        buffer.getBytes(topicOffset, topic);
        final CatalogEntry entry = insert(new CatalogEntry(topic, TopicHash.of(buffer, topicOffset, topicLength)));
        entry.firstNs = firstNs;
        entry.lastNs = lastNs;
        entry.messages = messages;
        entry.bytes = bytes;
        entry.publisher = publishers.get(buffer, publisherOffset, publisherLength);
        sorted = size;
    }

    void restoreMessagesBeyondCap(final long messages) {
        messagesBeyondCap += messages;
    }

    private CatalogEntry find(final int hash, final DirectBuffer buffer, final int offset, final int length) {
        final int mask = table.length - 1;
        for (int slot = hash & mask; table[slot] != null; slot = slot + 1 & mask) {
            final CatalogEntry entry = table[slot];
            if (entry.hash == hash && CatalogEntry.isSame(entry.topic, buffer, offset, length)) {
                return entry;
            }
        }
        return null;
    }

    private CatalogEntry insert(final CatalogEntry entry) {
        if (size == entries.length) {
            entries = Arrays.copyOf(entries, 2 * size);
        }
        entries[size++] = entry;
        if (2 * size > table.length) {
            table = new CatalogEntry[2 * table.length];
            for (int i = 0; i < size; i++) {
                place(entries[i]);
            }
        } else {
            place(entry);
        }
        return entry;
    }

    private void place(final CatalogEntry entry) {
        final int mask = table.length - 1;
        int slot = entry.hash & mask;
        while (table[slot] != null) {
            slot = slot + 1 & mask;
        }
        table[slot] = entry;
    }

    /** Sorts new topics in when they have become many, so that no question has to wait for that. */
    public void settle() {
        if (size - sorted > INITIAL_CAPACITY + sorted / 8) {
            sort();
        }
    }

    /** Sorts new topics in. */
    void sort() {
        if (sorted == size) {
            return;
        }
        final CatalogEntry[] added = Arrays.copyOfRange(entries, sorted, size);
        Arrays.sort(added, CatalogEntry::compare);
        int from = sorted - 1;
        int to = size - 1;
        for (int next = added.length - 1; next >= 0; to--) {
            final boolean isOld = from >= 0 && CatalogEntry.compare(entries[from], added[next]) > 0;
            entries[to] = isOld ? entries[from--] : added[next--];
        }
        sorted = size;
    }

    /** The topic with this place in the order; {@link #sort} comes first. */
    CatalogEntry entry(final int index) {
        return entries[index];
    }

    /**
     * The topics that a filter matches and that the client may read, in topic order, with their values as of now.
     */
    public CatalogAnswer answer(final CatalogRequest request) {
        final UnsafeBuffer filter = new UnsafeBuffer(request.filter());
        final int length = filter.capacity();
        final CatalogAnswer.Builder found = new CatalogAnswer.Builder();
        if (!TopicFilter.hasWildcard(filter, 0, length)) {
            final CatalogEntry entry = find(TopicHash.of(filter, 0, length), filter, 0, length);
            if (entry != null && mayRead(request, entry)) {
                found.add(entry);
            }
        } else {
            sort();
            final int prefix = prefixLength(request.filter());
            for (int i = firstWith(request.filter(), prefix); i < size; i++) {
                final CatalogEntry entry = entries[i];
                if (comparePrefix(entry.topic, request.filter(), prefix) != 0) {
                    break;
                }
                view.wrap(entry.topic);
                if (TopicFilter.matches(filter, 0, length, view, 0, entry.topic.length) && mayRead(request, entry)) {
                    found.add(entry);
                }
            }
        }
        return found.build(request, messagesBeyondCap, nextPosition);
    }

    private boolean mayRead(final CatalogRequest request, final CatalogEntry entry) {
        view.wrap(entry.topic);
        return request.client().permissions().mayReceive(view, 0, entry.topic.length);
    }

    /** Bytes that every topic that matches begins with; {@code a/#} matches {@code a} as well. */
    private static int prefixLength(final byte[] filter) {
        int length = 0;
        while (filter[length] != '+' && filter[length] != '#') {
            length++;
        }
        return filter[length] == '#' && length > 0 ? length - 1 : length;
    }

    /** The first topic in the order that isn't before all that begin with the prefix. */
    private int firstWith(final byte[] prefix, final int length) {
        int low = 0;
        int high = size;
        while (low < high) {
            final int middle = (low + high) >>> 1;
            if (comparePrefix(entries[middle].topic, prefix, length) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int comparePrefix(final byte[] topic, final byte[] prefix, final int length) {
        return Arrays.compareUnsigned(topic, 0, Math.min(length, topic.length), prefix, 0, length);
    }
}
