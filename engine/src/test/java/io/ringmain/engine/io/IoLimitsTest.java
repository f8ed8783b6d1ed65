package io.ringmain.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IoLimitsTest {
    private static List<Method> getters() {
        final List<Method> getters = new ArrayList<>();
        for (final Method method : IoLimits.class.getMethods()) {
            if (method.getDeclaringClass() == IoLimits.class && method.getParameterCount() == 0) {
                getters.add(method);
            }
        }
        return getters;
    }

    private static void set(final IoLimits limits, final Method getter, final int value) throws Exception {
        final Class<?> type = getter.getReturnType();
        final Object argument =
                type == boolean.class ? (Object) true : type == long.class ? (Object) (long) value : value;
        IoLimits.class.getMethod(getter.getName(), type).invoke(limits, argument);
    }

    /** One that is left out would keep its old value at a reload. */
    @Test
    void shouldTakeAllBoundsOfAnother() throws Exception {
        final IoLimits other = new IoLimits();
        int value = 1_000_001;
        for (final Method getter : getters()) {
            set(other, getter, value++);
        }
        final IoLimits limits = new IoLimits().set(other);
        for (final Method getter : getters()) {
            assertEquals(getter.invoke(other), getter.invoke(limits), getter.getName());
        }
        assertTrue(value > 1_000_020);
    }
}
