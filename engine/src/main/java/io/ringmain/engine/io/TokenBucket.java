package io.ringmain.engine.io;

import java.util.concurrent.TimeUnit;

/**
 * The arithmetic of token buckets. A bucket is the time at which it will be full again, nanoseconds: what is taken moves
 * it on by the time in which as much comes back.
 */
final class TokenBucket {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private TokenBucket() {}

    /** How long, nanoseconds, so many tokens take to come back. */
    static long costNs(final long tokens, final long perSecond) {
        return tokens * SECOND_NS / perSecond;
    }

    /**
     * Whether there is a token.
     *
     * @param burstNs what the bucket holds, as the time in which it comes back.
     */
    static boolean hasToken(final long fullAtNs, final long nowNs, final long perSecond, final long burstNs) {
        return nowNs >= hasTokenAtNs(fullAtNs, perSecond, burstNs);
    }

    /** From when on there is a token. */
    static long hasTokenAtNs(final long fullAtNs, final long perSecond, final long burstNs) {
        return fullAtNs - Math.max(0, burstNs - SECOND_NS / perSecond);
    }

    /** The bucket when so many tokens have been taken, maybe more than there were. */
    static long take(final long fullAtNs, final long nowNs, final long tokens, final long perSecond) {
        return Math.max(fullAtNs, nowNs) + costNs(tokens, perSecond);
    }
}
