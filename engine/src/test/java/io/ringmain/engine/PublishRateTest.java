package io.ringmain.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Authorizer;
import io.ringmain.engine.auth.Permissions;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.io.IoLimits;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.journal.Durability;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.CachedEpochClock;
import org.agrona.concurrent.EpochNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that publish or subscribe too fast, over sockets; the broker's clock is the test's. */
@Timeout(60)
class PublishRateTest {
    /** MQTT 5, clean start; client ids of two bytes follow. */
    private static final String CONNECT = "10 0f 0004 4d515454 05 02 0000 00 0002 ";

    /** With the limits, and a keep alive of an hour. */
    private static final String CONNACK = "20 11 00 00 0e 210400 2700100000 220040 13 0e10";

    /** MQTT 3.1.1. */
    private static final String CONNECT_3 = "10 0e 0004 4d515454 04 02 0000 0002 ";

    private static final String QOS0 = "30 06 0001 61 00 7878 ";
    private static final String QOS1 = "32 08 0001 61 0001 00 7878 ";
    private static final String PUBACK = "40 03 0001 10";
    private static final String PUBACK_REFUSED = "40 03 0001 97";
    private static final String PING = "c0 00";
    private static final String PONG = "d0 00";

    @TempDir
    private Path dir;

    private final CachedEpochClock now = new CachedEpochClock();
    private final EpochNanoClock clock = () -> now.time();
    private BrokerContext context;
    private RunningBroker broker;

    private void start(final IoLimits limits) {
        start(limits, Authorizer.ALLOW_ALL, 1);
    }

