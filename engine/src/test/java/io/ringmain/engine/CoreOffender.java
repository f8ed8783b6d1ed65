package io.ringmain.engine;

/** Does what the core must not do, one thing in each class, so that the architecture test can show that its rules bite. */
final class CoreOffender {
    /** Classes that use what is forbidden. */
    static final Class<?>[] BY_TYPE = {
        Files.class,
        Channels.class,
        Net.class,
        Threads.class,
        Concurrent.class,
        Clocks.class,
        AgronaClock.class,
        Chance.class,
        Ids.class,
        Hashing.class,
        Sorting.class,
        SaltedSet.class
    };

    /** Classes that call what is forbidden. */
    static final Class<?>[] BY_CALL = {Nanos.class, Millis.class, Formatting.class, Formatted.class, MathChance.class};

    private CoreOffender() {}

    static final class Files {
        private java.io.File file;
    }

    static final class Channels {
        private java.nio.channels.Channel channel;
    }

    static final class Net {
        private java.net.Socket socket;
    }

    static final class Threads {
        private Thread thread;
    }

    static final class Concurrent {
        private java.util.concurrent.atomic.AtomicLong count;
    }

    static final class Clocks {
        private java.time.Clock clock;
    }

    static final class AgronaClock {
        private org.agrona.concurrent.EpochNanoClock clock;
    }

    static final class Chance {
        private java.util.Random random;
    }

    static final class Ids {
        private java.util.UUID id;
    }

    static final class Hashing {
        private java.util.HashMap<String, String> map;
    }

    static final class Sorting {
        private java.util.TreeMap<String, String> map;
    }

    static final class SaltedSet {
        private java.util.Set<String> set;
    }

    static final class Nanos {
        long now() {
            return System.nanoTime();
        }
    }

    static final class Millis {
        long now() {
            return System.currentTimeMillis();
        }
    }

    static final class Formatting {
        String text(final long number) {
            return String.format("%d", number);
        }
    }

    static final class Formatted {
        String text(final long number) {
            return "%d".formatted(number);
        }
    }

    static final class MathChance {
        double chance() {
            return Math.random();
        }
    }
}
