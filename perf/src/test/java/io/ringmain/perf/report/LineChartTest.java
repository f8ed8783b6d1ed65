package io.ringmain.perf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LineChartTest {
    private static final Pattern POINTS = Pattern.compile("points=\"([^\"]*)\"");

    private static String points(final LineChart chart) {
        final Matcher matcher = POINTS.matcher(chart.svg());
        assertTrue(matcher.find());
        return matcher.group(1).strip();
    }

    @Test
    void shouldPutValuesWhereALinearAxisHasThem() {
        final LineChart chart = new LineChart("t", LineChart.Scale.LINEAR, LineChart.Scale.LINEAR)
                .line("a", List.of(new double[] {0, 0}, new double[] {5, 50}, new double[] {10, 100}));
        assertEquals("70.0,276.0 330.0,161.0 590.0,46.0", points(chart));
    }

    @Test
    void shouldGiveEachFactorOfTenTheSameRoomOnALogarithmicAxis() {
        final LineChart chart = LineChart.ofPercentiles("t")
                .line("a", List.of(new double[] {1, 1}, new double[] {10, 10}, new double[] {100, 100}));
        assertEquals("70.0,276.0 330.0,161.0 590.0,46.0", points(chart));
        assertTrue(chart.svg().contains(">99 %<"), chart.svg());
        assertFalse(chart.svg().contains(">99.9 %<"), chart.svg());
    }

    @Test
    void shouldStandValuesThatALogarithmicAxisCannotShow() {
        final String svg = LineChart.ofPercentiles("t")
                .line("a", List.of(new double[] {1, 0}, new double[] {1, 0.5}))
                .svg();
        assertFalse(svg.contains("NaN"), svg);
        assertFalse(svg.contains("Infinity"), svg);
    }

    @Test
    void shouldPutTheNamesOfLinesSideBySideAboveThem() {
        final List<double[]> points = List.of(new double[] {1, 1});
        final String svg = LineChart.ofPercentiles("t")
                .line("four", points)
                .line("b", points)
                .svg();
        assertTrue(svg.contains("x=\"70\" y=\"34\">four<"), svg);
        assertTrue(svg.contains("x=\"114\" y=\"34\">b<"), svg);
    }

    @Test
    void shouldBeEmptyWithoutPoints() {
        assertTrue(LineChart.ofPercentiles("t").line("a", List.of()).isEmpty());
    }
}
