package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StatisticsTest {
    private final Statistics statistics = new Statistics();

    @Test
    void shouldCountWhatIsMissingDoubledOrOutOfOrder() {
        long last = -1;
        for (final long sequence : new long[] {0, 1, 4, 4, 2, 3}) {
            statistics.onSequence(last, sequence);
            last = sequence;
        }
        assertEquals(2, statistics.missing());
        assertEquals(1, statistics.duplicated());
        assertEquals(1, statistics.outOfOrder());
    }

    @Test
    void shouldTakeLatencyFromWhenAMessageWasToBeSentAndOnlyWhileRecording() {
        statistics.onAcknowledged(1_000_000, 0);
        statistics.recording(true);
        statistics.onAcknowledged(5_000_000, 2_000_000);
        statistics.onAcknowledged(5_000_000, 6_000_000);
        statistics.onAcknowledged(Long.MAX_VALUE, 0);
        statistics.recording(false);
        statistics.onAcknowledged(9_000_000, 0);
        assertEquals(3, statistics.acknowledgedNs().getTotalCount());
        assertEquals(0, statistics.acknowledgedNs().getMinValue());
        assertEquals(3e6, statistics.acknowledgedNs().getValueAtPercentile(50), 3e3);
        assertEquals(60e9, statistics.acknowledgedNs().getMaxValue(), 60e6);
    }
}
