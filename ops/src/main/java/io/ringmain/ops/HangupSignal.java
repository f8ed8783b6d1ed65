package io.ringmain.ops;

import java.lang.reflect.Proxy;

/**
 * SIGHUP. The JDK has signals in {@code sun.misc}, which can't be compiled against without a warning that nothing
 * silences, hence the reflection; where it isn't there, there is no SIGHUP to handle either.
 */
final class HangupSignal {
    private HangupSignal() {}

    /**
     * Has an action run, on a thread of the JVM's, whenever the signal comes.
     *
     * @return false where that can't be had, or where whoever started this process has it ignored.
     */
    static boolean handle(final Runnable action) {
        try {
            final Class<?> signal = Class.forName("sun.misc.Signal");
            final Class<?> handler = Class.forName("sun.misc.SignalHandler");
            final Object proxy = Proxy.newProxyInstance(
                    HangupSignal.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                            return null;
                        }
                        return switch (method.getName()) {
                            case "equals" -> self == arguments[0];
                            case "hashCode" -> System.identityHashCode(self);
                            default -> "SIGHUP";
                        };
                    });
            final Object hangup = signal.getConstructor(String.class).newInstance("HUP");
            final Object before = signal.getMethod("handle", signal, handler).invoke(null, hangup, proxy);
            // Started by nohup: the JVM leaves it ignored.
            return before != handler.getField("SIG_IGN").get(null);
        } catch (final ReflectiveOperationException ex) {
            return false;
        }
    }
}
