package io.ringmain.ops.log;

import java.util.function.Function;

/**
 * A column of an output: its one name in all of them, and where its value comes from.
 *
 * @param name in headers and as key.
 * @param place where it is shown.
 * @param isNumber whether a table aligns it right.
 * @param value a String, Number, Boolean, list of Strings, or null for nothing.
 */
record Column<T>(String name, Place place, boolean isNumber, Function<T, Object> value) {
    /** Which outputs have a column: a table must fit on a screen. */
    enum Place {
        EVERYWHERE,
        TABLE,
        DATA
    }

    static <T> Column<T> text(final String name, final Function<T, Object> value) {
        return new Column<>(name, Place.EVERYWHERE, false, value);
    }

    static <T> Column<T> number(final String name, final Function<T, Object> value) {
        return new Column<>(name, Place.EVERYWHERE, true, value);
    }

    /** The same, in no table. */
    Column<T> dataOnly() {
        return new Column<>(name, Place.DATA, isNumber, value);
    }

    /** The same, in tables alone. */
    Column<T> tableOnly() {
        return new Column<>(name, Place.TABLE, isNumber, value);
    }
}
