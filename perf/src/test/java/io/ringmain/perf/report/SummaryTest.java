package io.ringmain.perf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private final Report summary = new Report("test");

    private void row(final String scenario, final String broker, final String figure, final double value) {
        summary.row()
                .cell(HtmlReport.SCENARIO, scenario)
                .cell(HtmlReport.BROKER, broker)
                .cell(HtmlReport.DESCRIPTION, "about " + scenario)
                .cell(figure, value)
                .cell(HtmlReport.WARNINGS, value > 100 ? "too much" : "");
    }

    @Test
    void shouldMakeFiguresRowsAndBrokersColumns() {
        row("idle", "a", "heap B", 1);
        row("idle", "b", "resident B", 2);
        final List<Map<String, Object>> rows = Summary.byFigure(summary.rows());
        assertEquals(2, rows.size());
        assertEquals("heap B", rows.get(0).get("figure"));
        assertEquals(1.0, rows.get(0).get("a"));
        assertNull(rows.get(0).get("b"));
        assertEquals(2.0, rows.get(1).get("b"));
    }

    @Test
    void shouldPutFlowsIntoOneTableAndTheOthersIntoTheirOwn() {
        row("1to1", "a", "delivered msg/s", 5);
        row("idle", "a", "heap B", 200);
        final Report ratios = new Report("compare").fact("lost", 0L);
        ratios.row().cell("figure", "heap B").cell("reached", "missed");
        final String page = MarkdownReport.of("T", "the command", ratios, summary, new Report("env").fact("cpu", "x"));
        assertTrue(page.contains("| lost | 0 |"), page);
        assertTrue(page.contains("| heap B | missed |"), page);
        assertTrue(page.contains("| 1to1 | a | 5.00 |"), page);
        assertFalse(page.contains("| idle | a |"), page);
        assertTrue(page.contains("## idle\n\nabout idle\n\n| figure | a |\n|---|---:|\n| heap B | 200 |"), page);
        assertTrue(page.contains("- idle, a: too much"), page);
        assertTrue(page.contains("| cpu | x |"), page);
    }

    @Test
    void shouldHaveAColumnForThreadsOnlyIfThereAreSeveral() {
        row("1to1", "a", "delivered msg/s", 5);
        assertFalse(HtmlReport.overview(summary.rows()).contains(HtmlReport.GENERATOR_THREADS));
        row("10pairs", "a", "delivered msg/s", 5);
        summary.cell(HtmlReport.GENERATOR_THREADS, 4L);
        assertTrue(HtmlReport.overview(summary.rows()).contains(HtmlReport.GENERATOR_THREADS));
        final Report none = new Report("none");
        final String page = MarkdownReport.of("T", "the command", none, summary, none);
        assertTrue(page.contains("| generator threads | generator cores |"), page);
        assertTrue(page.contains("| 4 | - |"), page);
    }
}
