package io.ringmain.ops.log;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Objects, one per line or in one array. What has no value is left out. */
final class JsonRows<T> extends Rows<T> {
    private final JsonFactory factory = new JsonFactory();
    private final List<Column<T>> columns;
    private final boolean isArray;
    private boolean isBegun;

    JsonRows(final List<Column<T>> columns, final DataOut out, final boolean isArray) {
        super(out);
        this.columns = columns.stream()
                .filter(column -> column.place() != Column.Place.TABLE)
                .toList();
        this.isArray = isArray;
    }

    @Override
    void write(final T row) {
        if (isArray) {
            out().write((isBegun ? "," : "[").getBytes(StandardCharsets.UTF_8));
            isBegun = true;
        }
        final ByteArrayOutputStream object = new ByteArrayOutputStream();
        try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), object)) {
            json.writeStartObject();
            for (final Column<T> column : columns) {
                property(json, column.name(), column.value().apply(row));
            }
            json.writeEndObject();
        }
        out().write(object.toByteArray());
        if (!isArray) {
            out().line("");
        }
    }

    private static void property(final JsonGenerator json, final String name, final Object value) {
        if (value instanceof final Number number) {
            json.writeName(name);
            json.writeNumber(number.toString());
        } else if (value instanceof final Boolean bool) {
            json.writeBooleanProperty(name, bool);
        } else if (value instanceof final List<?> list) {
            json.writeArrayPropertyStart(name);
            list.forEach(item -> json.writeString(String.valueOf(item)));
            json.writeEndArray();
        } else if (value != null) {
            json.writeStringProperty(name, value.toString());
        }
    }

    @Override
    public void close() {
        if (isArray) {
            out().line(isBegun ? "]" : "[]");
        }
        super.close();
    }
}
