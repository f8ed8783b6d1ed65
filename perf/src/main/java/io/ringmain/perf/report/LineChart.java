package io.ringmain.perf.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A chart of lines as SVG that stands in a page of HTML: no script, no font, no file beside it. */
final class LineChart {
    private static final int WIDTH = 620;
    private static final int HEIGHT = 316;
    private static final int LEFT = 70;
    private static final int RIGHT = 30;
    private static final int TOP = 46;
    private static final int BOTTOM = 40;
    private static final int TITLE_Y = 16;
    private static final int LEGEND_Y = 34;

    /** About as wide as a letter of the legend is, so that names stand side by side. */
    private static final int LEGEND_LETTER = 7;

    private static final int LEGEND_GAP = 16;
    private static final int LINEAR_TICKS = 5;
    private static final List<String> COLOURS =
            List.of("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf");

    /** How values become places along an axis. */
    enum Scale {
        LINEAR,
        LOGARITHMIC
    }

    private record Series(String name, List<double[]> points) {}

    private record Tick(double value, String label) {}

    private final String title;
    private final Scale xScale;
    private final Scale yScale;
    private final List<Series> series = new ArrayList<>();
    private List<Tick> xTicks = List.of();

    LineChart(final String title, final Scale xScale, final Scale yScale) {
        this.title = title;
        this.xScale = xScale;
        this.yScale = yScale;
    }

    /** Latency over percentiles, whose axis gives each further nine as much room as the one before. */
    static LineChart ofPercentiles(final String title) {
        final LineChart chart = new LineChart(title, Scale.LOGARITHMIC, Scale.LOGARITHMIC);
        chart.xTicks = List.of(
                new Tick(1, "0 %"),
                new Tick(10, "90 %"),
                new Tick(100, "99 %"),
                new Tick(1e3, "99.9 %"),
                new Tick(1e4, "99.99 %"),
                new Tick(1e5, "99.999 %"),
                new Tick(1e6, "99.9999 %"));
        return chart;
    }

    /** @param points {x, y}, in the order in which they are joined; a line without any isn't drawn. */
    LineChart line(final String name, final List<double[]> points) {
        if (!points.isEmpty()) {
            series.add(new Series(name, points));
        }
        return this;
    }

    boolean isEmpty() {
        return series.isEmpty();
    }

    String svg() {
        final Axis x = axis(0, xScale);
        final Axis y = axis(1, yScale);
        final StringBuilder svg = new StringBuilder();
        append(
                svg,
                "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">",
                WIDTH,
                HEIGHT,
                WIDTH,
                HEIGHT);
        append(svg, "<text class=\"title\" x=\"%d\" y=\"%d\">%s</text>", LEFT, TITLE_Y, Html.escape(title));
        final List<Tick> ticks = xTicks.isEmpty() ? x.ticks() : xTicks;
        for (final Tick tick : ticks) {
            if (tick.value() >= x.low() && tick.value() <= x.high()) {
                final double at = xAt(x, tick.value());
                append(
                        svg,
                        "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
                        at,
                        at,
                        TOP,
                        HEIGHT - BOTTOM);
                append(svg, "<text class=\"x\" x=\"%.1f\" y=\"%d\">%s</text>", at, HEIGHT - BOTTOM + 16, tick.label());
            }
        }
        for (final Tick tick : y.ticks()) {
            final double at = yAt(y, tick.value());
            append(
                    svg,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    LEFT,
                    WIDTH - RIGHT,
                    at,
                    at);
            append(svg, "<text class=\"y\" x=\"%d\" y=\"%.1f\">%s</text>", LEFT - 6, at + 4, tick.label());
        }
        int legendX = LEFT;
        for (int i = 0; i < series.size(); i++) {
            draw(svg, i, x, y, legendX);
            legendX += series.get(i).name().length() * LEGEND_LETTER + LEGEND_GAP;
        }
        return svg.append("</svg>").toString();
    }

    private void draw(final StringBuilder svg, final int index, final Axis x, final Axis y, final int legendX) {
        final String colour = COLOURS.get(index % COLOURS.size());
        svg.append("<polyline fill=\"none\" stroke-width=\"1.5\" stroke=\"")
                .append(colour)
                .append("\" points=\"");
        for (final double[] point : series.get(index).points()) {
            append(svg, "%.1f,%.1f ", xAt(x, point[0]), yAt(y, point[1]));
        }
        svg.append("\"/>");
        append(
                svg,
                "<text class=\"legend\" fill=\"%s\" x=\"%d\" y=\"%d\">%s</text>",
                colour,
                legendX,
                LEGEND_Y,
                Html.escape(series.get(index).name()));
    }

    private static void append(final StringBuilder svg, final String format, final Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }

    private static double xAt(final Axis x, final double value) {
        return LEFT + x.share(value) * (WIDTH - LEFT - RIGHT);
    }

    private static double yAt(final Axis y, final double value) {
        return HEIGHT - BOTTOM - y.share(value) * (HEIGHT - TOP - BOTTOM);
    }

    private Axis axis(final int dimension, final Scale scale) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (final Series one : series) {
            for (final double[] point : one.points()) {
                low = Math.min(low, point[dimension]);
                high = Math.max(high, point[dimension]);
            }
        }
        return Axis.of(scale, low, high);
    }

    /** One direction of the chart, from the lowest to the highest value in it. */
    private record Axis(Scale scale, double low, double high, double step) {
        static Axis of(final Scale scale, final double low, final double high) {
            if (scale == Scale.LOGARITHMIC) {
                final double floor = Math.pow(10, Math.floor(Math.log10(Math.max(low, 1))));
                final double ceiling = Math.pow(10, Math.ceil(Math.log10(Math.max(high, 1))));
                return new Axis(scale, floor, Math.max(ceiling, floor * 10), 10);
            }
            final double raw = Math.max(high, 1e-3) / LINEAR_TICKS;
            final double magnitude = Math.pow(10, Math.floor(Math.log10(raw)));
            final double times = raw / magnitude;
            final double step = magnitude * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
            return new Axis(scale, 0, Math.ceil(Math.max(high, 1e-3) / step) * step, step);
        }

        /** 0 at the lowest value, 1 at the highest. */
        double share(final double value) {
            final double inside = Math.min(Math.max(value, low), high);
            return scale == Scale.LOGARITHMIC
                    ? Math.log(inside / low) / Math.log(high / low)
                    : (inside - low) / (high - low);
        }

        List<Tick> ticks() {
            final List<Tick> ticks = new ArrayList<>();
            final int count =
                    (int) Math.round(scale == Scale.LOGARITHMIC ? Math.log10(high / low) : (high - low) / step);
            for (int i = 0; i <= count; i++) {
                final double value = scale == Scale.LOGARITHMIC ? low * Math.pow(10, i) : low + i * step;
                ticks.add(new Tick(
                        value,
                        Report.text(
                                value >= 10 || value == Math.rint(value)
                                        ? (Object) Math.round(value)
                                        : (Object) value)));
            }
            return ticks;
        }
    }
}
