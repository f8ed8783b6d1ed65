package io.ringmain.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.auth.ReadRights;
import io.ringmain.engine.catalog.CatalogLimits;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.journal.Durability;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The catalogue in every threading mode, and what a client may not see of it. */
@Timeout(60)
class CatalogModesTest {
    private static final String ALL = HexFormat.of().formatHex("$catalog/#".getBytes(StandardCharsets.UTF_8));

    @TempDir
    private Path dir;

    private final Set<String> asked = Collections.synchronizedSet(new TreeSet<>());

    private BrokerContext context(final ThreadingMode mode) {
        return new BrokerContext()
                .dataDir(dir)
                .segmentBytes(8 << 20)
                .listeners(List.of(new ListenerConfig("test", new InetSocketAddress("127.0.0.1", 0))))
                .threadingMode(mode)
                .durability(Durability.APPEND)
                .ioThreads(2)
                .idleStrategy("back-off")
                .catalogLimits(new CatalogLimits().enabled(true))
                .authorizer(ReadRights.of((client, topic) -> {
                    asked.add(client.listener() + " " + client.clientId() + " " + client.username());
                    return !topic.startsWith("s") || "anna".equals(client.username());
                }));
    }

    /** The next message: topic and payload. */
    private static String message(final HexClient client) throws IOException {
        client.expect("31");
        int length = Integer.parseInt(client.read(1), 16);
        if (length >= 0x80) {
            length = (length & 0x7F) + 0x80 * Integer.parseInt(client.read(1), 16);
        }
        return new String(HexFormat.of().parseHex(client.read(length)), StandardCharsets.UTF_8).substring(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = ThreadingMode.class,
            names = {"SHARED", "DEDICATED", "INVOKER"})
    void shouldShowEachClientWhatItMayRead(final ThreadingMode mode) throws IOException {
        final BrokerContext context = context(mode);
        try (RunningBroker broker = new RunningBroker(context)) {
            for (int i = 0; i < 4; i++) {
                try (HexClient client = new HexClient(broker.port())) {
                    final boolean isAnna = i % 2 == 0;
                    // Client ids c0, c1, ...: their sessions belong to different agents.
                    client.send((isAnna ? "10 14 0004 4d515454 04 82" : "10 0e 0004 4d515454 04 02") + "0000 0002 63"
                                    + "%02x".formatted(0x30 + i) + (isAnna ? "0004 616e6e61" : ""))
                            .expect("20020000");
                    client.send("32 08 0003 732f61 0001 78").expect("40 02 0001");
                    client.send("32 08 0003 702f61 0002 78").expect("40 02 0002");
                    client.send("82 0f 0003 000a" + ALL + "00").expect("90 03 0003 00");
                    assertTrue(message(client).startsWith("$catalog/p/a{\"first\""));
                    if (isAnna) {
                        final String topic = message(client);
                        assertTrue(topic.startsWith("$catalog/s/a{"), topic);
                        assertTrue(topic.contains("\"count\":" + (i + 1) + ","), topic);
                    }
                    final String end = message(client);
                    assertTrue(end.startsWith("$catalog{\"topics\":" + (isAnna ? 2 : 1) + ","), end);
                }
            }
            assertEquals(Set.of("test c0 anna", "test c1 null", "test c2 anna", "test c3 null"), asked);
        }
    }

    @Test
    void shouldRefuseWhatPassesTheBoundOfRequests() throws IOException {
        final BrokerContext context = context(ThreadingMode.SHARED);
        context.catalogLimits().maxRequests(1);
        try (RunningBroker broker = new RunningBroker(context);
                HexClient client = new HexClient(broker.port())) {
            client.send("10 0e 0004 4d515454 04 02 0000 0002 6161").expect("20020000");
            for (int i = 0; i < 3; i++) {
                // Twice the same filter: there is room for one, and there is again when that was answered.
                client.send("82 1c 0001" + ("000a" + ALL + "00").repeat(2)).expect("90 04 0001 00 80");
                assertTrue(message(client).startsWith("$catalog{\"topics\":0,"));
            }
            assertEquals(3, context.counters().get(CounterId.CATALOG_REFUSED));
        }
    }
}
