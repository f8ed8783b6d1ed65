package io.ringmain.storage.log;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.nio.file.Path;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Two files of kept records become one while a reader looks for a record that is in the second, and in both. */
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "found in the second of the two")
@Outcome(id = "2", expect = ACCEPTABLE, desc = "found in the one that has replaced them")
@Outcome(expect = FORBIDDEN, desc = "not found, or in a file that isn't there")
@State
public class KeptFilesStress {
    private static final Path DIRECTORY = Path.of("log");
    private static final KeptRange FIRST = new KeptRange(DIRECTORY.resolve("first"), 0, 64, 1, 1);
    private static final KeptRange SECOND = new KeptRange(DIRECTORY.resolve("second"), 64, 128, 1, 1);
    private static final KeptRange BOTH = new KeptRange(DIRECTORY.resolve("both"), 0, 128, 2, 2);

    private final KeptFiles files = new KeptFiles(new LogDirectory(DIRECTORY), line -> {});

    public KeptFilesStress() {
        files.publish(FIRST);
        files.publish(SECOND);
    }

    @Actor
    public void merge() {
        files.publish(BOTH);
    }

    @Actor
    public void read(final I_Result result) {
        final KeptRange[] ranges = files.ranges();
        final int found = KeptFiles.find(ranges, SECOND.firstPosition());
        final KeptRange range = found < 0 ? null : ranges[found];
        result.r1 = range == SECOND ? 1 : range == BOTH ? 2 : 0;
    }
}
