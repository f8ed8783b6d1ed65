package io.ringmain.engine;

import com.sun.jna.Native;

/**
 * The priority of threads that do what can wait: where there are fewer processors than threads, they get what the
 * others leave. On Linux alone, as elsewhere a nice value is that of the whole process.
 */
final class BackgroundPriority {
    private static final boolean IS_LINUX = "Linux".equals(System.getProperty("os.name"));
    private static final int PRIO_PROCESS = 0;
    private static final int CALLING_THREAD = 0;

    private BackgroundPriority() {}

    /** Of the C library; a class of its own, so that what can't be linked is found out by the thread that is lowered. */
    private static final class LibC {
        static {
            Native.register(LibC.class, "c");
        }

        private static native int setpriority(int which, int who, int nice);
    }

    /**
     * Gives the calling thread a nice value. Nothing happens where that can't be had.
     *
     * @param nice 1 to 19; 0 leaves the thread as it is.
     */
    static void lower(final int nice) {
        if (nice == 0 || !IS_LINUX) {
            return;
        }
        try {
            LibC.setpriority(PRIO_PROCESS, CALLING_THREAD, nice);
        } catch (final LinkageError ignored) {
            // No native code of JNA for this machine, or nowhere to put it: the thread competes like any other.
        }
    }
}
