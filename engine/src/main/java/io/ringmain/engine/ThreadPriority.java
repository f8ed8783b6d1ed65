package io.ringmain.engine;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/**
 * Where there are fewer processors than threads: who waits for whom. Threads that do what can wait get what the others
 * leave, and those on the way of a message run at once when they are woken. On Linux alone; nothing happens where it can't
 * be had.
 */
final class ThreadPriority {
    private static final int PRIO_PROCESS = 0;
    private static final int CALLING_THREAD = 0;
    private static final int UNKNOWN = -1;

    /** Numbers of the system calls; the C library has no functions for them. */
    private static final int SET_ATTRIBUTES = systemCall(314, 274);

    private static final int GET_ATTRIBUTES = systemCall(315, 275);

    // struct sched_attr, sched_setattr(2): size u32 | policy u32 | flags u64 | nice i32 | priority u32 | runtime u64 |
    // ...
    private static final int ATTRIBUTES_LENGTH = 48;
    private static final int RUNTIME_OFFSET = 24;

    private ThreadPriority() {}

    private static int systemCall(final int onX86, final int onArm) {
        if (!"Linux".equals(System.getProperty("os.name"))) {
            return UNKNOWN;
        }
        return switch (System.getProperty("os.arch")) {
            case "amd64" -> onX86;
            case "aarch64" -> onArm;
            default -> UNKNOWN;
        };
    }

    /** Of the C library; a class of its own, so that what can't be linked is found out by the thread that asks. */
    private static final class LibC {
        static {
            Native.register(LibC.class, "c");
        }

        private static native int setpriority(int which, int who, int nice);

        private static native long syscall(long number, long thread, Pointer attributes, long third, long fourth);
    }

    /**
     * Gives the calling thread a nice value.
     *
     * @param nice 1 to 19; 0 leaves the thread as it is.
     */
    static void lower(final int nice) {
        if (nice == 0 || SET_ATTRIBUTES == UNKNOWN) {
            return;
        }
        try {
            LibC.setpriority(PRIO_PROCESS, CALLING_THREAD, nice);
        } catch (final LinkageError ignored) {
            // No native code of JNA for this machine, or nowhere to put it: the thread competes like any other.
        }
    }

    /**
     * Asks the kernel for short time slices for the calling thread. From Linux 6.12 on, a thread that is woken goes before
     * one that runs with a longer slice; otherwise it waits for the end of that slice, some 3 ms, on a processor that
     * is shared. Older kernels pay no attention.
     *
     * @param sliceNs 100,000 to 100,000,000; 0 leaves the thread as it is.
     */
    static void shortenSlice(final long sliceNs) {
        if (sliceNs == 0 || SET_ATTRIBUTES == UNKNOWN) {
            return;
        }
        try (Memory attributes = new Memory(ATTRIBUTES_LENGTH)) {
            attributes.clear();
            if (LibC.syscall(GET_ATTRIBUTES, CALLING_THREAD, attributes, ATTRIBUTES_LENGTH, 0) == 0) {
                attributes.setLong(RUNTIME_OFFSET, sliceNs);
                LibC.syscall(SET_ATTRIBUTES, CALLING_THREAD, attributes, 0, 0);
            }
        } catch (final LinkageError ignored) {
            // As above.
        }
    }

    /** The slice of the calling thread in nanoseconds, 0 if the kernel doesn't tell. */
    static long slice() {
        if (GET_ATTRIBUTES == UNKNOWN) {
            return 0;
        }
        try (Memory attributes = new Memory(ATTRIBUTES_LENGTH)) {
            attributes.clear();
            LibC.syscall(GET_ATTRIBUTES, CALLING_THREAD, attributes, ATTRIBUTES_LENGTH, 0);
            return attributes.getLong(RUNTIME_OFFSET);
        } catch (final LinkageError ex) {
            return 0;
        }
    }
}
