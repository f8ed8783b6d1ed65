package io.ringmain.ops.config;

import io.ringmain.engine.BrokerContext;
import io.ringmain.engine.ThreadingMode;
import io.ringmain.engine.catalog.CatalogLimits;
import io.ringmain.engine.core.CoreLimits;
import io.ringmain.engine.io.AddressSet;
import io.ringmain.engine.io.AuditOptions;
import io.ringmain.engine.io.Bans;
import io.ringmain.engine.io.ChannelLayer;
import io.ringmain.engine.io.IoLimits;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.io.MqttOptions;
import io.ringmain.engine.io.proxy.ProxyLayer;
import io.ringmain.engine.journal.Durability;
import io.ringmain.engine.journal.ForceThread;
import io.ringmain.storage.log.Retention;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** A configuration that was checked. */
public final class Config {
    private static final String DEFAULT_LISTENER = "local";
    private static final String DEFAULT_BIND = "127.0.0.1:1883";
    private static final String DEFAULT_ORIGIN = "default";

    private final Map<String, Given> given;
    private Bans bans = Bans.NONE;

    Config(final Map<String, Given> given) {
        this.given = new TreeMap<>(given);
        if (listenerNames().isEmpty()) {
            this.given.put(
                    "listeners." + DEFAULT_LISTENER + ".bind",
                    new Given(Values.address(DEFAULT_BIND), DEFAULT_BIND, DEFAULT_ORIGIN));
        }
    }

    /** Adds what is wrong between values to the errors. */
    void check(final List<String> errors) {
        for (final String name : listenerNames()) {
            final Given bind = given.get("listeners." + name + ".bind");
            if (bind != null) {
                checkBind(name, bind, errors);
            } else if (errors.isEmpty()) {
                errors.add("listeners." + name + ": needs a bind address, expected host:port or unix:/path");
            }
        }
        bans = readBans(errors);
        if (errors.isEmpty() && listenerNames().stream().noneMatch(this::isEnabled)) {
            errors.add("listeners: none is enabled");
        }
    }

    private void checkBind(final String listener, final Given bind, final List<String> errors) {
        final String place = place(listener, "bind");
        final boolean isInternet = bind.value() instanceof InetSocketAddress;
        if (isInternet
                && isProxied(listener)
                && texts("listeners." + listener + ".trusted_proxies").isEmpty()) {
            errors.add(place(listener, "proxy_protocol")
                    + "required, and no trusted_proxies: expected the addresses of the"
                    + " proxies, as whoever may send a preface can be anybody");
        }
        final String host = isInternet ? ((InetSocketAddress) bind.value()).getHostString() : bind.text();
        try {
            final boolean isLocal = !isInternet || InetAddress.getByName(host).isLoopbackAddress();
            // Through a proxy on this machine come clients from elsewhere.
            final boolean isPrivate = isLocal && !isProxied(listener);
            if (isEnabled(listener) && !isPrivate && !text("auth.anonymous").equals("always")) {
                errors.add(place + host + " can be reached from other machines, and this version can't ask clients who"
                        + " they are: bind to 127.0.0.1, or set auth.anonymous to always to let anybody in");
            }
        } catch (final UnknownHostException ex) {
            errors.add(place + "no address is known for host '" + host + "'");
        }
    }

    private Bans readBans(final List<String> errors) {
        final String file = text("auth.bans");
        if (file.isEmpty()) {
            return Bans.NONE;
        }
        try {
            return Bans.parse(file, Files.readAllLines(Path.of(file)));
        } catch (final IOException | InvalidPathException ex) {
            final String why = ex instanceof NoSuchFileException ? "there is no such file" : "can't be read: " + ex;
            errors.add(entry("auth.bans").origin() + ": auth.bans: " + file + ": " + why);
        } catch (final IllegalArgumentException ex) {
            errors.addAll(ex.getMessage().lines().toList());
        }
        return Bans.NONE;
    }

    private String place(final String listener, final String key) {
        final String path = "listeners." + listener + "." + key;
        return entry(path).origin() + ": " + path + ": ";
    }

    private boolean isProxied(final String listener) {
        return text("listeners." + listener + ".proxy_protocol").equals("required");
    }

    private TreeSet<String> listenerNames() {
        final TreeSet<String> names = new TreeSet<>();
        given.keySet().stream()
                .filter(key -> key.startsWith("listeners."))
                .forEach(key -> names.add(key.split("\\.")[1]));
        return names;
    }

