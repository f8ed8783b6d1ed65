package io.ringmain.engine.io;

/**
 * What a publisher may still add to a queue once the core has found it long, however the threads are scheduled: what is in
 * the ring, where each message takes a slot at least of {@link IoContext#messageSlots}, and what its agent hands on before
 * it looks whether it is to pause it. Who wants to lose nothing has so much room in the queue.
 */
public final class HoldBack {
    /**
     * Packets of one read that an agent hands on without looking whether it is to pause their connection. A read of 256 KiB
     * may have 37,449 messages with QoS 1; a look costs two reads of memory that nobody writes.
     */
    static final int PACKETS_BETWEEN_LOOKS = 64;

    private HoldBack() {}

    /** Messages that one publisher may still add. */
    public static long messages(final int messageSlots) {
        return (long) messageSlots + PACKETS_BETWEEN_LOOKS;
    }

    /**
     * Bytes of events that one publisher may still add.
     *
     * @param slotBytes of the slots that messages may take.
     * @param maxPacketSize in bytes.
     * @param eventOverhead bytes that an event has at most beside those of its packet.
     */
    public static long bytes(final long slotBytes, final int maxPacketSize, final int eventOverhead) {
        return slotBytes + Math.max(Reader.BUFFER_LENGTH, maxPacketSize) + (long) PACKETS_BETWEEN_LOOKS * eventOverhead;
    }
}
