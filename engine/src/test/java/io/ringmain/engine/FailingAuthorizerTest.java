package io.ringmain.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ringmain.engine.auth.Authorizer;
import io.ringmain.engine.auth.Permissions;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.io.MqttOptions;
import io.ringmain.engine.journal.Durability;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A plugin that throws whenever it is asked: what it is asked for is denied, and everybody else is served. */
@Timeout(60)
class FailingAuthorizerTest {
    /** MQTT 3.1.1, clean session, client "wa", with the will "w". */
    private static final String WITH_WILL = "10 14 0004 4d515454 04 06 003c 0002 7761 0001 77 0001 78";
    /** The same of client "qa", without a will. */
    private static final String CONNECT = "10 0e 0004 4d515454 04 02 003c 0002 7161";

    private static final String CONNACK = "20 02 00 00";

    /** Throws for everything but subscriptions, so that there is something to deliver. */
    private static final class Failing implements Permissions {
        @Override
        public boolean mayPublish(final DirectBuffer topic, final int offset, final int length) {
            throw new IllegalStateException("publish");
        }

        @Override
        public boolean maySubscribe(final DirectBuffer filter, final int offset, final int length) {
            return true;
        }

        @Override
        public boolean mayReceive(final DirectBuffer topic, final int offset, final int length) {
            throw new NoClassDefFoundError("receive");
        }
    }

    @TempDir
    private Path dir;

    /** The agent goes over to a policy at the beginning of a cycle, and may be within one when it reads the first. */
    private static void settle(final HexClient client) throws IOException {
        client.send("c0 00").expect("d0 00").send("c0 00").expect("d0 00");
    }

    @Test
    void shouldDenyAndGoOn() throws Exception {
        final AtomicReference<Throwable> halted = new AtomicReference<>();
        final List<String> events = new CopyOnWriteArrayList<>();
        final BrokerContext context = new BrokerContext()
                .dataDir(dir)
                .segmentBytes(8 << 20)
                .listeners(List.of(new ListenerConfig("test", new InetSocketAddress("127.0.0.1", 0))))
                .threadingMode(ThreadingMode.SHARED)
                .durability(Durability.APPEND)
                .mqttOptions(new MqttOptions().replayAvailable(true))
                .eventLog(events::add)
                .haltHandler(halted::set);
        final Authorizer failing = client -> new Failing();
        try (RunningBroker broker = new RunningBroker(context);
                HexClient client = new HexClient(broker.port());
                HexClient other = new HexClient(broker.port())) {
            client.send(WITH_WILL).expect(CONNACK);
            client.send("32 06 0001 61 0001 78").expect("40 02 0001");
            // The will is asked about when the agent goes over to this.
            broker.policy(context.policy().withAuthorizer(failing));
            settle(client);
            other.send(CONNECT).expect(CONNACK);
            // "$replay/@0/#": asked by the agent that reads the log.
            other.send("82 11 0001 000c 247265706c61792f40302f23 01").expect("90 03 0001 01");
            other.send("82 06 0002 0001 2b 00").expect("90 03 0002 00");
            other.send("32 06 0001 61 0003 78").expect("40 02 0003");
            // Asked about the will, the publish, and what the log has.
            while (context.counters().get(CounterId.AUTHORIZER_FAILURES) < 3) {
                Thread.sleep(5);
            }
            // Without the plugin again, and what was denied has not come.
            broker.policy(context.policy().withAuthorizer(Authorizer.ALLOW_ALL));
            settle(client);
            client.send("30 04 0001 62 79");
            other.expect("30 04 0001 62 79");
        }
        assertNull(halted.get());
        assertEquals(1, context.counters().get(CounterId.DROPPED_WILL_ACL));
        assertEquals(
                1,
                events.stream()
                        .filter(line -> line.startsWith("an authorizer failed"))
                        .count());
    }
}
