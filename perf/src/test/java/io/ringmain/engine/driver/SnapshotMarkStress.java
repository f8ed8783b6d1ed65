package io.ringmain.engine.driver;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJZ_Result;

/** The core makes a mark while the snapshot's thread looks for it: who sees the position sees what belongs to it. */
@JCStressTest
@Outcome(id = "-1, 0, false", expect = ACCEPTABLE, desc = "no mark yet")
@Outcome(
        id = "-1, 11, false|-1, 0, true|-1, 11, true",
        expect = ACCEPTABLE,
        desc = "no mark yet, so nothing is looked at")
@Outcome(id = "1, 11, true", expect = ACCEPTABLE, desc = "the mark with its digest")
@Outcome(expect = FORBIDDEN, desc = "a mark without its digest")
@State
public class SnapshotMarkStress {
    private final SnapshotMark mark = new SnapshotMark();

    @Actor
    public void core() {
        mark.set(1, 11, true);
    }

    @Actor
    public void snapshot(final JJZ_Result result) {
        result.r1 = mark.position();
        result.r2 = mark.digest();
        result.r3 = mark.isUsable();
    }
}