    private boolean isEnabled(final String listener) {
        return (Boolean) value("listeners." + listener + ".enabled");
    }

    private Object value(final String key) {
        return entry(key).value();
    }

    private Given entry(final String key) {
        final Given entry = given.get(key);
        if (entry != null) {
            return entry;
        }
        final Setting setting = Schema.find(key).orElseThrow();
        return new Given(setting.parser().apply(setting.defaultText()), setting.defaultText(), DEFAULT_ORIGIN);
    }

    /**
     * Lines for people: {@code key: value}.
     *
     * @param effective also those that nobody gave, with their defaults.
     * @param withOrigin adds where each value comes from.
     */
    public List<String> lines(final boolean effective, final boolean withOrigin) {
        final TreeSet<String> keys = new TreeSet<>(given.keySet());
        if (effective) {
            for (final Setting setting : Schema.SETTINGS) {
                if (!setting.path().contains("*")) {
                    keys.add(setting.path());
                } else {
                    listenerNames().forEach(name -> keys.add(setting.path().replace("*", name)));
                }
            }
        }
        return keys.stream()
                .map(key -> key + ": " + entry(key).text()
                        + (withOrigin ? "   # " + entry(key).origin() : ""))
                .toList();
    }

    private String text(final String key) {
        return (String) value(key);
    }

    private long number(final String key) {
        return (Long) value(key);
    }

    private boolean bool(final String key) {
        return (Boolean) value(key);
    }

    private List<String> texts(final String key) {
        return ((List<?>) value(key)).stream().map(String.class::cast).toList();
    }

    private int integer(final String key) {
        return Math.toIntExact(number(key));
    }

    /** Name of this broker. */
    public String nodeId() {
        return text("node.id");
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
                .forceThread(ForceThread.valueOf(text("ring.force_thread").toUpperCase(Locale.ROOT)))
                .idleStrategy(text("ring.idle"))
                .ioThreads(integer("ring.io_threads"))
                .cpus(text("ring.cpus"))
                .backgroundNice(integer("ring.background_nice"))
                .timeSliceNs(TimeUnit.MICROSECONDS.toNanos(integer("ring.time_slice_us")))
                .ringSlots(integer("ring.size"))
                .laneBytes(integer("ring.lane_size"))
                .segmentBytes(integer("storage.log.segment"))
                .ioLimits(ioLimits())
                .bans(bans)
                .mqttOptions(mqttOptions())
                .auditOptions(auditOptions())
                .catalogLimits(catalogLimits())
                .retention(new Retention(
                        number("storage.log.retention.time"),
                        number("storage.log.retention.size"),
                        integer("storage.log.retention.min_free")))
                .segmentAgeNs(number("storage.log.segment_age"))
                .snapshotLogBytes(number("storage.snapshot.log_bytes"))
                .snapshotIntervalNs(number("storage.snapshot.interval"))
                .snapshotHistoryNs(number("storage.snapshot.history"))
                .snapshotOnStop(bool("storage.snapshot.on_stop"))
                .replayBytesPerSecond(number("replay.rate"))
                .sysTopicsIntervalNs(
                        bool("metrics.sys_topics.enabled")
                                ? number("metrics.sys_topics.interval")
                                : BrokerContext.NO_SYS_TOPICS)
                .coreLimits(coreLimits());
    }

    private ListenerConfig listener(final String name) {
        final SocketAddress bind = (SocketAddress) value("listeners." + name + ".bind");
        return new ListenerConfig(
                name,
                bind instanceof InetSocketAddress inet
                        ? new InetSocketAddress(inet.getHostString(), inet.getPort())
                        : bind,
                integer("listeners." + name + ".mode"),
                bool("listeners." + name + ".stamp"),
                layers(name));
    }

    /** The lowest first. */
    private List<ChannelLayer> layers(final String listener) {
        final List<ChannelLayer> layers = new ArrayList<>();
        if (isProxied(listener)) {
            final AddressSet trusted = AddressSet.parse(texts("listeners." + listener + ".trusted_proxies"));
            layers.add(new ProxyLayer(trusted, integer("limits.proxy_preface_bytes")));
        }
        return layers;
    }

