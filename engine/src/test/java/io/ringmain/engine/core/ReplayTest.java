package io.ringmain.engine.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmain.engine.event.ReplayBatchEvent;
import java.util.ArrayList;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A subscription that travels through the log: what it is given, what it asks for, and how it joins the present. */
class ReplayTest {
    private static final String FILTER = "$replay/@0/a/#";
    private static final int AT_END = ReplayBatchEvent.AT_END;

    private CoreRig rig = new CoreRig();

    @AfterEach
    void shouldHaveAccountedForAll() {
        assertEquals(rig.core.digestFromScratch(), rig.core.digest());
    }

    private void connectBoth() {
        rig.connectClean(1, "reader");
        rig.connectClean(2, "writer");
        rig.take();
    }

    private String wish(final long asked, final long from, final long to) {
        return "1 replay 1 asked @" + asked + " from " + from + " to " + to + " " + FILTER;
    }

    @Test
    void shouldAskForThePlaceThatItsFilterNames() {
        connectBoth();
        final List<String> said = rig.subscribe(1, 1, FILTER, 0);
        assertEquals(List.of("1 suback 1 0x0", wish(rig.position(), -1, -1)), said);
        assertEquals(1, rig.core.replayCount());
    }

    @Test
    void shouldGiveWhatWasFoundAndAskForMore() {
        connectBoth();
        rig.subscribe(1, 1, FILTER, 1);
        final long asked = rig.position();
        final List<String> said = rig.batch(1, 1, asked, 0, 500, 100, 1, 200, 0);
        assertEquals(List.of("1 stored 1 q1 @100", "1 stored 0 q0 @200", wish(rig.position(), 500, -1)), said);
    }

    @Test
    void shouldNotHearLiveWhatTheLogWillTell() {
        connectBoth();
        rig.subscribe(1, 1, FILTER, 1);
        assertEquals(List.of("2 puback 1 0x10"), rig.publish(2, 1, 1, "a/b", "x"));
        assertEquals(List.of(), rig.publish(2, 0, 0, "a/b", "x"));
    }

    @Test
    void shouldJoinWithoutGapOrDouble() {
        connectBoth();
        rig.subscribe(1, 1, FILTER, 1);
        final long asked = rig.position();
        rig.publish(2, 1, 1, "a/before", "x");
        final long before = rig.position();
        final List<String> joining = rig.batch(1, 1, asked, AT_END, before, 10, 1);
        final long join = rig.position();
        assertEquals(List.of("1 stored 1 q1 @10", wish(join, before, join)), joining);

        rig.publish(2, 1, 2, "a/after", "x");
        final long after = rig.position();
        assertEquals(
                List.of("1 stored 2 q1 @" + before, "1 stored 3 q1 @" + after),
                rig.batch(1, 1, join, 0, join, before, 1));
        assertEquals(0, rig.core.replayCount());
        assertEquals(List.of("1 live 4 q1", "2 puback 3 0x0"), rig.publish(2, 1, 3, "a/live", "x"));
        assertEquals(List.of("1 live 0 q0"), rig.publish(2, 0, 0, "a/live", "x"));
    }

    @Test
    void shouldWaitForAcknowledgements() {
        rig.receiveMaximum(2);
        connectBoth();
        rig.subscribe(1, 1, FILTER, 1);
        assertEquals(
                List.of("1 stored 1 q1 @10", "1 stored 2 q1 @20", wish(rig.position() + 320, 60, -1))
                        .subList(0, 2),
                rig.batch(1, 1, rig.position(), 0, 60, 10, 1, 20, 1, 30, 1, 40, 1)
                        .subList(0, 2));
        assertEquals(List.of("1 stored 3 q1 @30"), rig.ack(1, CoreRig.PUBACK, 1));
        assertEquals(List.of("1 stored 4 q1 @40"), rig.ack(1, CoreRig.PUBACK, 2));
    }

    @Test
    void shouldPaceWhatNobodyAcknowledges() {
        connectBoth();
        rig.subscribe(1, 1, FILTER, 0);
        final long[] messages = new long[2 * ReplayBatchEvent.MAX_COUNT];
        for (int round = 0; round < 4; round++) {
            final List<String> said = rig.batch(1, 1, rig.position(), 0, round + 1, messages);
            assertEquals(65, said.size());
            assertEquals(round == 3, said.get(63).contains("report"));
        }
        assertEquals(List.of(), rig.batch(1, 1, rig.position(), 0, 5, messages));
        assertEquals(65, rig.drained(1).size());
    }

