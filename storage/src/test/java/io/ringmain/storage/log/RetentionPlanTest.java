package io.ringmain.storage.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told beforehand is what happens. */
class RetentionPlanTest {
    /** Records have the timestamps from here on, a nanosecond each. */
    private static final long START_NS = 1_000_000L;

    private static final int COUNT = 60_000;
    private static final long NOW_NS = START_NS + COUNT;
    private static final Retention NOTHING = new Retention(0, Long.MAX_VALUE, 0);

    @TempDir
    private Path dir;

    private List<Long> positions;

    private ChronicleMessageLog filled() {
        ChronicleMessageLog.open(TestRecords.context(dir)).close();
        try (ChronicleMessageLog log = ChronicleMessageLog.open(TestRecords.context(dir))) {
            positions = new TestRecords().append(log, 0, COUNT, 64);
        }
        return ChronicleMessageLog.open(TestRecords.context(dir));
    }

    private List<RetentionPlan.Line> plan(final Retention retention, final long lowWater) {
        return RetentionPlan.of(LogInspector.open(dir), retention, lowWater, NOW_NS);
    }

    private void assertHappens(
            final ChronicleMessageLog log, final Retention retention, final long lowWater, final String why) {
        final List<RetentionPlan.Line> plan = plan(retention, lowWater);
        final long going = plan.stream().filter(RetentionPlan.Line::goes).count();
        assertTrue(going > 0 && going < plan.size(), "going: " + going + " of " + plan.size());
        for (int i = 0; i < plan.size(); i++) {
            assertEquals(i < going, plan.get(i).goes(), "the oldest go first");
            assertTrue(
                    i >= going || plan.get(i).why().contains(why), plan.get(i).why());
        }
        assertEquals(going, log.truncate(lowWater, new LivePositions(), retention, NOW_NS));
        assertTrue(plan(retention, lowWater).stream().noneMatch(RetentionPlan.Line::goes));
    }

    @Test
    void shouldTellWhatGoesByAgeBySizeByFreeSpaceAndByNeed() {
        try (ChronicleMessageLog log = filled()) {
            final long all = log.appendPosition();
            assertHappens(log, new Retention(COUNT * 3 / 4, Long.MAX_VALUE, 0), all, "it ended 0s ago");
            assertHappens(log, new Retention(Long.MAX_VALUE, 6 << 20, 0), all, "and 6,291,456 are kept");
            assertHappens(log, NOTHING, positions.get(COUNT * 3 / 4), "are kept");
            assertHappens(log, new Retention(Long.MAX_VALUE, Long.MAX_VALUE, 100), all, "of the file system are free");
        }
    }

    @Test
    void shouldTellWhyASegmentStays() {
        filled().close();
        final long all = Long.MAX_VALUE;
        assertStays(plan(NOTHING, -1), "there is no snapshot");
        assertStays(plan(NOTHING, 10), "it reaches behind the newest snapshot, at position 10");
        assertStays(plan(Retention.FOREVER, all), "retention covers it");
        final List<RetentionPlan.Line> lines = plan(NOTHING, all);
        assertEquals(
                "it is appended to, or was last", lines.get(lines.size() - 1).why());
    }

    private static void assertStays(final List<RetentionPlan.Line> plan, final String why) {
        assertTrue(plan.get(0).why().contains(why), plan.get(0).why());
        assertEquals("the one before it stays", plan.get(1).why());
        assertTrue(plan.stream().noneMatch(RetentionPlan.Line::goes));
    }
}
