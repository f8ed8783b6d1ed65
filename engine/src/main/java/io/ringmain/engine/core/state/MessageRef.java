package io.ringmain.engine.core.state;

import io.ringmain.engine.event.DeliveryFlags;

/**
 * A reference to an application message in the log, with what the core must know about it without reading it: where it
 * is, until when it may be delivered, how large its packet is, and how one subscriber gets it. A mutable carrier:
 * queues keep the four words, not the object.
 *
 * <pre>
 *  word 0   position of the event that holds the message
 *  word 1   expiry deadline, epoch ns, 0 for none
 *  word 2   event length (32) | content length (32): topic with its length prefix, and payload
 *  word 3   properties length (32) | identifiers (22) | owner's bits (2) | delivery flags (8)
 * </pre>
 */
public final class MessageRef {
    public static final int WORDS = 4;

    /** Where in the last word the owner of the words may keep two bits of its own. */
    public static final int OWNER_SHIFT = 8;

    static final int MAX_IDENTIFIERS = (1 << 22) - 1;

    private static final int IDENTIFIERS_SHIFT = 10;
    private static final long IDENTIFIERS_MASK = (long) MAX_IDENTIFIERS << IDENTIFIERS_SHIFT;

    private long position;
    private long expiryDeadlineNs;
    private int length;
    private int contentLength;
    private int propertiesLength;
    private int flags;
    private int identifiers;

    /**
     * Sets everything but the flags; there are no identifiers.
     *
     * @param length of the event in bytes.
     * @param contentLength bytes of topic and payload on the wire, with the length prefix of the topic.
     * @param propertiesLength bytes of the MQTT 5 properties to forward.
     */
    public MessageRef set(
            final long position,
            final long expiryDeadlineNs,
            final int length,
            final int contentLength,
            final int propertiesLength) {
        this.position = position;
        this.expiryDeadlineNs = expiryDeadlineNs;
        this.length = length;
        this.contentLength = contentLength;
        this.propertiesLength = propertiesLength;
        this.identifiers = 0;
        return this;
    }

    public MessageRef copy(final MessageRef from) {
        position = from.position;
        expiryDeadlineNs = from.expiryDeadlineNs;
        length = from.length;
        contentLength = from.contentLength;
        propertiesLength = from.propertiesLength;
        flags = from.flags;
        identifiers = from.identifiers;
        return this;
    }

    /** Sets the {@link DeliveryFlags}. */
    public MessageRef flags(final int deliveryFlags) {
        this.flags = deliveryFlags;
        return this;
    }

    public long position() {
        return position;
    }

    public long expiryDeadlineNs() {
        return expiryDeadlineNs;
    }

    public boolean isExpired(final long nowNs) {
        return expiryDeadlineNs != 0 && expiryDeadlineNs <= nowNs;
    }

    public int length() {
        return length;
    }

    public int contentLength() {
        return contentLength;
    }

    public int propertiesLength() {
        return propertiesLength;
    }

    public int flags() {
        return flags;
    }

    /** Number of a set in {@link IdentifierSets}. */
    public int identifiers() {
        return identifiers;
    }

    public MessageRef identifiers(final int number) {
        this.identifiers = number;
        return this;
    }

    public int qos() {
        return DeliveryFlags.qos(flags);
    }

    /**
     * Exact length in bytes of the PUBLISH packet in this protocol level.
     *
     * @param identifiersLength bytes of the subscription identifiers as properties.
     */
    public long packetLength(final int protocolLevel, final int identifiersLength) {
        long remaining = (long) contentLength + (qos() > 0 ? 2 : 0);
        if (protocolLevel >= 5) {
            final long properties = (long) propertiesLength + identifiersLength + (expiryDeadlineNs != 0 ? 5 : 0);
            remaining += varIntLength(properties) + properties;
        }
        return 1 + varIntLength(remaining) + remaining;
    }

    private static int varIntLength(final long value) {
        return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;
    }

    /** Writes the four words, the owner's bits zero. */
    public void store(final long[] words, final int index) {
        words[index] = position;
        words[index + 1] = expiryDeadlineNs;
        words[index + 2] = (long) length << 32 | contentLength & 0xFFFF_FFFFL;
        words[index + 3] = (long) propertiesLength << 32 | (long) identifiers << IDENTIFIERS_SHIFT | flags & 0xFF;
    }

    /** Reads the four words. */
    public MessageRef load(final long[] words, final int index) {
        position = words[index];
        expiryDeadlineNs = words[index + 1];
        length = (int) (words[index + 2] >>> 32);
        contentLength = (int) words[index + 2];
        propertiesLength = (int) (words[index + 3] >>> 32);
        flags = (int) words[index + 3] & 0xFF;
        identifiers = identifiersOf(words, index);
        return this;
    }

    public static int identifiersOf(final long[] words, final int index) {
        return (int) ((words[index + 3] & IDENTIFIERS_MASK) >> IDENTIFIERS_SHIFT);
    }

    /** Sets the identifiers to none. */
    public static void dropIdentifiers(final long[] words, final int index) {
        words[index + 3] &= ~IDENTIFIERS_MASK;
    }

    public static int lengthOf(final long[] words, final int index) {
        return (int) (words[index + 2] >>> 32);
    }

    /** Hash of the four words at a place. */
    public static long hash(final long place, final long[] words, final int index) {
        return StateDigest.mix(
                StateDigest.mix(place, words[index], words[index + 1]), words[index + 2], words[index + 3]);
    }
}
