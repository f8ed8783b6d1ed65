package io.ringmain.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.junit.jupiter.api.Test;

class IoLimitsTest {
    @Test
    void shouldTakeEveryBoundOfAnother() throws IllegalAccessException {
        final IoLimits other = new IoLimits();
        int bounds = 0;
        for (final Field field : IoLimits.class.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers())) {
                continue;
            }
            field.setAccessible(true);
            if (field.getType() == int.class) {
                field.setInt(other, field.getInt(other) + 1);
                bounds++;
            } else if (field.getType() == long.class) {
                field.setLong(other, field.getLong(other) + 1);
                bounds++;
            } else if (field.getType() == boolean.class) {
                field.setBoolean(other, !field.getBoolean(other));
                bounds++;
            }
        }
        assertTrue(bounds > 20, "only " + bounds);
        final IoLimits taken = new IoLimits().set(other);
        for (final Field field : IoLimits.class.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
                field.setAccessible(true);
                assertEquals(field.get(other), field.get(taken), field.getName());
            }
        }
    }
}
