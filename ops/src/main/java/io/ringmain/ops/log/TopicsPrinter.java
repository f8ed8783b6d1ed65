package io.ringmain.ops.log;

import io.ringmain.engine.catalog.CatalogAnswer;
import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** Prints topics: for people, or for programs. */
final class TopicsPrinter {
    enum Output {
        table,
        json,
        ndjson,
        csv
    }

    private static final List<String> COLUMNS = List.of("topic", "first", "last", "count", "bytes", "publisher");
    private static final String GAP = "  ";

    private final CatalogAnswer answer;
    private final int count;
    private final PrintStream out =
            new PrintStream(new BufferedOutputStream(System.out, 64 << 10), false, StandardCharsets.UTF_8);

    /** @param count of topics to be printed. */
    TopicsPrinter(final CatalogAnswer answer, final int count) {
        this.answer = answer;
        this.count = count;
    }

    void print(final Output output) {
        switch (output) {
            case table -> table();
            case csv -> csv();
            default -> json(output == Output.json);
        }
        out.flush();
    }

    private String topic(final int index) {
        return new String(answer.topic(index), StandardCharsets.UTF_8);
    }

    private String publisher(final int index) {
        return new String(answer.publisher(index), StandardCharsets.UTF_8);
    }

    /** The columns, each as wide as its widest value. */
    private void table() {
        final List<IntFunction<String>> cells = List.of(
                i -> PrintableText.escaped(topic(i)),
                i -> EventText.time(answer.firstNs(i)),
                i -> EventText.time(answer.lastNs(i)),
                i -> Long.toString(answer.messages(i)),
                i -> Long.toString(answer.bytes(i)),
                i -> PrintableText.escaped(publisher(i)));
        final int[] widths = new int[COLUMNS.size()];
        for (int column = 0; column < widths.length; column++) {
            final IntFunction<String> cell = cells.get(column);
            widths[column] = IntStream.range(0, count)
                    .map(i -> cell.apply(i).length())
                    .reduce(COLUMNS.get(column).length(), Math::max);
        }
        line(COLUMNS, widths);
        for (int i = 0; i < count && !out.checkError(); i++) {
            final int index = i;
            line(cells.stream().map(cell -> cell.apply(index)).toList(), widths);
        }
    }

    private void line(final List<String> values, final int[] widths) {
        final StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            final String value = values.get(column);
            final String padding = " ".repeat(widths[column] - value.length());
            final boolean isNumber = column == 3 || column == 4;
            line.append(column == 0 ? "" : GAP);
            line.append(isNumber ? padding + value : column == widths.length - 1 ? value : value + padding);
        }
        out.println(line);
    }

    /** As in RFC 4180, with line feeds. */
    private void csv() {
        out.println(String.join(",", COLUMNS));
        for (int i = 0; i < count; i++) {
            out.println(quoted(topic(i)) + "," + EventText.time(answer.firstNs(i)) + ","
                    + EventText.time(answer.lastNs(i)) + "," + answer.messages(i) + "," + answer.bytes(i) + ","
                    + quoted(publisher(i)));
        }
    }

    private static String quoted(final String text) {
        final boolean isPlain = text.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
        return isPlain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    private void json(final boolean asArray) {
        final JsonFactory factory = JsonFactory.builder()
                .configure(StreamWriteFeature.AUTO_CLOSE_TARGET, false)
                .build();
        if (asArray) {
            try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), out)) {
                json.writeStartArray();
                for (int i = 0; i < count; i++) {
                    object(json, i);
                }
                json.writeEndArray();
            }
            out.println();
            return;
        }
        for (int i = 0; i < count; i++) {
            try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), out)) {
                object(json, i);
            }
            out.println();
        }
    }

    private void object(final JsonGenerator json, final int index) {
        json.writeStartObject();
        json.writeStringProperty("topic", topic(index));
        json.writeStringProperty("first", EventText.time(answer.firstNs(index)));
        json.writeStringProperty("last", EventText.time(answer.lastNs(index)));
        json.writeNumberProperty("count", answer.messages(index));
        json.writeNumberProperty("bytes", answer.bytes(index));
        json.writeStringProperty("publisher", publisher(index));
        json.writeEndObject();
    }
}
