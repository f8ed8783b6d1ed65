package io.ringmain.ops.config;

import io.ringmain.engine.BrokerContext;
import io.ringmain.engine.ThreadingMode;
import io.ringmain.engine.core.CoreLimits;
import io.ringmain.engine.io.IoLimits;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.journal.Durability;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** A configuration that was checked. */
public final class Config {
    private static final String DEFAULT_LISTENER = "local";
    private static final String DEFAULT_BIND = "127.0.0.1:1883";
    private static final int RETAINED_PER_SLICE = CoreLimits.DEFAULTS.retainedPerSlice();

    private final Map<String, Object> values;

    Config(final Map<String, Object> values) {
        this.values = values;
        if (values.keySet().stream().noneMatch(key -> key.startsWith("listeners."))) {
            values.put("listeners." + DEFAULT_LISTENER + ".bind", Values.address(DEFAULT_BIND));
        }
    }

    /** Adds what is wrong between values to the errors. */
    void check(final UnaryOperator<String> origin, final List<String> errors) {
        for (final String name : listenerNames()) {
            final String key = "listeners." + name + ".bind";
            if (!values.containsKey(key)) {
                if (errors.isEmpty()) {
                    errors.add("listeners." + name + ": needs a bind address, expected host:port");
                }
                continue;
            }
            final InetSocketAddress bind = (InetSocketAddress) values.get(key);
            if (isEnabled(name) && !isLoopback(bind) && !value("auth.anonymous").equals("always")) {
                errors.add(origin.apply(key) + ": " + key + ": " + bind.getHostString()
                        + " can be reached from other machines, and this broker has no authentication yet: bind to"
                        + " 127.0.0.1, or set auth.anonymous to always to let anybody in");
            }
        }
    }

    private static boolean isLoopback(final InetSocketAddress address) {
        try {
            return InetAddress.getByName(address.getHostString()).isLoopbackAddress();
        } catch (final UnknownHostException ex) {
            return false;
        }
    }

    private TreeSet<String> listenerNames() {
        final TreeSet<String> names = new TreeSet<>();
        values.keySet().stream()
                .filter(key -> key.startsWith("listeners."))
                .forEach(key -> names.add(key.split("\\.")[1]));
        return names;
    }

    private boolean isEnabled(final String listener) {
        return (Boolean) value("listeners." + listener + ".enabled");
    }

    private Object value(final String key) {
        final Object value = values.get(key);
        if (value != null) {
            return value;
        }
        final Setting setting = Schema.find(key).orElseThrow();
        return setting.parser().apply(setting.defaultText());
    }

    private String text(final String key) {
        return (String) value(key);
    }

    private long number(final String key) {
        return (Long) value(key);
    }

    private int integer(final String key) {
        return Math.toIntExact(number(key));
    }

    /** {@code error}, {@code warn}, {@code info} or {@code debug}. */
    public String logLevel() {
        return text("logging.level");
    }

    /** What the engine needs to know. */
    public BrokerContext toContext() {
        return new BrokerContext()
                .dataDir(Path.of(text("node.data_dir")))
                .listeners(listenerNames().stream()
                        .filter(this::isEnabled)
                        .map(this::listener)
                        .toList())
                .durability(Durability.valueOf(text("storage.durability").toUpperCase(Locale.ROOT)))
                .threadingMode(ThreadingMode.valueOf(text("ring.threading").toUpperCase(Locale.ROOT)))
                .idleStrategy(text("ring.idle"))
                .ioThreads(integer("ring.io_threads"))
                .ringSlots(integer("ring.size"))
                .laneBytes(integer("ring.lane_size"))
                .segmentBytes(integer("storage.log.segment"))
                .ioLimits(ioLimits())
                .coreLimits(coreLimits());
    }

    private ListenerConfig listener(final String name) {
        final InetSocketAddress bind = (InetSocketAddress) value("listeners." + name + ".bind");
        return new ListenerConfig(name, new InetSocketAddress(bind.getHostString(), bind.getPort()));
    }

    private IoLimits ioLimits() {
        return new IoLimits(
                integer("limits.max_connections"),
                integer("limits.max_packet_size"),
                integer("limits.max_connect_packet_size"),
                number("limits.connect_timeout"),
                integer("limits.keep_alive_max"),
                integer("limits.receive_maximum"),
                number("limits.session_expiry_max"),
                integer("limits.max_qos"),
                integer("limits.topic_length"),
                integer("limits.topic_depth"),
                integer("limits.filters_per_subscribe"),
                integer("limits.client_id_length"),
                integer("limits.outbound_bytes"),
                number("limits.stall_timeout"));
    }

    private CoreLimits coreLimits() {
        return new CoreLimits(
                integer("limits.receive_maximum"),
                integer("limits.queued_messages_per_session"),
                number("limits.queued_bytes_per_session"),
                text("limits.overflow").equals("drop-newest"),
                integer("limits.subscriptions_per_session"),
                integer("limits.retained_messages"),
                RETAINED_PER_SLICE);
    }
}
