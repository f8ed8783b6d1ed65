package io.ringmain.ops.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.BrokerContext;
import io.ringmain.engine.io.ChannelLayer;
import io.ringmain.engine.io.ListenerConfig;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** For each key it is decided whether a reload replaces it, and what is said to be replaced is. */
class ReloadedKeysTest {
    /** Sections of which every key needs a restart. */
    private static final List<String> RESTART =
            List.of("node", "tls", "mqtt", "catalog", "metrics", "audit", "storage", "replay", "ring");

    /** Keys of listeners and limits that need one. */
    private static final List<String> RESTART_KEYS = List.of(
            "listeners.*.bind",
            "listeners.*.protocol",
            "listeners.*.path",
            "listeners.*.origins",
            "listeners.*.mode",
            "listeners.*.proxy_protocol",
            "listeners.*.trusted_proxies",
            "listeners.*.enabled",
            "listeners.*.stamp",
            "listeners.*.anonymous",
            "listeners.*.certificate",
            "listeners.*.chain",
            "limits.max_packet_size",
            "limits.max_connect_packet_size",
            "limits.proxy_preface_bytes",
            "limits.websocket_header",
            "limits.websocket_headers",
            "limits.websocket_empty_frames",
            "limits.client_id_length",
            "limits.receive_maximum",
            "limits.topic_alias_maximum",
            "limits.max_qos");

    /** Limits that a reload replaces; each is tried below. */
    private static final List<String> LIMITS = List.of(
            "limits.max_connections",
            "limits.max_connections_per_address",
            "limits.max_half_open",
            "limits.max_half_open_per_address",
            "limits.max_handshakes",
            "limits.accepts_per_second",
            "limits.accepts_per_second_per_address",
            "limits.unauthenticated_bytes",
            "limits.buffer_bytes",
            "limits.publish_rate",
            "limits.publish_bytes_per_second",
            "limits.publish_burst",
            "limits.publish_rate_action",
            "limits.subscribe_rate",
            "limits.connect_timeout",
            "limits.keep_alive_max",
            "limits.session_expiry_max",
            "limits.topic_length",
            "limits.topic_depth",
            "limits.filters_per_subscribe",
            "limits.user_properties",
            "limits.user_properties_bytes",
            "limits.takeovers_per_minute",
            "limits.takeover_ban",
            "limits.outbound_bytes",
            "limits.slow_consumer_wait",
            "limits.stall_timeout",
            "limits.queued_messages_per_session",
            "limits.queued_bytes_per_session",
            "limits.overflow",
            "limits.queued_age",
            "limits.subscriptions_per_session",
            "limits.retained_messages");

    /** All that is made anew: files are read again, and connections ask the new ones. */
    private static final List<String> MADE_ANEW = List.of("auth", "logging", "listeners.*.tls");

    /** One of these is a value of each limit, and not its default. */
    private static final List<String> OTHER_VALUES =
            List.of("7", "1", "12", "7s", "7d", "128KB", "refuse", "drop-newest", "2000", "2MB");

    private static List<String> paths() {
        return Schema.SETTINGS.stream().map(Setting::path).toList();
    }

    private static boolean isIn(final List<String> sections, final String path) {
        return sections.stream().anyMatch(section -> path.equals(section) || path.startsWith(section + "."));
    }

    /** A key that is in no list here is one that nobody has thought about. */
    @Test
    void shouldDecideForEachKeyWhetherAReloadReplacesIt() {
        for (final String path : paths()) {
            final boolean restart = isIn(RESTART, path) || RESTART_KEYS.contains(path);
            final boolean reloaded = LIMITS.contains(path) || isIn(MADE_ANEW, path);
            assertTrue(restart != reloaded, path + ": decide whether a reload replaces it");
            assertEquals(reloaded, Schema.isReloaded(path.replace("*", "x")), path);
        }
        final List<String> listed = Stream.of(RESTART_KEYS, LIMITS)
                .flatMap(List::stream)
                .filter(key -> !paths().contains(key))
                .toList();
        assertEquals(List.of(), listed, "keys that there aren't");
    }

