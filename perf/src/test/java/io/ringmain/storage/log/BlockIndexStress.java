package io.ringmain.storage.log;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The writer notes a block while a reader looks for a position or for the next segment, also when the table grows. */
public final class BlockIndexStress {
    /** What the table holds before it grows. */
    private static final int ENTRIES = 1024;

    private static final int FAULT = -2;

    private BlockIndexStress() {}

    private static BlockIndex filled() {
        final BlockIndex index = new BlockIndex();
        for (int i = 0; i < ENTRIES; i++) {
            index.add(position(i), 0, i);
        }
        return index;
    }

    private static long position(final int entry) {
        return (long) entry * BlockIndex.SPACING;
    }

    /** The block that is noted makes the table grow; the reader looks for a position in it. */
    @JCStressTest
    @Outcome(id = "1023", expect = ACCEPTABLE, desc = "the entry before it: the block is not noted yet")
    @Outcome(id = "1024", expect = ACCEPTABLE, desc = "its entry, filled")
    @Outcome(expect = FORBIDDEN, desc = "an entry that is not filled")
    @State
    public static class Find {
        private final BlockIndex index = filled();

        @Actor
        public void note() {
            index.add(position(ENTRIES), 0, ENTRIES);
        }

        @Actor
        public void find(final I_Result result) {
            final int entry = index.find(position(ENTRIES));
            final boolean right = index.position(entry) == position(entry) && index.documentOffset(entry) == entry;
            result.r1 = right ? entry : FAULT;
        }
    }

    /** A block is noted, and the reader looks at the newest entry. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "the entry before it")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "its entry, filled")
    @Outcome(expect = FORBIDDEN, desc = "an entry that is not filled")
    @State
    public static class Newest {
        private final BlockIndex index = new BlockIndex();

        public Newest() {
            index.add(position(0), 0, 0);
        }

        @Actor
        public void note() {
            index.add(position(1), 1, 1);
        }

        @Actor
        public void look(final I_Result result) {
            final int entry = index.count() - 1;
            final boolean filled = index.documentOffset(entry) == entry
                    && index.cycle(entry) == entry
                    && index.position(entry) == position(entry);
            result.r1 = filled ? entry : FAULT;
        }
    }

    /** The block that is noted begins a segment and makes the table grow; the reader looks for that segment. */
    @JCStressTest
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "none yet")
    @Outcome(id = "1024", expect = ACCEPTABLE, desc = "the entry of the new segment")
    @Outcome(expect = FORBIDDEN, desc = "an entry of the same segment, or a look behind the end of the table")
    @State
    public static class NextSegment {
        private final BlockIndex index = filled();

        @Actor
        public void note() {
            index.add(position(ENTRIES), 1, ENTRIES);
        }

        @Actor
        public void next(final I_Result result) {
            try {
                result.r1 = index.nextSegment(0);
            } catch (final ArrayIndexOutOfBoundsException ex) {
                result.r1 = FAULT;
            }
        }
    }

    /** Retention forgets the first segment while a reader looks for a position in it. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "still there")
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "gone")
    @Outcome(expect = FORBIDDEN, desc = "an entry of another segment")
    @State
    public static class DropBefore {
        private final BlockIndex index = new BlockIndex();

        public DropBefore() {
            index.add(position(0), 0, 0);
            index.add(position(1), 1, 1);
        }

        @Actor
        public void drop() {
            index.dropBefore(position(1));
        }

        @Actor
        public void find(final I_Result result) {
            result.r1 = index.find(position(0));
        }
    }
}
