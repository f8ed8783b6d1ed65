package io.ringmain.ops.config;

import io.ringmain.engine.BrokerContext;
import io.ringmain.engine.ThreadingMode;
import io.ringmain.engine.auth.Acl;
import io.ringmain.engine.auth.Authorizer;
import io.ringmain.engine.catalog.CatalogLimits;
import io.ringmain.engine.core.CoreLimits;
import io.ringmain.engine.io.AuditOptions;
import io.ringmain.engine.io.Bans;
import io.ringmain.engine.io.IoLimits;
import io.ringmain.engine.io.MqttOptions;
import io.ringmain.engine.journal.Durability;
import io.ringmain.engine.journal.ForceThread;
import io.ringmain.ops.tls.TlsListeners;
import io.ringmain.storage.log.Retention;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A configuration that was checked. */
public final class Config {
    /** A value of {@code listeners.*.protocol}. */
    static final String WEBSOCKET = "websocket";

    private static final String DEFAULT_LISTENER = "local";
    private static final String DEFAULT_BIND = "127.0.0.1:1883";
    private static final int PLUGIN_KEY_PARTS = 4;
    private static final String DEFAULT_ORIGIN = "default";

    private final Map<String, Given> given;
    private final Listeners listeners;
    private Acl acl;
    private Bans bans = Bans.NONE;
    private TlsListeners tls;

    Config(final Map<String, Given> given) {
        this.given = new TreeMap<>(given);
        if (listenerNames().isEmpty()) {
            this.given.put(
                    "listeners." + DEFAULT_LISTENER + ".bind",
                    new Given(Values.address(DEFAULT_BIND), DEFAULT_BIND, DEFAULT_ORIGIN));
        }
        this.listeners = new Listeners(this, List.copyOf(listenerNames()));
    }

