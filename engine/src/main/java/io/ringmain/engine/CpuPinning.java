package io.ringmain.engine;

import java.util.BitSet;
import net.openhft.affinity.Affinity;

/**
 * Gives out the CPUs of a list, one to each thread that asks, in ascending order; a thread that comes when all are
 * given out stays where the kernel puts it. Given out by one thread, taken by others.
 */
final class CpuPinning {
    static final String AUTO = "auto";

    private final int[] cpus;
    private final BitSet usable;
    private int given;

    private CpuPinning(final int[] cpus, final BitSet usable) {
        this.cpus = cpus;
        this.usable = usable;
    }

    /**
     * @param list {@link #AUTO}, which pins nothing, or CPUs as the kernel writes them: {@code 2-7,9}.
     * @throws IllegalArgumentException when a CPU isn't there for the calling thread; the message names the key.
     */
    static CpuPinning of(final String list) {
        if (list.equals(AUTO)) {
            return new CpuPinning(new int[0], new BitSet());
        }
        final BitSet usable = Affinity.getAffinity();
        if (usable.isEmpty()) {
            throw new IllegalArgumentException("ring.cpus: threads can't be pinned on this system, expected auto");
        }
        final BitSet listed = parse(list);
        listed.stream().filter(cpu -> !usable.get(cpu)).findFirst().ifPresent(cpu -> {
            throw new IllegalArgumentException(
                    "ring.cpus: CPU " + cpu + " is not one of " + usable + ", which this process may use");
        });
        return new CpuPinning(listed.stream().toArray(), usable);
    }

    private static BitSet parse(final String list) {
        final BitSet cpus = new BitSet();
        for (final String part : list.split(",")) {
            final String[] ends = part.split("-");
            final int first = Integer.parseInt(ends[0]);
            final int last = Integer.parseInt(ends[ends.length - 1]);
            if (last < first) {
                throw new IllegalArgumentException("ring.cpus: " + part + " ends before it begins");
            }
            cpus.set(first, last + 1);
        }
        return cpus;
    }

    /** What pins the thread that runs it to the next CPU. */
    Runnable next() {
        if (given == cpus.length) {
            return () -> {};
        }
        final int cpu = cpus[given++];
        return () -> Affinity.setAffinity(cpu);
    }

    /** Lets the calling thread run everywhere again. */
    void release() {
        if (cpus.length > 0) {
            Affinity.setAffinity(usable);
        }
    }
}
