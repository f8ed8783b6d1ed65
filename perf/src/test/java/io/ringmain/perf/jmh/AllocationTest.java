package io.ringmain.perf.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ringmain.engine.io.tls.TlsProvider;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The hot path allocates nothing: the benchmarks' own operations, measured by the JVM's count for this thread. And they
 * do what they say: what was sent has arrived.
 */
class AllocationTest {
    private static final int ROUNDS = 20_000;

    /** For operations of many messages to many. */
    private static final int FEW_ROUNDS = 2_000;

    private static byte[] garbage;

    /** An operation. */
    private interface Operation {
        void run() throws Exception;
    }

    private static void assertAllocatesNothing(final Operation operation) throws Exception {
        assertAllocatesNothing(ROUNDS, operation);
    }

    private static void assertAllocatesNothing(final int rounds, final Operation operation) throws Exception {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < rounds; i++) {
            operation.run();
        }
        final long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < rounds; i++) {
            operation.run();
        }
        final double perOperation = (threads.getCurrentThreadAllocatedBytes() - before) / (double) rounds;
        assertTrue(perOperation < 1, perOperation + " bytes per operation");
    }

    @Test
    void shouldSeeAnAllocation() {
        assertThrows(AssertionError.class, () -> assertAllocatesNothing(() -> garbage = new byte[1]));
    }

    @Test
    void shouldDecodeAndEncodePublishesWithoutGarbage() throws Exception {
        final PublishPacket packet = new PublishPacket();
        packet.setup();
        assertAllocatesNothing(packet::decode);
        assertAllocatesNothing(packet::encode);
    }

    @Test
    void shouldDecodeAndEncodeAcknowledgementsWithoutGarbage() throws Exception {
        final AckPacket packet = new AckPacket();
        packet.setup();
        assertAllocatesNothing(packet::decode);
        assertAllocatesNothing(packet::encode);
    }

    @Test
    void shouldBringBytesToTheRingWithoutGarbage() throws Exception {
        final BytesToRing step = new BytesToRing();
        step.setup();
        final long before = step.publishQos0();
        assertEquals(64, step.publishQos1() - before);
        assertEquals(128, step.publishWithAlias() - before);
        assertEquals(129, step.acknowledgement() - before);
        assertAllocatesNothing(step::publishQos0);
        assertAllocatesNothing(step::publishQos1);
        assertAllocatesNothing(step::publishWithAlias);
        assertAllocatesNothing(step::acknowledgement);
    }

    @Test
    void shouldPassTheRingWithoutGarbage() throws Exception {
        assertAllocatesNothing(new RingHop()::claimAndPoll);
    }

    @Test
    void shouldMatchWithoutGarbage() throws Exception {
        final TopicMatch match = new TopicMatch();
        match.setup();
        assertEquals(3, match.match());
        assertEquals(3, match.matchAnother());
        assertAllocatesNothing(match::match);
        assertAllocatesNothing(match::matchAnother);
        assertEquals(128, match.matchMany());
        assertAllocatesNothing(match::matchMany);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 1000})
    void shouldAskAnAclWithoutGarbage(final int rules) throws Exception {
        final AclCheck check = new AclCheck();
        check.rules = rules;
        check.setup();
        assertTrue(check.allowed() && check.byPattern() && check.subscription());
        assertFalse(check.denied());
        assertAllocatesNothing(check::allowed);
        assertAllocatesNothing(check::denied);
        assertAllocatesNothing(check::byPattern);
        assertAllocatesNothing(check::subscription);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10})
    void shouldHandleEventsWithoutGarbage(final int subscribers) throws Exception {
        final CoreEvent core = new CoreEvent();
        core.subscribers = subscribers;
        core.setup();
        assertEquals(16 * subscribers, core.qos0());
        core.qos2();
        assertEquals(16 * subscribers, core.deliveries());
        core.shared();
        assertEquals(16, core.deliveries());
        assertAllocatesNothing(core::qos0);
        assertAllocatesNothing(core::qos1);
        assertAllocatesNothing(core::qos2);
        assertAllocatesNothing(core::shared);
        assertAllocatesNothing(core::retained);
        assertEquals(0, core.unfinished());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3000})
    void shouldKeepTheQueuesOfASessionWithoutGarbage(final int waiting) throws Exception {
        final SessionQueue queue = new SessionQueue();
        queue.waiting = waiting;
        queue.setup();
        assertAllocatesNothing(queue::sendAndAcknowledge);
        assertAllocatesNothing(queue::queueAndTake);
    }

    @Test
    void shouldRetainWithoutGarbage() throws Exception {
        final RetainedTopic retained = new RetainedTopic();
        retained.setup();
        assertAllocatesNothing(retained::replace);
        assertAllocatesNothing(retained::find);
    }

    @Test
    void shouldKeepTheDigestWithoutGarbage() throws Exception {
        final Digest digest = new Digest();
        digest.setup();
        assertAllocatesNothing(digest::reference);
        assertAllocatesNothing(digest::topic);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10})
    void shouldBringEventsToTheLaneWithoutGarbage(final int subscribers) throws Exception {
        final RingToLane step = new RingToLane();
        step.subscribers = subscribers;
        step.setup();
        final long before = step.qos0();
        assertTrue(step.qos0() > before);
        assertAllocatesNothing(step::qos0);
        assertAllocatesNothing(step::qos1);
        assertAllocatesNothing(step::qos1ToNobody);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10})
    void shouldBringTheLaneToBytesWithoutGarbage(final int subscribers) throws Exception {
        final LaneToBytes step = new LaneToBytes();
        step.subscribers = subscribers;
        step.setup();
        final long before = step.receivedBytes();
        final long packet = (step.fanOutQos0() - before) / 16;
        assertEquals(88, packet);
        assertAllocatesNothing(step::fanOutQos0);
        assertAllocatesNothing(step::fanOutQos1);
        assertAllocatesNothing(step::acknowledgement);
        assertAllocatesNothing(step::stored);
    }

    @ParameterizedTest
    @CsvSource({"DIRECT, 1", "DIRECT, 10", "LANE, 1", "LANE, 10"})
    void shouldGoTheWholeWayWithoutGarbage(final HandOver handOver, final int subscribers) throws Exception {
        final MessagePath path = new MessagePath();
        path.handOver = handOver;
        path.subscribers = subscribers;
        path.setup();
        assertEquals(64, path.qos0());
        assertEquals(128, path.qos1());
        assertEquals(192, path.qos2());
        assertAllocatesNothing(FEW_ROUNDS, path::qos0);
        assertAllocatesNothing(FEW_ROUNDS, path::qos1);
        assertAllocatesNothing(FEW_ROUNDS, path::qos2);
    }

    @Test
    void shouldGoToVeryManySubscribersWithoutGarbage() throws Exception {
        final FanOut fanOut = new FanOut();
        fanOut.subscribers = 1000;
        fanOut.setup();
        assertEquals(64, fanOut.qos0());
        assertEquals(128, fanOut.qos1());
        assertAllocatesNothing(100, fanOut::qos0);
        assertAllocatesNothing(100, fanOut::qos1);
    }

    /** What is found for the first time takes its place for good. */
    @Test
    void shouldGoRoundVeryManyTopicsWithoutGarbage() throws Exception {
        final TopicWalk walk = new TopicWalk();
        walk.topics = 100_000;
        walk.setup();
        assertEquals(64, walk.wholePath());
        assertEquals(1, walk.match());
        final long before = walk.bytesToRing();
        assertEquals(64, walk.bytesToRing() - before);
        assertAllocatesNothing(walk.topics, walk::match);
        assertAllocatesNothing(FEW_ROUNDS, walk::bytesToRing);
        assertAllocatesNothing(FEW_ROUNDS, walk::wholePath);
    }

    @ParameterizedTest
    @ValueSource(ints = {88, 16384})
    void shouldSpeakWebSocketsWithoutGarbage(final int length) throws Exception {
        final WebSocketFrame frame = new WebSocketFrame();
        frame.length = length;
        frame.setup();
        assertEquals(16 * length, frame.in());
        final long before = frame.receivedBytes();
        assertEquals(16 * length, frame.out());
        assertEquals(16 * (length + (length < 126 ? 2 : 4)), frame.receivedBytes() - before);
        assertAllocatesNothing(FEW_ROUNDS, frame::in);
        assertAllocatesNothing(FEW_ROUNDS, frame::out);
    }

    /** Which is not without garbage: what the engines allocate is theirs. */
    @ParameterizedTest
    @EnumSource(
            value = TlsProvider.class,
            names = {"JDK", "CONSCRYPT"})
    void shouldCarryBytesOverTls(final TlsProvider provider) throws Exception {
        final TlsStream stream = new TlsStream();
        stream.provider = provider;
        stream.length = 16_000;
        stream.setup();
        for (int i = 0; i < 3; i++) {
            assertEquals(16_000, stream.write());
            assertEquals(16_000, stream.encryptAndRead());
        }
    }

    @Test
    void shouldAppendWithoutGarbage() throws Exception {
        final JournalAppend append = new JournalAppend();
        append.setup();
        try {
            assertAllocatesNothing(append::blocksOf1);
            assertAllocatesNothing(append::blocksOf16);
        } finally {
            append.tearDown();
        }
    }

    @Test
    void shouldReadTheLogWithoutGarbage() throws Exception {
        final LogRead read = new LogRead();
        read.setup();
        try {
            assertAllocatesNothing(read::ascending);
            assertAllocatesNothing(read::ascendingWithGaps);
            assertAllocatesNothing(read::random);
        } finally {
            read.tearDown();
        }
    }
}
