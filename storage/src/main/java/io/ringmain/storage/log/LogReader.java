package io.ringmain.storage.log;

import org.agrona.DirectBuffer;

/** Reads records of a {@link MessageLog} by position. Confined to one thread; runs beside the writer. */
public interface LogReader extends AutoCloseable {
    /** Receives a record where it lies; the buffer is valid during the call only. */
    @FunctionalInterface
    interface RecordHandler {
        /**
         * @param position of the record in the log.
         * @param buffer that holds the record.
         * @param offset of the record's {@link RecordDescriptor} header in the buffer.
         * @param length of the record in bytes with that header, without padding.
         * @return true to go on, false to stop after this record.
         */
        boolean onRecord(long position, DirectBuffer buffer, int offset, int length);
    }

    /**
     * Reads one record.
     *
     * @return true if the record was there and handed over; false if no record starts at this position (any more).
     */
    boolean read(long position, RecordHandler handler);

    /**
     * Reads records in order from a position to the end of the log as of now, or until the handler stops.
     *
     * @param fromPosition of the first record wanted; one inside a record means the next record.
     * @return the position after the last record handed over, or {@code fromPosition} if there was none.
     */
    long scan(long fromPosition, RecordHandler handler);

    /** Gives back what the reader holds of files that were removed since: until then they take their space. Cheap. */
    default void letGo() {}

    @Override
    void close();
}