    /** Adds what is wrong between values to the errors. */
    void check(final List<String> errors) {
        listeners.check(errors);
        new AuthMethods(this).check(errors);
        if (!text("auth.acl_file").isEmpty()) {
            final List<String> found = new ArrayList<>();
            acl = AclFile.read(Path.of(text("auth.acl_file")), integer("auth.acl_max_rules"), found);
            final String ofWholeFile = text("auth.acl_file") + ": ";
            found.forEach(error ->
                    errors.add(error.startsWith(ofWholeFile) ? section("auth").place("acl_file") + error : error));
        }
        bans = readBans(errors);
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

    private TreeSet<String> listenerNames() {
        final TreeSet<String> names = new TreeSet<>();
        given.keySet().stream()
                .filter(key -> key.startsWith("listeners."))
                .forEach(key -> names.add(key.split("\\.")[1]));
        return names;
    }

    /** Values for those whom they concern alone. */
    public Section section(final String name) {
        return new Section(this, name);
    }

    /** Names of the listeners that serve. */
    public List<String> enabledListeners() {
        return listeners.enabled();
    }

    private Object value(final String key) {
        return entry(key).value();
    }

    /** What somebody has given, by key. */
    Map<String, Given> given() {
        return given;
    }

    /** Whether somebody has given it. */
    boolean isGiven(final String key) {
        return given.containsKey(key);
    }

    Given entry(final String key) {
        final Given entry = given.get(key);
        if (entry != null) {
            return entry;
        }
        final Setting setting = Schema.find(key).orElseThrow();
        if (setting.defaultText() == null) {
            return new Given(null, "", DEFAULT_ORIGIN);
        }
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
                } else if (setting.path().startsWith("listeners.*")
                        && !setting.path().contains(".sni.")) {
                    listenerNames().forEach(name -> keys.add(setting.path().replace("*", name)));
                }
            }
        }
        return keys.stream()
                .map(key -> key + ": " + shown(key)
                        + (withOrigin ? "   # " + entry(key).origin() : ""))
                .toList();
    }

    /** Keys whose values differ from another configuration's, in order. */
    public List<String> changedKeys(final Config other) {
        final TreeSet<String> keys = new TreeSet<>(given.keySet());
        keys.addAll(other.given.keySet());
        keys.removeIf(key -> isSame(entry(key), other.entry(key)));
        return List.copyOf(keys);
    }

    /** What a reference stands for may be another value than before. */
    private static boolean isSame(final Given left, final Given right) {
        return left.text().equals(right.text())
                && (!left.text().contains("${") || Objects.equals(left.value(), right.value()));
    }

    /** Checks that another configuration can replace this one while the broker runs: a line for each key that can't. */
    public List<String> restartsFor(final Config other) {
        final List<String> restarts = new ArrayList<>();
        for (final String name : listeners.names()) {
            if (listeners.loadedTls().containsKey(name)
                    != other.listeners.loadedTls().containsKey(name)) {
                restarts.add("listeners." + name + ".tls: to begin or to end with TLS needs a restart");
            }
        }
        changedKeys(other).stream()
                .filter(key -> !Schema.isReloaded(key))
                .map(key -> other.entry(key).origin() + ": " + key + ": a change needs a restart; in force is '"
                        + shown(key) + "'")
                .forEach(restarts::add);
        return restarts;
    }

    /** As it was written; but secrets that were written, rather than referred to, stay where they are. */
    private String shown(final String key) {
        final String text = entry(key).text();
        return Schema.isSecret(key) && !text.isEmpty() && !References.isOne(text) ? "(secret)" : text;
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

    /** Directory of the jars with plugins; empty if there is none. */
    public String pluginDir() {
        return text("auth.plugin_dir");
    }

    /** Settings of each plugin that is to be used, by its name. */
    public Map<String, Map<String, String>> plugins() {
        final Map<String, Map<String, String>> plugins = new TreeMap<>();
        given.forEach((key, entry) -> {
            final String[] parts = key.split("\\.");
            if (parts.length == PLUGIN_KEY_PARTS && key.startsWith("auth.plugins.") && isUsed(parts[2])) {
                final Map<String, String> settings = plugins.computeIfAbsent(parts[2], name -> new TreeMap<>());
                if (!parts[PLUGIN_KEY_PARTS - 1].equals("enabled")) {
                    settings.put(parts[PLUGIN_KEY_PARTS - 1], (String) entry.value());
                }
            }
        });
        return plugins;
    }

    /** Where a plugin is configured, its name behind it. */
    public String pluginPlace(final String plugin) {
        final String section = "auth.plugins." + plugin;
        final String origin = given.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(section + "."))
                .map(entry -> entry.getValue().origin())
                .findFirst()
                .orElse(DEFAULT_ORIGIN);
        return origin + ": " + section + ": ";
    }

    private boolean isUsed(final String plugin) {
        return (Boolean) value("auth.plugins." + plugin + ".enabled");
    }

    /** What is no reason not to start, but likely not meant. */
    public List<String> warnings() {
        return Stream.concat(
                        listeners.warnings().stream(),
                        listeners.loadedTls().values().stream().flatMap(loaded -> loaded.warnings().stream()))
                .toList();
    }

    /** TLS of the listeners of the context that was made last. */
    public TlsListeners tls() {
        return tls;
    }

    /** From now on the listeners of a running broker speak TLS as this configuration says; sessions stay. */
    public void applyTlsTo(final TlsListeners running) {
        running.replace(listeners.loadedTls(), integer("limits.max_handshakes"));
    }

    /** How often TLS files are looked at; milliseconds, 0 for never. */
    public long tlsWatchIntervalMs() {
        return TimeUnit.NANOSECONDS.toMillis(number("tls.watch_interval"));
    }

    /** What clients may do; null if nobody has said so, and everything is allowed. */
    public Acl acl() {
        return acl;
    }

    /** What the engine needs to know. */
    public BrokerContext toContext() {
        final BrokerContext context = new BrokerContext();
        tls = new TlsListeners(context.counters(), listeners.loadedTls(), integer("limits.max_handshakes"));
        return context.dataDir(Path.of(text("node.data_dir")))
                .listeners(listeners.configs(tls, context.counters()))
                .durability(Durability.valueOf(text("storage.durability").toUpperCase(Locale.ROOT)))
                .threadingMode(ThreadingMode.valueOf(text("ring.threading").toUpperCase(Locale.ROOT)))
                .forceThread(ForceThread.valueOf(text("ring.force_thread").toUpperCase(Locale.ROOT)))
                .idleStrategy(text("ring.idle"))
                .ioThreads(integer("ring.io_threads"))
                .cpus(text("ring.cpus"))
                .backgroundNice(integer("ring.background_nice"))
                .timeSliceNs(TimeUnit.MICROSECONDS.toNanos(integer("ring.time_slice_us")))
                .busyPollNs(TimeUnit.MICROSECONDS.toNanos(integer("ring.busy_poll_us")))
                .ringSlots(integer("ring.size"))
                .laneBytes(integer("ring.lane_size"))
                .segmentBytes(integer("storage.log.segment"))
                .ioLimits(ioLimits())
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
                .authorizer(acl == null ? Authorizer.ALLOW_ALL : acl)
                .bans(bans)
                .coreLimits(coreLimits());
    }

    /**
     * Where clients find the listeners.
     *
     * @param addresses of those that are enabled, as the broker names them.
     */
    public List<String> uris(final List<SocketAddress> addresses) {
        return listeners.uris(addresses);
    }

    private IoLimits ioLimits() {
        return new IoLimits()
                .maxConnections(integer("limits.max_connections"))
                .maxConnectionsPerAddress(integer("limits.max_connections_per_address"))
                .maxHalfOpen(integer("limits.max_half_open"))
                .maxHalfOpenPerAddress(integer("limits.max_half_open_per_address"))
                .acceptsPerSecond(integer("limits.accepts_per_second"))
                .acceptsPerSecondPerAddress(integer("limits.accepts_per_second_per_address"))
                .bufferBytes(number("limits.buffer_bytes"))
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
                .takeoverByOtherUser(Schema.TAKEOVER_BY_OTHER_USER.indexOf(text("auth.takeover_by_other_user")))
                .sharedStrategy(Schema.SHARED_STRATEGY.indexOf(text("mqtt.shared_strategy")));
    }
}
