package io.ringmain.storage.log;

import org.agrona.DirectBuffer;

/**
 * Finds the keys of a record, by which a segment can be told not to hold what is asked for. The log stores opaque
 * records; who knows their layout implements this. Called off the hot path, from one thread at a time.
 */
public interface RecordKeys {
    /** Knows no keys: no segment is skipped for what its records say. */
    RecordKeys NONE = new RecordKeys() {
        @Override
        public int version() {
            return 0;
        }

        @Override
        public void keys(final DirectBuffer buffer, final int offset, final int length, final Sink sink) {}
    };

    /** Takes keys. */
    @FunctionalInterface
    interface Sink {
        /**
         * @param kind tells keys of different meaning but the same bytes apart.
         * @return true if this very key is among those that were handed over before; false if it isn't, or may not be.
         */
        boolean onKey(int kind, DirectBuffer buffer, int offset, int length);
    }

    /** Which keys are found, 0 for none; a filter of another version answers no question. */
    int version();

    /**
     * Hands over the keys of a record.
     *
     * @param offset of the record's {@link RecordDescriptor} header in the buffer.
     * @param length of the record in bytes with that header, without padding.
     */
    void keys(DirectBuffer buffer, int offset, int length, Sink sink);
}