    private void start(final IoLimits limits, final Authorizer authorizer, final int lanes) {
        now.update(TimeUnit.HOURS.toNanos(1));
        context = new BrokerContext()
                .dataDir(dir)
                .segmentBytes(8 << 20)
                .listeners(List.of(new ListenerConfig("test", new InetSocketAddress("127.0.0.1", 0))))
                .threadingMode(ThreadingMode.SHARED)
                .ioThreads(lanes)
                .authorizer(authorizer)
                .authenticator(
                        credentials -> CompletableFuture.completedFuture(AuthVerdict.accept(credentials.username())))
                .durability(Durability.APPEND)
                .clock(clock)
                .ioLimits(limits.connectTimeoutNs(Long.MAX_VALUE));
        broker = new RunningBroker(context);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private HexClient connected(final String id) throws IOException {
        return new HexClient(broker.port()).send(CONNECT + id).expect(CONNACK);
    }

    private long count(final CounterId id) {
        return context.counters().get(id);
    }

    private void pass(final long ms) {
        now.advance(TimeUnit.MILLISECONDS.toNanos(ms));
    }

    @Test
    void shouldReadNoMoreThanTheRateAndGoOnByItself() throws IOException {
        start(new IoLimits().publishRate(10));
        try (HexClient client = connected("6161");
                HexClient other = connected("6262")) {
            client.send(QOS0.repeat(25) + PING);
            Eventually.holds(() -> count(CounterId.PUBLISHERS_DELAYED) > 0);
            other.send(QOS0 + PING).expect(PONG);
            assertEquals(11, count(CounterId.PUBLISH_RECEIVED), "a second's worth, and one of the other's");
            for (int second = 1; second <= 4; second++) {
                pass(250);
                final int expected = Math.min(11 + second * 5 / 2, 26);
                Eventually.holds(() -> count(CounterId.PUBLISH_RECEIVED) == expected);
                other.send(PING).expect(PONG);
                assertEquals(expected, count(CounterId.PUBLISH_RECEIVED));
            }
            pass(500);
            client.expect(PONG);
            assertEquals(26, count(CounterId.PUBLISH_RECEIVED), "none is lost");
        }
    }

    @Test
    void shouldReadNoMoreBytesThanTheRate() throws IOException {
        start(new IoLimits().publishBytesPerSecond(80).publishBurstNs(TimeUnit.SECONDS.toNanos(1)));
        try (HexClient client = connected("6161")) {
            client.send(QOS0.repeat(20) + PING);
            Eventually.holds(() -> count(CounterId.PUBLISHERS_DELAYED) > 0);
            assertEquals(10, received(client), "ten of eight bytes");
            pass(500);
            Eventually.holds(() -> count(CounterId.PUBLISH_RECEIVED) == 15);
            pass(1000);
            client.expect(PONG);
        }
    }

    /** Counted as soon as another client gets an answer. */
    private long received(final HexClient client) throws IOException {
        try (HexClient other = connected("7a7a")) {
            other.send(PING).expect(PONG);
        }
        return count(CounterId.PUBLISH_RECEIVED);
    }

    @Test
    void shouldLetAPacketPassThatIsLargerThanTheBurst() throws IOException {
        start(new IoLimits().publishBytesPerSecond(10).publishBurstNs(0));
        try (HexClient client = connected("6161")) {
            client.send(QOS1).expect(PUBACK).send(QOS0 + PING);
            Eventually.holds(() -> count(CounterId.PUBLISHERS_DELAYED) > 0);
            assertEquals(1, received(client));
            pass(1100);
            client.expect(PONG);
        }
    }

    @Test
    void shouldRefuseInPlaceOfReadingLaterWhereTheClientCanBeTold() throws IOException {
        start(new IoLimits().publishRate(2).publishRateRefuses(true));
        try (HexClient client = connected("6161")) {
            client.send(QOS1).expect(PUBACK).send(QOS0);
            client.send(QOS1).expect(PUBACK_REFUSED);
            client.send(QOS0 + PING).expect(PONG);
            assertEquals(2, count(CounterId.PUBLISH_REFUSED_RATE));
            assertEquals(0, count(CounterId.PUBLISHERS_DELAYED));
            pass(500);
            // Read in a cycle that may have begun before; what comes behind it isn't.
            client.send(PING).expect(PONG);
            client.send(QOS1).expect(PUBACK);
            client.send(QOS1).expect(PUBACK_REFUSED);
        }
    }

    @Test
    void shouldDelayQos1OfMqtt3SinceItKnowsNoRefusal() throws IOException {
        start(new IoLimits().publishRate(1).publishRateRefuses(true));
        try (HexClient client =
                new HexClient(broker.port()).send(CONNECT_3 + "6161").expect("20 02 00 00")) {
            client.send("32 07 0001 61 0001 7878 ".repeat(2)).expect("40 02 0001");
            Eventually.holds(() -> count(CounterId.PUBLISHERS_DELAYED) > 0);
            pass(1000);
            client.expect("40 02 0001");
            client.send("30 05 0001 61 7878" + PING).expect(PONG);
            assertEquals(1, count(CounterId.PUBLISH_REFUSED_RATE), "QoS 0 is dropped");
        }
    }

    @Test
    void shouldNotForgetWhatAClientOwesWhenItComesBack() throws IOException {
        start(new IoLimits().publishRate(2));
        try (HexClient client = connected("6161")) {
            client.send(QOS0.repeat(2) + PING).expect(PONG);
        }
        Eventually.holds(() -> count(CounterId.CONNECTIONS_OPEN) == 0);
        try (HexClient again = connected("6161");
                HexClient other = connected("6262")) {
            again.send(QOS0 + PING);
            Eventually.holds(() -> count(CounterId.PUBLISHERS_DELAYED) > 0);
            other.send(QOS0 + PING).expect(PONG);
            pass(500);
            again.expect(PONG);
        }
    }

    /** As {@link #connected}, with a user name of two bytes. */
    private HexClient connectedAs(final String user, final String id) throws IOException {
        return new HexClient(broker.port())
                .send("10 13 0004 4d515454 05 82 0000 00 0002 " + id + " 0002 " + user)
                .expect(CONNACK);
    }

    /** Else a burst is there for each id that it can think of, and for each agent that its ids belong to. */
    @Test
    void shouldNotForgetWhatAUserOwesWhenItComesBackUnderAnotherId() throws IOException {
        start(new IoLimits().publishRate(2), Authorizer.ALLOW_ALL, 2);
        try (HexClient client = connectedAs("7575", "6161")) {
            client.send(QOS0.repeat(2) + PING).expect(PONG);
        }
        Eventually.holds(() -> count(CounterId.CONNECTIONS_OPEN) == 0);
        for (final String id : List.of("6161", "6162", "6163", "6164")) {
            final long before = count(CounterId.PUBLISHERS_DELAYED);
            try (HexClient again = connectedAs("7575", id)) {
                again.send(QOS0);
                Eventually.holds(() -> count(CounterId.PUBLISHERS_DELAYED) > before);
            }
        }
        try (HexClient other = connectedAs("7676", "6161");
                HexClient nobody = connected("7575")) {
            other.send(QOS0 + PING).expect(PONG);
            nobody.send(QOS0 + PING).expect(PONG);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {QOS0, QOS1})
    void shouldChargeForWhatIsRefused(final String publish) throws IOException {
        start(new IoLimits().publishRate(2), client -> Permissions.NONE, 1);
        try (HexClient client = connected("6161");
                HexClient other = connected("6262")) {
            client.send(publish.repeat(3));
            final boolean isAnswered = publish.equals(QOS1);
            client.expect(isAnswered ? "40 03 0001 87 40 03 0001 87" : "");
            Eventually.holds(() -> count(CounterId.PUBLISHERS_DELAYED) > 0);
            other.send(PING).expect(PONG);
            assertEquals(2, count(CounterId.PUBLISH_REFUSED_ACL));
            pass(500);
            client.expect(isAnswered ? "40 03 0001 87" : "").send(PING).expect(PONG);
            assertEquals(3, count(CounterId.PUBLISH_REFUSED_ACL));
        }
    }

    @Test
    void shouldRefuseForTheRateWhatItWouldRefuseAnyway() throws IOException {
        start(new IoLimits().publishRate(1).publishRateRefuses(true), client -> Permissions.NONE, 1);
        try (HexClient client = connected("6161")) {
            client.send(QOS1.repeat(3)).expect("40 03 0001 87" + PUBACK_REFUSED.repeat(2));
            pass(1000);
            client.send(PING).expect(PONG);
            client.send(QOS1).expect("40 03 0001 87");
        }
    }

    @Test
    void shouldLetGoOfAClientThatLeavesWhileItWaits() throws IOException {
        start(new IoLimits().publishRate(1));
        try (HexClient client = connected("6161")) {
            client.send(QOS0.repeat(10));
            Eventually.holds(() -> count(CounterId.PUBLISHERS_DELAYED) > 0);
            try (HexClient successor = connected("6161")) {
                pass(300);
                successor.send(PING).expect(PONG);
            }
        }
        Eventually.holds(() -> count(CounterId.CONNECTIONS_OPEN) == 0);
        assertTrue(count(CounterId.PUBLISH_RECEIVED) <= 2);
    }

    @Test
    void shouldBoundFiltersASecond() throws IOException {
        start(new IoLimits().subscribeRate(1));
        final String subscribe = "82 07 0001 00 0001 61 00 ";
        try (HexClient client = connected("6161");
                HexClient other = connected("6262")) {
            client.send(subscribe.repeat(3)).expect("90 04 0001 00 00");
            Eventually.holds(() -> count(CounterId.SUBSCRIBERS_DELAYED) > 0);
            other.send(PING).expect(PONG);
            for (int i = 0; i < 2; i++) {
                for (int step = 0; step < 5; step++) {
                    pass(250);
                    other.send(PING).expect(PONG);
                }
                client.expect("90 04 0001 00 00");
            }
        }
    }
}
