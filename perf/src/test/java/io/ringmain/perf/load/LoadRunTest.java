package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.Broker;
import io.ringmain.engine.BrokerContext;
import io.ringmain.engine.ThreadingMode;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.perf.report.Rate;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import io.ringmain.protocol.mqtt.SubscribeEncoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Flows on several threads against a broker of ours, whose counters say what they should have counted. */
@Timeout(60)
class LoadRunTest {
    private static final String HOST = "127.0.0.1";
    private static final int CONNACK_AND_SUBACK_LENGTH = 4 + 5;

    @TempDir
    private Path dir;

    private Broker broker;
    private Counters counters;

    @BeforeEach
    void start() {
        final BrokerContext context = new BrokerContext()
                .dataDir(dir)
                .threadingMode(ThreadingMode.SHARED)
                .listeners(List.of(new ListenerConfig("test", new InetSocketAddress(HOST, 0))));
        counters = context.counters();
        broker = Broker.launch(context);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private FlowPlan plan(final int qos) {
        return FlowPlan.of(HOST, ((InetSocketAddress) broker.listenerAddresses().get(0)).getPort(), qos, 64);
    }

    @ParameterizedTest
    @CsvSource({"1,0", "1,1", "1,2", "3,0", "3,1", "3,2", "5,0", "5,1", "5,2", "9,1"})
    void shouldCountWhatTheBrokerCountsOnAnyNumberOfThreads(final int threads, final int qos) throws IOException {
        final Flow flow =
                new Flow(plan(qos).pairs(5).publishers(2).subscribers(3).threads(threads));
        try (LoadRun run = new LoadRun(List.of(flow))) {
            run.publish(4000);
        }
        assertEquals(Math.min(5, threads), flow.shares().size());
        assertTrue(flow.sent() >= 4000);
        assertEquals(counters.get(CounterId.PUBLISH_RECEIVED), flow.sent());
        assertEquals(counters.get(CounterId.PUBLISH_SENT), flow.received());
        assertEquals(3 * flow.sent(), flow.received());
        assertEquals(qos == 0 ? 0 : flow.sent(), flow.acknowledged());
        assertEquals(5 * (2 + 3), counters.get(CounterId.CONNECTS_ACCEPTED));
        assertEquals(0, flow.statistics().duplicated());
        assertEquals(0, flow.outOfOrder());
    }

    @ParameterizedTest
    @CsvSource({"SHARED,1", "SHARED,2", "WILDCARD,3"})
    void shouldKeepASharedSubscriptionTogetherAndTheWildcardsOfEachPair(
            final FlowPlan.Filters filters, final int threads) throws IOException {
        final Flow flow =
                new Flow(plan(1).pairs(3).subscribers(2).filters(filters).threads(threads));
        try (LoadRun run = new LoadRun(List.of(flow))) {
            run.publish(1000);
        }
        assertEquals(flow.sent() * flow.plan().copies(), flow.received());
        assertEquals(counters.get(CounterId.PUBLISH_SENT), flow.received());
        assertEquals(0, flow.statistics().missing());
    }

    /** Somebody else subscribes to one of them. */
    @Test
    void shouldGoRoundItsTopics() throws IOException {
        final FlowPlan plan = plan(0).topics(1000);
        final Flow flow = new Flow(plan);
        try (Socket other = new Socket(HOST, plan.port());
                LoadRun run = new LoadRun(List.of(flow))) {
            subscribe(other, "bench/+/0/000999");
            run.publish(4000);
        }
        assertEquals(flow.sent(), flow.received());
        assertEquals(flow.sent() / 1000, counters.get(CounterId.PUBLISH_SENT) - flow.received());
        assertEquals(0, flow.outOfOrder());
    }

    /** Returns when the broker has answered. */
    private static void subscribe(final Socket socket, final String filter) throws IOException {
        final UnsafeBuffer packets = new UnsafeBuffer(new byte[256]);
        int length = new ConnectEncoder()
                .wrap(packets, 0, ProtocolVersion.V3_1_1)
                .clientId("other")
                .finish();
        length += new SubscribeEncoder()
                .wrap(packets, length, ProtocolVersion.V3_1_1, 1)
                .add(filter, 0)
                .finish();
        socket.getOutputStream().write(packets.byteArray(), 0, length);
        assertEquals(CONNACK_AND_SUBACK_LENGTH, socket.getInputStream().readNBytes(CONNACK_AND_SUBACK_LENGTH).length);
    }

    @Test
    void shouldMeasureOnAllThreadsAtTheSameTime() throws IOException {
        final Flow flow = new Flow(plan(0).pairs(4).threads(3));
        try (LoadRun run = new LoadRun(List.of(flow))) {
            final LoadRun.Measure measure = run.measure(0.05, 0.25);
            assertEquals(0, run.drain());
            assertEquals(3, measure.cores().threads());
            assertTrue(measure.cores().busiestThread() > 0);
            assertEquals(
                    List.of(0.1, 0.2, 0.25),
                    measure.rates().stream().map(Rate::atS).toList());
            assertEquals(
                    flow.shares().stream().mapToDouble(FlowShare::sentPerSecond).sum(), measure.sentPerSecond(0), 1e-6);
        }
        assertTrue(flow.shares().stream().allMatch(share -> share.sent() > 0));
        final long samples = flow.shares().stream()
                .mapToLong(share -> share.statistics().latencyNs().getTotalCount())
                .sum();
        assertEquals(samples, flow.statistics().latencyNs().getTotalCount());
        assertEquals(counters.get(CounterId.PUBLISH_SENT), flow.received());
    }

    @Test
    void shouldRunFlowsOfOnePairOnOneThread() throws IOException {
        final List<Flow> flows = List.of(new Flow(plan(0).rate(1000).threads(4)), new Flow(plan(1).threads(4)));
        try (LoadRun run = new LoadRun(flows)) {
            final LoadRun.Measure measure = run.measure(0, 0.05);
            assertEquals(0, run.drain());
            assertEquals(1, measure.cores().threads());
        }
        assertEquals(
                counters.get(CounterId.PUBLISH_RECEIVED),
                flows.stream().mapToLong(Flow::sent).sum());
    }

    @Test
    void shouldEndTheSessionsOfAllThreads() throws Exception {
        final Flow flow = new Flow(plan(1).pairs(3).persistent().threads(3));
        try (LoadRun run = new LoadRun(List.of(flow))) {
            run.publish(100);
            awaitSessions(6);
            run.end();
        }
        awaitSessions(0);
    }

    private void awaitSessions(final long count) throws InterruptedException {
        while (counters.get(CounterId.SESSIONS) != count) {
            Thread.sleep(5);
        }
    }

    @Test
    void shouldRefuseWhatAnotherThreadsClientsSent() throws IOException {
        try (FaultyBroker faulty = new FaultyBroker().confuse()) {
            final Flow flow =
                    new Flow(FlowPlan.of(HOST, faulty.port(), 0, 64).pairs(2).threads(2));
            try (LoadRun run = new LoadRun(List.of(flow))) {
                final String said = assertThrows(IOException.class, () -> run.measure(0, 0.2))
                        .getMessage();
                assertEquals("the broker sent a message on a topic that was not subscribed to", said);
            }
        }
    }

    /** Also of what it kept from being sent in its time: so many are never on their way. */
    @Test
    void shouldTakeTheLatencyOfWhatABrokerHoldsUpUntilTheEnd() throws IOException {
        try (FaultyBroker stopped = new FaultyBroker().faultless().stop()) {
            final Flow flow = new Flow(FlowPlan.of(HOST, stopped.port(), 1, 64).rate(400_000));
            try (LoadRun run = new LoadRun(List.of(flow))) {
                assertEquals(0, run.measure(0, 0.2).deliveredPerSecond(0));
                assertTrue(flow.isOverdue(), flow.sent() + " of 80,000");
                assertEquals(0, flow.statistics().latencyNs().getTotalCount());
                final long sentInTime = flow.sent();
                stopped.resume();
                assertEquals(0, run.drain());
                assertTrue(flow.sent() > sentInTime, "what is overdue is sent");
                assertTrue(flow.statistics().latencyNs().getTotalCount() > 0);
                assertTrue(flow.statistics().acknowledgedNs().getTotalCount() > 0);
            }
        }
    }

    @Test
    void shouldTellTheFailureOfAnyThread() throws IOException {
        for (final String refused : List.of("-0", "-1", "-2")) {
            try (FaultyBroker faulty = new FaultyBroker().refuse(refused)) {
                final Flow flow = new Flow(
                        FlowPlan.of(HOST, faulty.port(), 0, 64).pairs(3).threads(3));
                assertThrows(IOException.class, () -> new LoadRun(List.of(flow)), refused);
            }
        }
    }
}
