package io.ringmain.storage.log;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** The writer notes blocks of the newest segment, over and over, while retention removes the oldest. */
@JCStressTest
@Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "one segment is gone, the newest has one entry")
@Outcome(expect = FORBIDDEN, desc = "the writer looked behind the end of the list, or a segment is there twice")
@State
public class SegmentListStress {
    private static final Retention NOTHING = new Retention(0, Long.MAX_VALUE, 0);
    /** More than there is time for while a segment is removed. */
    private static final int BLOCKS = 1_000_000;

    private static final LogDirectory DIRECTORY = newDirectory();

    private final BlockIndex index = new BlockIndex();
    private final KeptFiles kept = new KeptFiles(DIRECTORY, line -> {});
    private final SegmentList segments = new SegmentList(DIRECTORY, index, kept, line -> {}, step -> {});
    private final KeptCompaction compaction =
            new KeptCompaction(DIRECTORY, kept, new MappedLogReader(DIRECTORY, index, kept), 1, line -> {}, step -> {});
    private volatile boolean isRemoved;

    public SegmentListStress() {
        for (int segment = 0; segment < 2; segment++) {
            index.add(segment, segment, 0);
            segments.onBlock(segment, segment, 0);
        }
    }

    private static LogDirectory newDirectory() {
        try {
            final Path data = Files.createTempDirectory("segments");
            final LogDirectory directory = new LogDirectory(data);
            Files.createDirectory(directory.sealed());
            directory.sealed().toFile().deleteOnExit();
            data.toFile().deleteOnExit();
            return directory;
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    @Actor
    public void write(final III_Result result) {
        try {
            for (int i = 0; i < BLOCKS && !isRemoved; i++) {
                segments.onBlock(1, 2, 0);
            }
            result.r1 = 1;
        } catch (final IndexOutOfBoundsException ex) {
            result.r1 = 0;
        }
    }

    @Actor
    public void retain(final III_Result result) {
        result.r2 = segments.truncate(1, new LivePositions(), NOTHING, 1, compaction);
        isRemoved = true;
    }

    @Arbiter
    public void count(final III_Result result) {
        result.r3 = segments.usage().segments();
    }
}
