package io.ringmain.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmain.engine.auth.ReadRights;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.io.MqttOptions;
import io.ringmain.engine.journal.Durability;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Travel through the log in every threading mode, by clients that may not read all of it. */
@Timeout(60)
class ReplayModesTest {
    @TempDir
    private Path dir;

    private final Set<String> asked = Collections.synchronizedSet(new TreeSet<>());
    private volatile boolean isSecretOpen;

    private BrokerContext context(final ThreadingMode mode) {
        return new BrokerContext()
                .dataDir(dir)
                .segmentBytes(8 << 20)
                .listeners(List.of(new ListenerConfig("test", new InetSocketAddress("127.0.0.1", 0))))
                .threadingMode(mode)
                .durability(Durability.APPEND)
                .ioThreads(2)
                .idleStrategy("back-off")
                .mqttOptions(new MqttOptions().replayAvailable(true))
                .authorizer(ReadRights.of((client, topic) -> {
                    asked.add(client.listener() + " " + client.clientId() + " " + client.username());
                    return !topic.startsWith("s") || isSecretOpen || "anna".equals(client.username());
                }));
    }

    private static HexClient connect(final RunningBroker broker, final String clientId, final boolean isAnna)
            throws IOException {
        final HexClient client = new HexClient(broker.port());
        final String id = HexFormat.of().formatHex(clientId.getBytes(StandardCharsets.UTF_8));
        client.send((isAnna ? "10 14 0004 4d515454 04 82" : "10 0e 0004 4d515454 04 02") + "0000 0002" + id
                        + (isAnna ? "0004 616e6e61" : ""))
                .expect("20020000");
        return client;
    }

    /** Publishes with QoS 1 on a topic of three letters; the payload is one digit. */
    private static void publish(final HexClient client, final String topic, final int number) throws IOException {
        final String name = HexFormat.of().formatHex(topic.getBytes(StandardCharsets.UTF_8));
        client.send("32 08 0003 %s 0001 %02x".formatted(name, '0' + number)).expect("40 02 0001");
    }

    /** Subscribes with QoS 0; topic and payload of the messages up to the one whose payload ends it. */
    private static List<String> replay(final HexClient client, final String filter, final int last) throws IOException {
        final String name = HexFormat.of().formatHex(filter.getBytes(StandardCharsets.UTF_8));
        client.send("82 %02x 0001 %04x %s 00".formatted(5 + filter.length(), filter.length(), name))
                .expect("90 03 0001 00");
        final List<String> messages = new ArrayList<>();
        while (messages.isEmpty() || !messages.get(messages.size() - 1).endsWith(String.valueOf(last))) {
            client.expect("30 06 0003");
            messages.add(new String(HexFormat.of().parseHex(client.read(4)), StandardCharsets.UTF_8));
        }
        return messages;
    }

    @ParameterizedTest
    @EnumSource(
            value = ThreadingMode.class,
            names = {"SHARED", "DEDICATED", "INVOKER"})
    void shouldTellEachClientWhatItMayRead(final ThreadingMode mode) throws IOException {
        try (RunningBroker broker = new RunningBroker(context(mode));
                HexClient writer = connect(broker, "w0", false)) {
            for (int i = 1; i <= 9; i++) {
                publish(writer, (i % 2 == 0 ? "s" : "p") + "/a", i);
            }
            // Client ids c0, c1, ...: their sessions belong to different agents.
            for (int i = 0; i < 4; i++) {
                final boolean isAnna = i % 2 == 0;
                try (HexClient client = connect(broker, "c" + i, isAnna)) {
                    assertEquals(
                            isAnna
                                    ? List.of("p/a1", "s/a2", "p/a3", "s/a4", "p/a5", "s/a6", "p/a7", "s/a8", "p/a9")
                                    : List.of("p/a1", "p/a3", "p/a5", "p/a7", "p/a9"),
                            replay(client, "$replay/@0/#", 9));
                    // The count is of what the client may read: it doesn't tell how much there is besides.
                    assertEquals(
                            isAnna ? List.of("p/a7", "s/a8", "p/a9") : List.of("p/a5", "p/a7", "p/a9"),
                            replay(client, "$replay/last:3/+/a", 9));
                }
            }
            assertEquals(Set.of("test c0 anna", "test c1 null", "test c2 anna", "test c3 null"), asked);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ThreadingMode.class,
            names = {"SHARED", "DEDICATED", "INVOKER"})
    void shouldAskForTheRightsOfNow(final ThreadingMode mode) throws IOException {
        try (RunningBroker broker = new RunningBroker(context(mode));
                HexClient client = connect(broker, "c0", false)) {
            publish(client, "s/a", 1);
            publish(client, "p/a", 2);
            assertEquals(List.of("p/a2"), replay(client, "$replay/@0/+/a", 2));
            isSecretOpen = true;
            assertEquals(List.of("s/a1", "p/a2"), replay(client, "$replay/@0/+/a/#", 2));
            isSecretOpen = false;
            assertEquals(List.of("p/a2"), replay(client, "$replay/last:9/+/+", 2));
        }
    }
}