    private IoLimits ioLimits() {
        return new IoLimits()
                .maxConnections(integer("limits.max_connections"))
                .maxConnectionsPerAddress(integer("limits.max_connections_per_address"))
                .maxHalfOpen(integer("limits.max_half_open"))
                .maxHalfOpenPerAddress(integer("limits.max_half_open_per_address"))
                .acceptsPerSecond(integer("limits.accepts_per_second"))
                .acceptsPerSecondPerAddress(integer("limits.accepts_per_second_per_address"))
                .unauthenticatedBytes(number("limits.unauthenticated_bytes"))
                .publishRate(number("limits.publish_rate"))
                .publishBytesPerSecond(number("limits.publish_bytes_per_second"))
                .publishBurstNs(number("limits.publish_burst"))
                .publishRateRefuses(text("limits.publish_rate_action").equals("refuse"))
                .subscribeRate(number("limits.subscribe_rate"))
                .maxPacketSize(integer("limits.max_packet_size"))
                .maxConnectPacketSize(integer("limits.max_connect_packet_size"))
                .connectTimeoutNs(number("limits.connect_timeout"))
                .maxKeepAliveSeconds(integer("limits.keep_alive_max"))
                .receiveMaximum(integer("limits.receive_maximum"))
                .sessionExpiryMaxSeconds(number("limits.session_expiry_max"))
                .maxQos(integer("limits.max_qos"))
                .topicLength(integer("limits.topic_length"))
                .topicLevels(integer("limits.topic_depth"))
                .topicAliasMaximum(integer("limits.topic_alias_maximum"))
                .filtersPerSubscribe(integer("limits.filters_per_subscribe"))
                .clientIdLength(integer("limits.client_id_length"))
                .userProperties(integer("limits.user_properties"))
                .userPropertiesBytes(integer("limits.user_properties_bytes"))
                .outboundBytes(integer("limits.outbound_bytes"))
                .stallTimeoutNs(number("limits.stall_timeout"))
                .slowConsumerWaitNs(number("limits.slow_consumer_wait"))
                .takeovers(integer("limits.takeovers_per_minute"))
                .takeoverBanNs(number("limits.takeover_ban"));
    }

    private MqttOptions mqttOptions() {
        return new MqttOptions()
                .retainAvailable(bool("mqtt.retain"))
                .wildcardsAvailable(bool("mqtt.wildcard_subscriptions"))
                .sharedAvailable(bool("mqtt.shared_subscriptions"))
                .subscriptionIdentifiersAvailable(bool("mqtt.subscription_identifiers"))
                .longMqisdpClientIds(bool("mqtt.long_mqisdp_client_ids"))
                .payloadFormatChecked(bool("mqtt.check_payload_format"))
                .replayAvailable(bool("replay.enabled"))
                .replayLastMaximum(integer("replay.last_max"))
                .responseInformation(text("mqtt.response_information"))
                .serverReference(text("mqtt.server_reference"));
    }

    private AuditOptions auditOptions() {
        return new AuditOptions()
                .recordQos0(texts("audit.record_qos0"))
                .recordQos0Headers(texts("audit.record_qos0_headers"))
                .stamp(texts("audit.stamp"))
                .authFailuresPerSecond(integer("audit.auth_failures_per_second"));
    }

    private CatalogLimits catalogLimits() {
        return new CatalogLimits()
                .enabled(bool("catalog.enabled"))
                .maxTopics(integer("catalog.max_topics"))
                .maxRequests(integer("catalog.max_requests"))
                .maxRequestsPerConnection(integer("catalog.max_requests_per_connection"))
                .maxAnswerBytes(number("catalog.max_answer_bytes"));
    }

    private CoreLimits coreLimits() {
        return new CoreLimits()
                .receiveMaximum(integer("limits.receive_maximum"))
                .queuedMessages(integer("limits.queued_messages_per_session"))
                .queuedBytes(number("limits.queued_bytes_per_session"))
                .queuedSeconds(number("limits.queued_age") == Values.NEVER ? 0 : number("limits.queued_age"))
                .overflow(Schema.OVERFLOW.indexOf(text("limits.overflow")))
                .subscriptionsPerSession(integer("limits.subscriptions_per_session"))
                .retainedMessages(integer("limits.retained_messages"))
                .replays(integer("replay.max_concurrent"))
                .sharedStrategy(Schema.SHARED_STRATEGY.indexOf(text("mqtt.shared_strategy")));
    }
}
