package io.ringmain.storage.log;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** The writer rolls, which doesn't wait for anybody, while another thread forces what was rolled before. */
@JCStressTest
@Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "the new one was left for the next force")
@Outcome(id = "2, 0, 1", expect = ACCEPTABLE, desc = "both were forced at once")
@Outcome(expect = FORBIDDEN, desc = "a segment was never forced, or twice, or before an older one")
@State
public class UnforcedSegmentsStress {
    private static final Path OLDER = Path.of("older");
    private static final Path NEWER = Path.of("newer");

    /** Counts the segments in their order; plain, for who forces holds the lock. */
    private static final class Counting implements Forcing {
        private int count;
        private boolean isOrdered = true;

        @Override
        public void file(final Path file, final FileChannel channel, final boolean metaData) {
            isOrdered &= file == (count == 0 ? OLDER : NEWER);
            count++;
        }

        @Override
        public void directory(final Path directory) {}
    }

    private final UnforcedSegments segments = new UnforcedSegments();
    private final Counting forcing = new Counting();

    public UnforcedSegmentsStress() {
        segments.add(OLDER, null);
    }

    private int force() {
        synchronized (segments) {
            final int before = forcing.count;
            try {
                segments.force(forcing);
            } catch (final IOException ex) {
                throw new UncheckedIOException(ex);
            }
            return forcing.count - before;
        }
    }

    @Actor
    public void roll() {
        segments.add(NEWER, null);
    }

    @Actor
    public void force(final III_Result result) {
        result.r1 = force();
    }

    @Arbiter
    public void forceAgain(final III_Result result) {
        result.r2 = force();
        result.r3 = forcing.isOrdered ? 1 : 0;
    }
}
