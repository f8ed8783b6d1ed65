package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StatisticsTest {
    private final Statistics statistics = new Statistics(true);

    @Test
    void shouldCountWhatIsMissingDoubledOrOutOfOrder() {
        final Arrivals one = statistics.newArrivals();
        for (final long sequence : new long[] {0, 1, 4, 4, 2, 7, 0, 8}) {
            one.add(sequence);
        }
        assertEquals(3, statistics.missing());
        assertEquals(2, statistics.duplicated());
        assertEquals(1, statistics.outOfOrder());
    }

    @Test
    void shouldCountForEachReceiverAndPublisher() {
        statistics.newArrivals().add(1);
        final Arrivals other = statistics.newArrivals();
        other.add(0);
        other.add(0);
        assertEquals(1, statistics.missing());
        assertEquals(1, statistics.duplicated());
    }

    @Test
    void shouldNotKeepMoreOpenNumbersThanItCan() {
        final Arrivals one = statistics.newArrivals();
        one.add(10_000_000_000L);
        one.add(10_000_000_001L);
        assertEquals(10_000_000_000L, one.missing());
        one.add(5);
        assertEquals(9_999_999_999L, one.missing());
        assertEquals(1, one.outOfOrder());
    }

    @Test
    void shouldSampleEverySixteenthOfAClosedLoop() {
        final Statistics sampling = new Statistics(false);
        sampling.begin(0);
        for (int i = 0; i < 160; i++) {
            sampling.onReceived(100, 50);
        }
        assertEquals(10, sampling.latencyNs().getTotalCount());
    }

    @Test
    void shouldAddWhatAnotherSaw() {
        final Statistics other = new Statistics(true);
        for (final Statistics each : new Statistics[] {statistics, other, other}) {
            each.begin(0);
            each.onReceived(3000, 1000);
            each.onAcknowledged(9000, 1000);
        }
        statistics.newArrivals().add(2);
        final Arrivals doubled = other.newArrivals();
        doubled.add(1);
        doubled.add(1);
        doubled.add(0);
        statistics.add(other);
        assertEquals(3, statistics.latencyNs().getTotalCount());
        assertEquals(3, statistics.acknowledgedNs().getTotalCount());
        assertEquals(2, statistics.missing());
        assertEquals(1, statistics.duplicated());
        assertEquals(1, statistics.outOfOrder());
        assertEquals(2, other.latencyNs().getTotalCount(), "is what it was");
    }

    @Test
    void shouldTakeLatencyOfAllThatWasToBeSentInTheTimeThatCountsWheneverItArrives() {
        statistics.onAcknowledged(1_000_000, 0);
        statistics.begin(1_000_000);
        statistics.onAcknowledged(5_000_000, 999_999);
        statistics.onAcknowledged(5_000_000, 2_000_000);
        statistics.onAcknowledged(5_000_000, 6_000_000);
        statistics.end(7_000_000);
        statistics.onAcknowledged(Long.MAX_VALUE, 6_999_999);
        statistics.onAcknowledged(9_000_000, 7_000_000);
        assertEquals(3, statistics.acknowledgedNs().getTotalCount());
        assertEquals(0, statistics.acknowledgedNs().getMinValue());
        assertEquals(3e6, statistics.acknowledgedNs().getValueAtPercentile(50), 3e3);
        assertEquals(60e9, statistics.acknowledgedNs().getMaxValue(), 60e6);
    }
}
