package io.ringmain.engine;

/** Does what the core must not do, so that the architecture test can show that its rules bite. */
final class CoreOffender {
    private CoreOffender() {}

    static long clock() {
        return System.nanoTime();
    }

    /** A hash collection of java.util. */
    static final class Hashing {
        private final java.util.HashMap<String, String> map = new java.util.HashMap<>();

        int size() {
            return map.size();
        }
    }
}
