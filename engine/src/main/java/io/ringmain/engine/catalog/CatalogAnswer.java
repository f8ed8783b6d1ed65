package io.ringmain.engine.catalog;

import java.util.Arrays;

/** What the catalogue said at one moment. Immutable, so that it can be handed to another thread. */
public final class CatalogAnswer {
    /** Two references and four words for each topic; the names are shared with the catalogue. */
    private static final int BYTES_PER_TOPIC = 2 * Integer.BYTES + 4 * Long.BYTES;

    private static final int VALUES = 4;
    private static final int FIRST = 0;
    private static final int LAST = 1;
    private static final int MESSAGES = 2;
    private static final int PAYLOAD_BYTES = 3;

    private final CatalogRequest request;
    private final byte[][] topics;
    private final byte[][] publishers;
    private final long[] values;
    private final long messagesBeyondCap;
    private final long asOf;

    private CatalogAnswer(
            final CatalogRequest request,
            final byte[][] topics,
            final byte[][] publishers,
            final long[] values,
            final long messagesBeyondCap,
            final long asOf) {
        this.request = request;
        this.topics = topics;
        this.publishers = publishers;
        this.values = values;
        this.messagesBeyondCap = messagesBeyondCap;
        this.asOf = asOf;
    }

    /** What was asked. */
    public CatalogRequest request() {
        return request;
    }

    public int size() {
        return topics.length;
    }

    /** Name in UTF-8; not to be changed. */
    public byte[] topic(final int index) {
        return topics[index];
    }

    /** Client id of whoever published last; not to be changed. */
    public byte[] publisher(final int index) {
        return publishers[index];
    }

    /** Time of the first message, epoch nanoseconds. */
    public long firstNs(final int index) {
        return values[VALUES * index + FIRST];
    }

    /** Time of the last message, epoch nanoseconds. */
    public long lastNs(final int index) {
        return values[VALUES * index + LAST];
    }

    public long messages(final int index) {
        return values[VALUES * index + MESSAGES];
    }

    /** Of all payloads together. */
    public long bytes(final int index) {
        return values[VALUES * index + PAYLOAD_BYTES];
    }

    /** Messages of topics, whether the filter matches them or not, that the catalogue had no room for. */
    public long messagesBeyondCap() {
        return messagesBeyondCap;
    }

    /** Position in the log: everything before is in the answer, nothing behind. */
    public long asOf() {
        return asOf;
    }

    /** Memory that goes when the answer goes, about. */
    public long memoryBytes() {
        return (long) BYTES_PER_TOPIC * topics.length;
    }

    /** Gathers entries, then copies them. */
    static final class Builder {
        private CatalogEntry[] entries = new CatalogEntry[16];
        private int size;

        void add(final CatalogEntry entry) {
            if (size == entries.length) {
                entries = Arrays.copyOf(entries, 2 * size);
            }
            entries[size++] = entry;
        }

        CatalogAnswer build(final CatalogRequest request, final long messagesBeyondCap, final long asOf) {
            final byte[][] topics = new byte[size][];
            final byte[][] publishers = new byte[size][];
            final long[] values = new long[VALUES * size];
            for (int i = 0; i < size; i++) {
                final CatalogEntry entry = entries[i];
                topics[i] = entry.topic;
                publishers[i] = entry.publisher;
                values[VALUES * i + FIRST] = entry.firstNs;
                values[VALUES * i + LAST] = entry.lastNs;
                values[VALUES * i + MESSAGES] = entry.messages;
                values[VALUES * i + PAYLOAD_BYTES] = entry.bytes;
            }
            return new CatalogAnswer(request, topics, publishers, values, messagesBeyondCap, asOf);
        }
    }
}
