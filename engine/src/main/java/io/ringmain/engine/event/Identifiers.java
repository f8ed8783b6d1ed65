package io.ringmain.engine.event;

import java.util.Arrays;

/** The identifiers of the subscriptions for which one session gets a message. A mutable carrier. */
public final class Identifiers {
    /** None. Not to be changed. */
    public static final Identifiers NONE = new Identifiers();

    private static final int PROPERTY_ID_LENGTH = 1;

    private int[] values = new int[8];
    private int count;

    public Identifiers clear() {
        count = 0;
        return this;
    }

    /** Adds one; 0 stands for none. */
    public Identifiers add(final int identifier) {
        if (identifier != 0) {
            if (count == values.length) {
                values = Arrays.copyOf(values, count * 2);
            }
            values[count++] = identifier;
        }
        return this;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    public int count() {
        return count;
    }

    public int get(final int index) {
        return values[index];
    }

    /** Bytes as properties of a PUBLISH. */
    public int wireLength() {
        int length = 0;
        for (int i = 0; i < count; i++) {
            length += PROPERTY_ID_LENGTH + varIntLength(values[i]);
        }
        return length;
    }

    private static int varIntLength(final int value) {
        return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;
    }

    /** Whether these are the same, in the same order. */
    public boolean isSame(final int[] others) {
        return others.length == count && Arrays.equals(values, 0, count, others, 0, count);
    }

    public int[] toArray() {
        return Arrays.copyOf(values, count);
    }
}
