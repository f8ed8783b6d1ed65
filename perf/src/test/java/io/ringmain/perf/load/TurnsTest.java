package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ringmain.perf.broker.BrokerMemory;
import io.ringmain.perf.report.Report;
import io.ringmain.perf.report.Samples;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Report report = new Report("test");

    @Test
    void shouldPutTheMediansIntoTheRatio() {
        final Turns turns = new Turns(Map.of("connects/s", "5 times b"));
        for (final double value : new double[] {10, 40, 20}) {
            turns.add("a", new Figures().add("connects/s", value));
        }
        turns.add("b", new Figures().add("connects/s", 4));
        turns.write(report);
        final Map<String, Object> row = report.rows().get(0);
        assertEquals(20, ((Samples) row.get("a")).median());
        assertEquals(40, ((Samples) row.get("a")).best());
        assertEquals(5.0, row.get("a / b"));
        assertEquals("5 times b", row.get("goal"));
    }

    @Test
    void shouldHaveNoRatioToWhatIsNotKnown() {
        final Turns turns = new Turns(Map.of());
        turns.add("a", new Figures().add("wait s", 3).add("heap B", 5));
        turns.add("b", new Figures().add("wait s", 0).add("heap B", Double.NaN));
        turns.write(report);
        assertNull(report.rows().get(0).get("a / b"));
        assertNull(report.rows().get(1).get("a / b"));
        assertNull(report.rows().get(1).get("b"));
    }

    @Test
    void shouldDivideTheGrowthOfMemory() {
        final Figures figures = new Figures()
                .addMemory("connected", new BrokerMemory(-1, 100, 1000), new BrokerMemory(-1, 300, 5000), 4);
        assertEquals(Double.NaN, figures.byName().get("heap B each, connected"));
        assertEquals(50, figures.byName().get("anonymous B each, connected"));
        assertEquals(1000, figures.byName().get(Figures.resident("connected")));
    }
}
