package io.ringmain.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MarksTest {
    private static final long TAIL = 1_000_000;

    private final Marks marks = new Marks();

    @Test
    void shouldHoldNothingBackWithoutMarks() {
        assertTrue(marks.isEmpty());
        assertEquals(TAIL, marks.limit(0, TAIL));
    }

    @Test
    void shouldKeepTheOrderOfAnyNumberOfMarks() {
        for (int count = 1; count <= 20; count++) {
            for (int i = 0; i < count; i++) {
                marks.add(10L * i, 100 + i);
            }
            for (int i = 0; i < count; i++) {
                assertEquals(10L * i, marks.limit(99 + i, TAIL));
            }
            assertEquals(TAIL, marks.limit(99 + count, TAIL));
        }
    }

    @Test
    void shouldMakeRoomInFrontBeforeItGrows() {
        marks.add(0, 1);
        for (int i = 1; i < 1000; i++) {
            marks.add(i, i + 1);
            assertEquals(i, marks.limit(i, TAIL));
        }
    }

    @Test
    void shouldTakeALowerRequirementAsMetByTheOneBeforeIt() {
        marks.add(0, 5);
        marks.add(10, 3);
        assertEquals(0, marks.limit(4, TAIL));
        assertEquals(TAIL, marks.limit(5, TAIL));
    }

    @Test
    void shouldForgetAllWhenCleared() {
        marks.add(0, 5);
        marks.clear();
        assertTrue(marks.isEmpty());
        assertEquals(TAIL, marks.limit(0, TAIL));
    }
}