    @Test
    void shouldSayInTheDocumentationWhichLimitsNeedARestart() throws Exception {
        final String page = Files.readString(Path.of("docs/configuration.md"));
        final String sentence = page.lines()
                .filter(line -> line.startsWith("What can change:"))
                .findFirst()
                .orElseThrow();
        final List<String> missing = Schema.SET_AT_START.stream()
                .filter(key -> !sentence.contains("`" + key.substring("limits.".length()) + "`"))
                .toList();
        assertEquals(List.of(), missing);
    }

    private static List<String> limits() {
        return LIMITS;
    }

    private static ConfigLoader loader() {
        return new ConfigLoader()
                .set("listeners.p.bind=127.0.0.1:0")
                .set("listeners.p.proxy_protocol=required")
                .set("listeners.p.trusted_proxies=127.0.0.1")
                .set("listeners.p.protocol=websocket")
                .set("auth.anonymous=always");
    }

    private static String otherValue(final String key) {
        final Setting setting = Schema.find(key).orElseThrow();
        final Object usual = setting.parser().apply(setting.defaultText());
        for (final String text : OTHER_VALUES) {
            try {
                if (!Objects.equals(setting.parser().apply(text), usual)) {
                    return text;
                }
            } catch (final RuntimeException ignored) {
                // No value of this key.
            }
        }
        throw new IllegalStateException("no other value for " + key);
    }

    /** What a reload takes from a configuration changes, and nothing of what was made at the start would. */
    @ParameterizedTest
    @MethodSource("limits")
    void shouldReplaceLimitsAndNothingThatWasMadeForThem(final String key) throws Exception {
        final Config before = loader().load();
        final Config after = loader().set(key + "=" + otherValue(key)).load();
        assertEquals(List.of(key), before.changedKeys(after));
        assertEquals(List.of(), before.restartsFor(after));
        final BrokerContext start = before.toContext();
        final BrokerContext next = after.toContext();
        assertNotEquals(replaced(start, before), replaced(next, after));
        assertEquals(made(start), made(next));
    }

    /** As {@code serve} does it: the policy's limits, those of the core, and the bound of hand-shakes. */
    private static String replaced(final BrokerContext context, final Config config) throws Exception {
        return numbers(context.policy().limits())
                + Arrays.toString(context.coreLimits().values())
                + config.section("limits").integer("max_handshakes");
    }

    private static String numbers(final Object limits) throws Exception {
        final TreeMap<String, Object> numbers = new TreeMap<>();
        for (final var method : limits.getClass().getMethods()) {
            if (method.getParameterCount() == 0 && method.getReturnType().isPrimitive()) {
                numbers.put(method.getName(), method.getReturnType() == void.class ? "" : method.invoke(limits));
            }
        }
        numbers.keySet().removeAll(new TreeSet<>(List.of("hashCode", "notify", "notifyAll", "wait")));
        return numbers.toString();
    }

    /** The numbers in the layers of listeners: they stay what they are until the next start. */
    private static List<String> made(final BrokerContext context) throws Exception {
        final List<String> numbers = new ArrayList<>();
        for (final ListenerConfig listener : context.listeners()) {
            for (final ChannelLayer layer : listener.layers()) {
                addNumbers(layer, numbers);
            }
        }
        assertTrue(numbers.size() >= 5, numbers.toString());
        return numbers;
    }

    private static void addNumbers(final Object layer, final List<String> numbers) throws Exception {
        for (final RecordComponent component : layer.getClass().getRecordComponents()) {
            final Object value = component.getAccessor().invoke(layer);
            if (value instanceof Number) {
                numbers.add(component.getName() + " " + value);
            } else if (value instanceof Record inner) {
                addNumbers(inner, numbers);
            }
        }
    }

    /** The other way round: a layer has no number of which a reload says that it is replaced. */
    @Test
    void shouldNameForARestartWhatLayersAreMadeOf() throws Exception {
        final List<String> usual = made(loader().load().toContext());
        final List<String> baked = Schema.SETTINGS.stream()
                .map(Setting::path)
                .filter(path -> path.startsWith("limits."))
                .filter(path -> !usual.equals(madeWith(path)))
                .filter(Schema::isReloaded)
                .collect(Collectors.toList());
        assertEquals(List.of(), baked);
    }

    private static List<String> madeWith(final String key) {
        try {
            return made(loader().set(key + "=" + otherValue(key)).load().toContext());
        } catch (final Exception ex) {
            throw new IllegalStateException(key, ex);
        }
    }
}
