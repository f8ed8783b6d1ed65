package io.ringmain.storage.log;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Records that were lost for good and that a salvage has accounted for: from then on the log is whole but for them.
 *
 * @param segment name of the segment file in which they lay, or behind whose place they are missing.
 * @param fromByte where in that file, as it was, the damage began; 0 if it wasn't in the file.
 * @param toByte where intact blocks went on.
 * @param fromPosition of the first record that is lost.
 * @param toPosition of the first record that isn't.
 * @param beforeNs timestamp of the last block before, epoch nanoseconds, 0 if there is none.
 * @param afterNs timestamp of the first block behind, 0 if there is none.
 * @param resumePosition where the value of the hash chain is known again, -1 if it is nowhere: then it goes on over
 *     what is there.
 * @param resumeHash that value, 64 hexadecimal digits; empty if it is nowhere known.
 * @param isAnnounced whether the broker has let go of what referred to them.
 */
public record LogGap(
        String segment,
        long fromByte,
        long toByte,
        long fromPosition,
        long toPosition,
        long beforeNs,
        long afterNs,
        long resumePosition,
        String resumeHash,
        boolean isAnnounced) {
    LogGap announced() {
        return new LogGap(
                segment,
                fromByte,
                toByte,
                fromPosition,
                toPosition,
                beforeNs,
                afterNs,
                resumePosition,
                resumeHash,
                true);
    }

    boolean isWithin(final LogGap other) {
        return fromPosition >= other.fromPosition && toPosition <= other.toPosition;
    }

    @Override
    public String toString() {
        return "segment " + segment + ", " + (toByte > fromByte ? "bytes " + fromByte + " to " + toByte + ", " : "")
                + "positions " + fromPosition + " to " + toPosition + ", between " + time(beforeNs) + " and "
                + time(afterNs);
    }

    private static String time(final long epochNs) {
        return epochNs == 0
                ? "?"
                : Instant.ofEpochSecond(0, 0)
                        .plusNanos(TimeUnit.MICROSECONDS.toNanos(TimeUnit.NANOSECONDS.toMicros(epochNs)))
                        .toString();
    }
}
