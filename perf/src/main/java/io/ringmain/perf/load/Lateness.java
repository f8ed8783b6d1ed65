package io.ringmain.perf.load;

/**
 * How busy a generator is that spins and has a rate: the share of the time in which more was due than it could send, and
 * the broker took all that it sent. What the broker doesn't take is not the generator's fault.
 */
final class Lateness {
    private boolean isBehind;
    private long sinceNs;
    private long behindNs;

    /** What is seen from now on counts. */
    void begin(final long nowNs) {
        sinceNs = nowNs;
        behindNs = 0;
    }

    /**
     * A turn is over, and stands for the time until the next one.
     *
     * @param nowNs when it began.
     * @param isMoreDue whether it left something that was due, with the broker ready to take it.
     */
    void onTurn(final long nowNs, final boolean isMoreDue) {
        if (isBehind) {
            behindNs += nowNs - sinceNs;
        }
        sinceNs = nowNs;
        isBehind = isMoreDue;
    }

    /** Of the time that counted. */
    long behindNs() {
        return behindNs;
    }
}
