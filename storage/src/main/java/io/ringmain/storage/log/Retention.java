package io.ringmain.storage.log;

/**
 * How long segments of the log are kept that nothing needs any more. One goes when any of the three says so.
 *
 * @param maxAgeNs since its last record, nanoseconds; 0 keeps nothing that isn't needed.
 * @param maxBytes of all segments and files of kept records together.
 * @param minFreePercent of the file system that is to stay free, 0 to 100.
 */
public record Retention(long maxAgeNs, long maxBytes, int minFreePercent) {
    private static final int PERCENT = 100;

    /** Keeps everything. */
    public static final Retention FOREVER = new Retention(Long.MAX_VALUE, Long.MAX_VALUE, 0);

    /** Whether nothing at all is to stay that isn't needed. */
    boolean keepsNothing() {
        return maxAgeNs == 0;
    }

    /** Whether something of this age isn't covered by its age. */
    public boolean isOverAge(final long ageNs) {
        return ageNs >= maxAgeNs;
    }

    boolean isOver(final long ageNs, final long bytes, final long freeBytes, final long totalBytes) {
        return isOverAge(ageNs) || bytes > maxBytes || freeBytes < totalBytes / PERCENT * minFreePercent;
    }
}
