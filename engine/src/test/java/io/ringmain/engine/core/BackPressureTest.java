package io.ringmain.engine.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who is held back for a queue with QoS 1 and 2, and when they go on. Queues hold 400 messages, so they are long from
 * 101 on and short again at 97; each client takes one message at a time. Connection 1 publishes.
 */
class BackPressureTest {
    private static final String FILTER = "$share/g/t";
    private static final int LONG = 101;
    private static final int SHORT = 97;

    private CoreRig rig;
    private int packetId;

    /** How many messages each connection has acknowledged. */
    private final Map<Long, Integer> taken = new TreeMap<>();

    @BeforeEach
    void start() {
        limits(new CoreLimits().queuedMessages(400));
    }

    private void limits(final CoreLimits limits) {
        rig = new CoreRig(limits);
        rig.receiveMaximum(1).connectClean(1, "publisher");
    }

    private void members(final int qos, final long... connections) {
        for (final long connection : connections) {
            rig.connectKept(connection, "m" + connection);
            rig.subscribe(connection, 1, FILTER, qos);
        }
    }

    /** What is said of who is behind, of all that the core says. */
    private static List<String> words(final List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("behind ") || line.startsWith("caught up "))
                .toList();
    }

    private List<String> publish(final long connection, final int qos, final int count) {
        return publish(connection, qos, count, "t");
    }

    private List<String> publish(final long connection, final int qos, final int count, final String topic) {
        final List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            packetId++;
            words.addAll(words(rig.publish(connection, qos, packetId, topic, "x")));
            if (qos == 2) {
                rig.ack(connection, CoreRig.PUBREL, packetId);
            }
        }
        return words;
    }

    /** A client acknowledges what it has in flight, so many times. */
    private List<String> take(final long connection, final int qos, final int count) {
        final List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final int id = inFlightId(connection);
            if (qos == 2) {
                words.addAll(words(rig.ack(connection, CoreRig.PUBREC, id)));
            }
            words.addAll(words(rig.ack(connection, qos == 2 ? CoreRig.PUBCOMP : CoreRig.PUBACK, id)));
        }
        return words;
    }

    /** Packet ids count up from 1, and a window of one holds the last. */
    private int inFlightId(final long connection) {
        return taken.merge(connection, 1, Integer::sum);
    }

    @Test
    void shouldHoldBackWhoAddsToALongQueueUntilItIsShort() {
        rig.connectKept(2, "subscriber");
        rig.subscribe(2, 1, "t", 1);
        assertEquals(List.of(), publish(1, 1, LONG));
        assertEquals(List.of("behind c2: c1"), publish(1, 1, 1));
        rig.connectClean(3, "other publisher");
        assertEquals(List.of("behind c2: c3"), publish(3, 1, 64), "each sixty-fourth");
        assertEquals(List.of(), take(2, 1, LONG + 64 - SHORT - 1));
        assertEquals(List.of("caught up c2"), take(2, 1, 1));
        assertEquals(List.of(), take(2, 1, SHORT));
    }

    @Test
    void shouldNameThePublisherOfEachMessageWhileTheBytesAreTooMany() {
        limits(new CoreLimits().queuedBytes(2000));
        rig.connectKept(2, "subscriber");
        rig.subscribe(2, 1, "t", 1);
        final String payload = "x".repeat(200);
        assertEquals(List.of(), words(rig.publish(1, 1, 1, "t", "in flight")));
        assertEquals(List.of(), words(rig.publish(1, 1, 2, "t", payload)));
        assertEquals(List.of("behind c2: c1"), words(rig.publish(1, 1, 3, "t", payload)));
        assertEquals(List.of("behind c2: c1"), words(rig.publish(1, 1, 4, "t", "y")));
        assertEquals(List.of("caught up c2"), take(2, 1, 3));
    }

    @Test
    void shouldNameTheFirstWhoCanBeHeldBack() {
        rig.connectKept(2, "subscriber");
        rig.subscribe(2, 1, "t", 1);
        assertEquals(List.of(), publish(2, 1, LONG + 10), "who publishes to itself is not held back");
        assertEquals(List.of("behind c2: c1"), publish(1, 1, 1));
    }

    @Test
    void shouldHoldBackNobodyForASessionThatIsAwayButWhenItIsBack() {
        rig.connectKept(2, "subscriber");
        rig.subscribe(2, 1, "t", 1);
        assertEquals(1, publish(1, 1, LONG + 1).size());
        rig.lose(2);
        assertEquals(List.of(), publish(1, 1, 70));
        assertEquals(List.of(), words(rig.connectKept(3, "subscriber")), "nobody is held back for the new connection");
        assertEquals(List.of("behind c3: c1"), publish(1, 1, 1));
    }

    @Test
    void shouldSayThatAQueueIsShortWhenWhatWaitedHasGrownTooOld() {
        limits(new CoreLimits().queuedMessages(400).queuedSeconds(100));
        rig.connectKept(2, "subscriber");
        rig.subscribe(2, 1, "t", 1);
        assertEquals(List.of("behind c2: c1"), publish(1, 1, LONG + 1));
        rig.passSeconds(200);
        assertEquals(List.of("caught up c2"), publish(1, 1, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldHoldBackWhoOutrunsTheMembersOfAGroup(final int qos) {
        members(qos, 2, 3);
        assertEquals(List.of(), publish(1, qos, 2 + LONG - 1));
        assertEquals(List.of("behind c2: c1"), publish(1, qos, 1), "2 was the last that had room");
        assertEquals(List.of("behind c2: c1"), publish(1, qos, 64));
        assertEquals(List.of(), take(3, qos, LONG + 64 - SHORT - 1));
        assertEquals(List.of("caught up c2"), take(3, qos, 1), "whoever it is that takes");
        assertEquals(List.of("behind c3: c1"), publish(1, qos, LONG - SHORT), "now 3 was the last");
    }

    @Test
    void shouldHoldBackForBytesAsWell() {
        limits(new CoreLimits().queuedBytes(4000));
        members(1, 2);
        final List<String> words = publish(1, 1, 20);
        assertEquals("behind c2: c1", words.get(0));
        assertEquals(List.of("caught up c2"), take(2, 1, 20));
    }

    @Test
    void shouldHoldBackNobodyForAGroupWithoutAConnectedMember() {
        members(1, 2, 3);
        rig.lose(2);
        rig.lose(3);
        assertEquals(List.of(), publish(1, 1, LONG + 64));
    }

    /** It could not acknowledge what it gets, and might wait for itself. */
    @Test
    void shouldNotHoldBackAMember() {
        members(1, 2, 3);
        assertEquals(List.of(), publish(2, 1, LONG + 70));
        assertEquals(List.of("behind c2: c1"), publish(1, 1, 1), "others are");
    }

    @Test
    void shouldHoldBackAMemberForAnotherGroup() {
        members(1, 2);
        rig.connectKept(3, "other");
        rig.subscribe(3, 1, "$share/other/t", 1);
        assertEquals(List.of("behind c3: c2"), publish(2, 1, LONG + 1));
    }

    @Test
    void shouldNameAnotherHolderWhenOneHasLostItsConnection() {
        members(1, 2, 3);
        assertEquals(List.of("behind c2: c1"), publish(1, 1, 2 + LONG));
        assertEquals(List.of(), words(rig.lose(2)), "its agent has let the publishers go on");
        assertEquals(List.of("behind c3: c1"), publish(1, 1, 1));
        assertEquals(List.of(), words(rig.connectKept(9, "m2")));
        assertEquals(List.of("caught up c3"), take(3, 1, 10));
    }

    @Test
    void shouldNameAnotherHolderWhenOneIsTakenOver() {
        members(1, 2);
        assertEquals(List.of("behind c2: c1"), publish(1, 1, 1 + LONG));
        assertEquals(List.of(), words(rig.connectKept(9, "m2")));
        assertEquals(List.of("behind c9: c1"), publish(1, 1, 1));
    }

    @Test
    void shouldLetPublishersGoOnWhenTheHolderLeavesTheGroup() {
        members(1, 2, 3);
        assertEquals(List.of("behind c2: c1"), publish(1, 1, 2 + LONG));
        assertEquals(List.of(), words(rig.unsubscribe(3, 5, FILTER)), "3 stands for nothing");
        members(1, 3);
        assertEquals(List.of("caught up c2"), words(rig.unsubscribe(2, 5, FILTER)));
        assertEquals(List.of("behind c3: c1"), publish(1, 1, 1));
        assertEquals(List.of("caught up c3"), words(rig.unsubscribe(3, 6, FILTER)), "the group is gone");
        assertEquals(List.of(), publish(1, 1, 70));
    }

    @Test
    void shouldSayThatAHolderHasCaughtUpWhenNoQueueOfItsIsLong() {
        members(1, 2);
        rig.subscribe(2, 2, "$share/h/u", 1);
        rig.subscribe(2, 3, "v", 1);
        publish(1, 1, 1, "t");
        assertEquals(List.of("behind c2: c1"), publish(1, 1, LONG, "t"));
        assertEquals(List.of("behind c2: c1"), publish(1, 1, LONG, "u"));
        assertEquals(List.of("behind c2: c1"), publish(1, 1, LONG, "v"));
        assertEquals(List.of(), take(2, 1, LONG), "its own queue comes first, and is empty");
        assertEquals(List.of(), take(2, 1, LONG - SHORT), "the oldest message waits in g, which is short now");
        assertEquals(List.of(), words(rig.unsubscribe(2, 4, FILTER)));
        assertEquals(List.of("caught up c2"), take(2, 1, LONG - SHORT));
    }

    @Test
    void shouldKnowNobodyAfterARestart() {
        members(1, 2);
        assertEquals(List.of("behind c2: c1"), publish(1, 1, 1 + LONG));
        rig.start(new CoreLimits().queuedMessages(400).values());
        rig.connectClean(11, "publisher");
        assertEquals(List.of(), publish(11, 1, 1));
        assertEquals(List.of(), words(rig.connectKept(12, "m2")));
        assertEquals(List.of("behind c12: c11"), publish(11, 1, 1));
    }
}
