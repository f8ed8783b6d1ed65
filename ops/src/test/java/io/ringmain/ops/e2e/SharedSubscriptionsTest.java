package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.ProtocolVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Work that is shared among clients of all makes, while some of them go away. */
@Tag("e2e")
@Timeout(120)
class SharedSubscriptionsTest {
    private static final ProtocolVersion V5 = ProtocolVersion.V5;
    private static final int JOBS = 200;

    @TempDir
    private static Path data;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws Exception {
        broker = BrokerProcess.start(data);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static void publishJobs(final String topic) throws Exception {
        try (Peer publisher = PeerKind.PAHO_3_1_1.connect(PeerOptions.clean(broker.port(), "boss-of-" + topic))) {
            for (int i = 0; i < JOBS; i++) {
                publisher.publish(topic, "job " + i, 1 + i % 2, false);
            }
        }
    }

    @Test
    void shouldShareAmongClientsOfAllMakes() throws Exception {
        final List<Peer> workers = new ArrayList<>();
        try {
            for (final PeerKind kind : PeerKind.values()) {
                final Peer worker = kind.connect(PeerOptions.clean(broker.port(), "worker-" + kind.label()));
                workers.add(worker);
                assertEquals(2, worker.subscribe("$share/all/jobs", 2));
            }
            publishJobs("jobs");
            final Set<String> done = new HashSet<>();
            for (final Peer worker : workers) {
                for (final Arrival arrival : worker.next(JOBS / workers.size())) {
                    assertTrue(done.add(arrival.text()), "twice: " + arrival);
                }
            }
            assertEquals(JOBS, done.size(), "all got the same share");
        } finally {
            workers.forEach(Peer::close);
        }
    }

    @Test
    void shouldGiveWhatAVanishedMemberLeavesToOthers() throws Exception {
        final Set<String> done = new HashSet<>();
        try (Peer steady = PeerKind.HIVEMQ_5.connect(PeerOptions.clean(broker.port(), "steady"));
                RawClient lazy = RawClient.connected(
                        broker.port(), V5, c -> c.clientId("lazy").sessionExpiry(1000))) {
            assertEquals(1, steady.subscribe("$share/two/left", 1));
            lazy.subscribe(V5, 1, "$share/two/left", 1);
            lazy.expect("90 04 0001 00 01");
            publishJobs("left");
            for (int i = 0; i < JOBS / 2; i++) {
                assertEquals(0x32, lazy.packet()[0], "it gets its half and acknowledges none of it");
            }
            lazy.sendHex("ff 00");
            for (int i = 0; i < JOBS; i++) {
                done.add(steady.next().text());
            }
        }
        assertEquals(JOBS, done.size());
    }

    @Test
    void shouldKeepWorkForAGroupThatIsAway() throws Exception {
        final PeerOptions options = PeerOptions.persistent(broker.port(), "night-shift");
        try (Peer worker = PeerKind.PAHO_5.connect(options)) {
            worker.subscribe("$share/night/backlog", 1);
        }
        publishJobs("backlog");
        try (Peer worker = PeerKind.PAHO_5.connect(options)) {
            final Set<String> done = new HashSet<>();
            for (final Arrival arrival : worker.next(JOBS)) {
                done.add(arrival.text());
            }
            assertEquals(JOBS, done.size());
        }
    }

    @Test
    void shouldTreatGroupAndPlainSubscriptionsApart() throws Exception {
        try (Peer one = PeerKind.HIVEMQ_3_1_1.connect(PeerOptions.clean(broker.port(), "both"))) {
            one.subscribe("$share/apart/apart", 1);
            one.subscribe("apart", 1);
            one.publish("apart", "x", 1, false);
            one.next(2);
            one.expectNothingBefore(one, "apart");
        }
    }
}
