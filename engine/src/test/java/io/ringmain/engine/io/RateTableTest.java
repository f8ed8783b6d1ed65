package io.ringmain.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RateTableTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void shouldKeepBucketsApart() {
        final RateTable table = new RateTable(1024, 7);
        for (long key = 1; key <= 100; key++) {
            table.fullAtNs(key, key * 10);
        }
        for (long key = 1; key <= 100; key++) {
            assertEquals(key * 10, table.fullAtNs(key));
        }
        assertEquals(0, table.fullAtNs(101));
    }

    @Test
    void shouldForgetTheBucketThatIsFullFirst() {
        final RateTable table = new RateTable(8, 7);
        table.fullAtNs(1_000_000, Long.MAX_VALUE);
        for (long key = 1; key < 10_000; key++) {
            table.fullAtNs(key, key);
        }
        assertEquals(Long.MAX_VALUE, table.fullAtNs(1_000_000), "however many keys come");
        assertEquals(9_999, table.fullAtNs(9_999));
        assertEquals(0, table.fullAtNs(1));
    }

    @Test
    void shouldGiveSoManyTokensASecondAndABurst() {
        long bucket = 0;
        int taken = 0;
        long nowNs = 5 * SECOND;
        for (int i = 0; i < 10_000; i++) {
            if (TokenBucket.hasToken(bucket, nowNs, 100, SECOND)) {
                bucket = TokenBucket.take(bucket, nowNs, 1, 100);
                taken++;
            }
            nowNs += SECOND / 1000;
        }
        assertEquals(100 + 10 * 100 - 1, taken, "a burst and ten seconds' worth, but for the last millisecond's");
    }

    @Test
    void shouldGiveATokenHoweverSmallTheRateAndTheBurst() {
        assertTrue(TokenBucket.hasToken(0, SECOND, 1, 0));
        final long bucket = TokenBucket.take(0, SECOND, 1, 1);
        assertFalse(TokenBucket.hasToken(bucket, 2 * SECOND - 1, 1, 0));
        assertTrue(TokenBucket.hasToken(bucket, 2 * SECOND, 1, 0));
    }

    @Test
    void shouldTakeMoreThanThereIsAndWaitForIt() {
        final long bucket = TokenBucket.take(0, SECOND, 1000, 100);
        assertFalse(TokenBucket.hasToken(bucket, 10 * SECOND, 100, SECOND));
        assertTrue(TokenBucket.hasToken(bucket, 11 * SECOND, 100, SECOND));
    }
}
