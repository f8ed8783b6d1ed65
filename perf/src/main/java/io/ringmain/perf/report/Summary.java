package io.ringmain.perf.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rows of a summary, which has one for each scenario and broker, as a page shows them. */
final class Summary {
    /** What every flow has, and nothing else. */
    private static final String DELIVERED = "delivered msg/s";

    private Summary() {}

    static boolean isFlow(final Map<String, Object> row) {
        return row.containsKey(DELIVERED);
    }

    /** In the order in which the scenarios come. */
    static Map<String, List<Map<String, Object>>> byScenario(final List<Map<String, Object>> rows) {
        final Map<String, List<Map<String, Object>>> byScenario = new LinkedHashMap<>();
        rows.forEach(row -> byScenario
                .computeIfAbsent(text(row, HtmlReport.SCENARIO), key -> new ArrayList<>())
                .add(row));
        return byScenario;
    }

    /** The figures of one scenario as rows, and its brokers as columns: for many figures of few brokers. */
    static List<Map<String, Object>> byFigure(final List<Map<String, Object>> rows) {
        final Set<String> figures = new LinkedHashSet<>();
        rows.forEach(row -> figures.addAll(row.keySet()));
        figures.removeAll(List.of(HtmlReport.SCENARIO, HtmlReport.BROKER, HtmlReport.DESCRIPTION, HtmlReport.WARNINGS));
        final List<Map<String, Object>> transposed = new ArrayList<>();
        for (final String figure : figures) {
            final Map<String, Object> cells = new LinkedHashMap<>();
            cells.put("figure", figure);
            rows.forEach(row -> cells.put(text(row, HtmlReport.BROKER), row.get(figure)));
            transposed.add(cells);
        }
        return transposed;
    }

    /** Empty if there is no such cell. */
    static String text(final Map<String, Object> row, final String column) {
        final Object value = row.get(column);
        return value == null ? "" : value.toString();
    }
}