    @Test
    void shouldGoOnFromWhatWasNotGivenAfterAReconnect() {
        rig.receiveMaximum(1);
        rig.connectKept(1, "reader");
        rig.subscribe(1, 1, FILTER, 1);
        rig.batch(1, 1, rig.position(), 0, 60, 10, 1, 20, 1, 30, 1);
        rig.lose(1);
        final List<String> said = rig.connectKept(3, "reader");
        assertEquals(
                List.of(
                        "3 connack 0 present",
                        "3 stored 1 q1 dup @10",
                        "3 replay 1 asked @" + rig.position() + " from 11 to -1 " + FILTER),
                said);
    }

    @Test
    void shouldNotTakeAnAnswerThatItDoesNotWaitForAnyMore() {
        connectBoth();
        rig.subscribe(1, 1, FILTER, 1);
        final long first = rig.position();
        rig.subscribe(1, 2, FILTER, 1);
        final long second = rig.position();
        assertEquals(List.of(), rig.batch(1, 1, first, 0, 60, 10, 1));
        assertEquals(2, rig.batch(1, 1, second, 0, 60, 10, 1).size());
    }

    @Test
    void shouldEndWithItsSubscriptionAndWithItsSession() {
        connectBoth();
        rig.subscribe(1, 1, FILTER, 1);
        rig.batch(1, 1, rig.position(), AT_END, 60, 10, 1);
        rig.unsubscribe(1, 2, FILTER);
        assertEquals(0, rig.core.replayCount());
        rig.subscribe(1, 3, FILTER, 1);
        rig.disconnect(1, 0);
        assertEquals(0, rig.core.replayCount());
    }

    @Test
    void shouldReadOnWhenTooMuchIsPublishedWhileItJoins() {
        rig.receiveMaximum(1);
        connectBoth();
        rig.subscribe(1, 1, FILTER, 1);
        rig.batch(1, 1, rig.position(), AT_END, rig.position(), 10, 1, 20, 1);
        final long join = rig.position();
        rig.batch(1, 1, join, 0, join);
        for (int i = 0; i < 1024; i++) {
            assertEquals(1, rig.publish(2, 1, 1 + i, "a/b", "x").size());
        }
        final List<String> said = rig.publish(2, 1, 2000, "a/b", "x");
        assertEquals(List.of(wish(rig.position(), join, -1), "2 puback 2000 0x10"), said);
    }

    @Test
    void shouldRefuseOneTooMany() {
        rig = new CoreRig(new CoreLimits().replays(1));
        connectBoth();
        rig.subscribe(1, 1, FILTER, 1);
        assertEquals(List.of("drop REPLAYS_FULL", "2 suback 1 0x97"), rig.subscribe(2, 1, "$replay/-1h/a", 1));
    }

    @Test
    void shouldEndTheConnectionWhenTheLogCanNotBeRead() {
        connectBoth();
        rig.subscribe(1, 1, FILTER, 1);
        assertEquals(List.of("1 disconnect 0x83"), rig.batch(1, 1, rig.position(), ReplayBatchEvent.FAILED, 0));
    }

    @Test
    void shouldSurviveASnapshot() {
        rig.receiveMaximum(2);
        rig.connectKept(1, "reader");
        rig.connectKept(2, "writer");
        rig.subscribe(1, 1, FILTER, 1);
        rig.subscribe(1, 2, "$replay/-1h/b", 1);
        rig.batch(1, 1, rig.core.position() - 64, 0, 60);
        rig.batch(1, 2, rig.position() - 200, AT_END, 60, 10, 1);
        final BrokerCore copy = new BrokerCore(new CoreLimits(), new SilentOutput());
        final SnapshotSink sink = copy.loadSnapshot();
        final List<Runnable> sections = new ArrayList<>();
        rig.core.takeSnapshot((type, buffer, offset, length) -> {
            final ExpandableArrayBuffer kept = new ExpandableArrayBuffer();
            kept.putBytes(0, buffer, offset, length);
            sections.add(() -> sink.onSection(type, kept, 0, length));
        });
        sections.forEach(Runnable::run);
        assertEquals(rig.core.digest(), copy.digest());
        assertEquals(2, copy.replayCount());
    }
}
