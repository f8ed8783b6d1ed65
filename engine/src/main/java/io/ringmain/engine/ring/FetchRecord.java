package io.ringmain.engine.ring;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Between an I/O agent and the agent that reads the log for it: two rings per lane.
 *
 * <pre>
 *  0               8                  16
 *  +---------------+------------------+---------------------------------------------+
 *  | connection id | message position | answer FOUND: the event, a whole frame      |
 *  +---------------+------------------+---------------------------------------------+
 * </pre>
 *
 * Answers come in the order of the requests.
 */
public final class FetchRecord {
    /** Message type of a request. */
    public static final int REQUEST = 1;
    /** Message type of an answer with the event. */
    public static final int FOUND = 2;
    /** Message type of an answer without: no record lies at that position any more. */
    public static final int MISSING = 3;

    public static final int HEADER_LENGTH = 16;

    private FetchRecord() {}

    public static void write(
            final MutableDirectBuffer buffer, final int offset, final long connectionId, final long position) {
        buffer.putLong(offset, connectionId, LITTLE_ENDIAN);
        buffer.putLong(offset + 8, position, LITTLE_ENDIAN);
    }

    public static long connectionId(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset, LITTLE_ENDIAN);
    }

    public static long position(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + 8, LITTLE_ENDIAN);
    }
}
