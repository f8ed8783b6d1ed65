package io.ringmain.ops.config;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Every key of the configuration, with its default. */
final class Schema {
    private static final long DAY_NS = DAYS.toNanos(1);
    private static final long MS_NS = MILLISECONDS.toNanos(1);

    private static final String TOPIC_FILTERS = "topic filters, such as ['plant/#', '+/state']";

    private static final String NETWORKS = "addresses and networks, such as [192.0.2.7, '2001:db8::/32']";

    /** In the order of the codes of {@link io.ringmain.engine.core.CoreLimits}. */
    static final List<String> OVERFLOW = List.of("drop-oldest", "drop-newest", "disconnect");

    static final List<String> TAKEOVER_BY_OTHER_USER = List.of("allow", "refuse");

    static final List<String> SHARED_STRATEGY = List.of("round-robin", "sticky", "least-in-flight");

    private static final List<Setting> GENERAL = List.of(
            new Setting("node.id", "a name", "rm-1", Values::text),
            new Setting("node.data_dir", "a directory", "./data", Values::text),
            new Setting("listeners.*.bind", "host:port or unix:/path", null, Values::address),
            new Setting("listeners.*.protocol", "mqtt or websocket", "mqtt", Values.oneOf("mqtt", Listeners.WEBSOCKET)),
            new Setting("listeners.*.path", "a path such as /mqtt", "/mqtt", Values::path),
            new Setting("listeners.*.origins", "origins, such as [https://ops.example.com]", "", Values.origins()),
            new Setting("listeners.*.mode", "three octal digits", "0660", Values::fileMode),
            new Setting("listeners.*.proxy_protocol", "none or required", "none", Values.oneOf("none", "required")),
            new Setting("listeners.*.trusted_proxies", NETWORKS, "", new ListParser(Values::network)),
            new Setting("listeners.*.enabled", "true or false", "true", Values::bool),
            new Setting("listeners.*.stamp", "true or false", "false", Values::bool),
            new Setting("listeners.*.tls.cert", "a file", "", Values::optionalText),
            new Setting("listeners.*.tls.key", "a file", "", Values::optionalText),
            new Setting("listeners.*.tls.key_password", "a text", "", Values.SECRET),
            new Setting("listeners.*.tls.client_ca", "a file", "", Values::optionalText),
            new Setting(
                    "listeners.*.tls.client_auth",
                    "none, request or require",
                    "none",
                    Values.oneOf("none", "request", "require")),
            new Setting("listeners.*.tls.crl", "a file", "", Values::optionalText),
            new Setting(
                    "listeners.*.tls.identity",
                    "cn, san-dns, san-email or san-uri",
                    "cn",
                    Values.oneOf("cn", "san-dns", "san-email", "san-uri")),
            new Setting(
                    "listeners.*.tls.min_version", "TLSv1.2 or TLSv1.3", "TLSv1.2", Values.oneOf("TLSv1.2", "TLSv1.3")),
            new Setting("listeners.*.tls.ciphers", "names of cipher suites", "", Values.names()),
            new Setting(
                    "listeners.*.tls.provider",
                    "auto, jdk or conscrypt",
                    "auto",
                    Values.oneOf("auto", "jdk", "conscrypt")),
            new Setting("listeners.*.tls.sni.*.cert", "a file", "", Values::optionalText),
            new Setting("listeners.*.tls.sni.*.key", "a file", "", Values::optionalText),
            new Setting("listeners.*.tls.sni.*.key_password", "a text", "", Values.SECRET),
            new Setting("listeners.*.tls.sni.*.names", "names of hosts", "", Values.names()),
            new Setting("tls.watch_interval", "0s to 1d", "5s", Values.duration(0, DAY_NS)),
            new Setting("auth.acl_file", "a file", "", Values::optionalText),
            new Setting("auth.acl_max_rules", "1 to 10000000", "100000", Values.integer(1, 10_000_000)),
            new Setting(
                    "auth.takeover_by_other_user",
                    "refuse or allow",
                    "refuse",
                    Values.oneOf(TAKEOVER_BY_OTHER_USER.toArray(String[]::new))),
            new Setting("auth.plugin_dir", "a directory with jars, or nothing", "", Values::optionalText),
            new Setting("auth.plugins.*.enabled", "true or false", "true", Values::bool),
            new Setting("auth.plugins.*.*", "a text", null, Values.SECRET),
            new Setting("auth.bans", "a file", "", Values::optionalText),
            new Setting("limits.max_connections", "1 to 10000000", "100000", Values.integer(1, 10_000_000)),
            new Setting("limits.max_connections_per_address", "1 to 10000000", "1000", Values.integer(1, 10_000_000)),
            new Setting("limits.max_half_open", "1 to 10000000", "1000", Values.integer(1, 10_000_000)),
            new Setting("limits.max_half_open_per_address", "1 to 10000000", "50", Values.integer(1, 10_000_000)),
            new Setting("limits.max_handshakes", "1 to 1000000", "200", Values.integer(1, 1_000_000)),
            new Setting("limits.accepts_per_second", "1 to 1000000", "1000", Values.integer(1, 1_000_000)),
            new Setting("limits.accepts_per_second_per_address", "1 to 1000000", "100", Values.integer(1, 1_000_000)),
            new Setting("limits.buffer_bytes", "auto, or 1MB to 1024GB", "auto", Values::bufferBytes),
            new Setting("limits.unauthenticated_bytes", "64KB to 64GB", "16MB", Values.size(64 << 10, 64L << 30)),
            new Setting("limits.proxy_preface_bytes", "232 bytes to 64KB", "4KB", Values.size(232, 64 << 10)),
            new Setting(
                    "limits.publish_rate", "0 to 1000000000, 0 for no bound", "0", Values.integer(0, 1_000_000_000)),
            new Setting("limits.publish_bytes_per_second", "0 to 64GB, 0 for no bound", "0", Values.size(0, 64L << 30)),
            new Setting("limits.publish_burst", "0s to 1h", "1s", Values.duration(0, DAY_NS / 24)),
            new Setting("limits.publish_rate_action", "delay or refuse", "delay", Values.oneOf("delay", "refuse")),
            new Setting("limits.subscribe_rate", "0 to 1000000, 0 for no bound", "0", Values.integer(0, 1_000_000)),
            new Setting("limits.max_packet_size", "1KB to 64MB", "1MB", Values.size(1 << 10, 64 << 20)),
            new Setting("limits.max_connect_packet_size", "1KB to 1MB", "64KB", Values.size(1 << 10, 1 << 20)),
            new Setting("limits.websocket_header", "512 to 64KB", "8KB", Values.size(512, 64 << 10)),
            new Setting("limits.websocket_headers", "8 to 1024", "64", Values.integer(8, 1024)),
            new Setting("limits.websocket_empty_frames", "0 to 1000000", "100", Values.integer(0, 1_000_000)),
            new Setting("limits.connect_timeout", "1ms to 1h", "10s", Values.duration(MS_NS, DAY_NS / 24)),
            new Setting("limits.keep_alive_max", "1s to 18h", "1h", Values.seconds(1, 18 * 3600)),
            new Setting("limits.receive_maximum", "1 to 65535", "1024", Values.integer(1, 65_535)),
            new Setting(
                    "limits.session_expiry_max", "a duration such as 7d, or never", "never", Values::secondsOrNever),
            new Setting("limits.max_qos", "0, 1 or 2", "2", Values.integer(0, 2)),
            new Setting("limits.topic_length", "1 to 65535 bytes", "1024", Values.integer(1, 65_535)),
            new Setting("limits.topic_depth", "1 to 65536 levels", "64", Values.integer(1, 65_536)),
            new Setting("limits.topic_alias_maximum", "0 to 65535", "64", Values.integer(0, 65_535)),
            new Setting("limits.filters_per_subscribe", "1 to 65535", "1024", Values.integer(1, 65_535)),
            new Setting("limits.client_id_length", "1 to 1024 bytes", "256", Values.integer(1, 1024)),
            new Setting("limits.user_properties", "0 to 65535", "64", Values.integer(0, 65_535)),
            new Setting("limits.user_properties_bytes", "0 to 1MB", "16KB", Values.size(0, 1 << 20)),
            new Setting(
                    "limits.takeovers_per_minute", "0 to 1000000, 0 for no bound", "15", Values.integer(0, 1_000_000)),
            new Setting("limits.takeover_ban", "1s to 1d", "5m", Values.duration(1000 * MS_NS, DAY_NS)),
            new Setting("limits.outbound_bytes", "4KB to 1GB", "1MB", Values.size(4 << 10, 1 << 30)),
            new Setting("limits.slow_consumer_wait", "0s to 1h", "1s", Values.duration(0, 3600 * 1000 * MS_NS)),
            new Setting("limits.stall_timeout", "1s to 1d", "30s", Values.duration(1000 * MS_NS, DAY_NS)),
            new Setting(
                    "limits.queued_messages_per_session", "1 to 100000000", "100000", Values.integer(1, 100_000_000)),
            new Setting("limits.queued_bytes_per_session", "1KB to 1024GB", "64MB", Values.size(1 << 10, 1L << 40)),
            new Setting(
                    "limits.overflow",
                    "drop-oldest, drop-newest or disconnect",
                    "drop-oldest",
                    Values.oneOf(OVERFLOW.toArray(String[]::new))),
            new Setting("limits.queued_age", "a duration such as 7d, or never", "never", Values::secondsOrNever),
            new Setting("limits.subscriptions_per_session", "1 to 10000000", "10000", Values.integer(1, 10_000_000)),
            new Setting("limits.retained_messages", "1 to 1000000000", "10000000", Values.integer(1, 1_000_000_000)),
            new Setting("mqtt.retain", "true or false", "true", Values::bool),
            new Setting("mqtt.wildcard_subscriptions", "true or false", "true", Values::bool),
            new Setting("mqtt.shared_subscriptions", "true or false", "true", Values::bool),
            new Setting("mqtt.subscription_identifiers", "true or false", "true", Values::bool),
            new Setting(
                    "mqtt.shared_strategy",
                    "round-robin, sticky or least-in-flight",
                    "round-robin",
                    Values.oneOf(SHARED_STRATEGY.toArray(String[]::new))),
            new Setting("mqtt.long_mqisdp_client_ids", "true or false", "false", Values::bool),
            new Setting("mqtt.check_payload_format", "true or false", "false", Values::bool),
            new Setting(
                    "mqtt.response_information", "a text, %c for the client id", "response/%c", Values::optionalText),
            new Setting("mqtt.server_reference", "host:port, or nothing", "", Values::optionalText),
            new Setting("catalog.enabled", "true or false", "false", Values::bool),
            new Setting("catalog.max_topics", "1 to 100000000", "100000", Values.integer(1, 100_000_000)),
            new Setting("catalog.max_requests", "1 to 65536", "256", Values.integer(1, 65_536)),
            new Setting("catalog.max_requests_per_connection", "1 to 1024", "4", Values.integer(1, 1024)),
            new Setting("catalog.max_answer_bytes", "1KB to 64GB", "64MB", Values.size(1 << 10, 64L << 30)),
            new Setting("metrics.sys_topics.enabled", "true or false", "true", Values::bool),
            new Setting("metrics.sys_topics.interval", "100ms to 1d", "10s", Values.duration(100 * MS_NS, DAY_NS)),
            new Setting("audit.record_qos0", TOPIC_FILTERS, "", Values.topicFilters()),
            new Setting("audit.record_qos0_headers", TOPIC_FILTERS, "", Values.topicFilters()),
            new Setting("audit.stamp", TOPIC_FILTERS, "", Values.topicFilters()),
            new Setting("audit.auth_failures_per_second", "0 to 1000000", "100", Values.integer(0, 1_000_000)),
            new Setting("storage.durability", "sync, append or none", "sync", Values.oneOf("sync", "append", "none")),
            new Setting("storage.log.segment", "1MB to 1GB", "64MB", Values.size(1 << 20, 1 << 30)),
            new Setting(
                    "storage.log.segment_age", "1s to 36500d", "1d", Values.duration(1000 * MS_NS, 36_500 * DAY_NS)),
            new Setting("storage.log.retention.time", "0s to 36500d", "30d", Values.duration(0, 36_500 * DAY_NS)),
            new Setting("storage.log.retention.size", "0 to 1048576GB", "500GB", Values.size(0, 1L << 50)),
            new Setting("storage.log.retention.min_free", "0 to 100 percent", "10", Values.integer(0, 100)),
            new Setting("storage.snapshot.log_bytes", "64KB to 1024GB", "256MB", Values.size(64 << 10, 1L << 40)),
            new Setting("storage.snapshot.interval", "1s to 365d", "1h", Values.duration(1000 * MS_NS, 365 * DAY_NS)),
            new Setting("storage.snapshot.history", "0s to 365d", "1d", Values.duration(0, 365 * DAY_NS)),
            new Setting("storage.snapshot.on_stop", "true or false", "true", Values::bool),
            new Setting("replay.enabled", "true or false", "false", Values::bool),
            new Setting("replay.rate", "64KB to 64GB a second", "64MB", Values.size(64 << 10, 64L << 30)),
            new Setting("replay.max_concurrent", "1 to 100000", "64", Values.integer(1, 100_000)),
            new Setting("replay.last_max", "1 to 10000000", "10000", Values.integer(1, 10_000_000)),
            new Setting("ring.size", "1024 to 16777216 slots", "65536", Values.integer(1024, 1 << 24)),
            new Setting("ring.lane_size", "64KB to 1GB", "16MB", Values.size(64 << 10, 1 << 30)),
            new Setting(
                    "ring.threading", "auto, shared or dedicated", "auto", Values.oneOf("auto", "shared", "dedicated")),
            new Setting("ring.force_thread", "auto, journal or own", "auto", Values.oneOf("auto", "journal", "own")),
            new Setting(
                    "ring.idle",
                    "auto, busy-spin, yield, back-off or park",
                    "auto",
                    Values.oneOf("auto", "busy-spin", "yield", "back-off", "park")),
            new Setting("ring.io_threads", "auto, or 1 to 256", "auto", Values::count),
            new Setting("ring.cpus", "auto, or a list such as 2-7,9", "auto", Values::cpus),
            new Setting("ring.time_slice_us", "0 to 100000 microseconds", "100", Values.integer(0, 100_000)),
            new Setting("ring.busy_poll_us", "0 to 10000 microseconds", "50", Values.integer(0, 10_000)),
            new Setting("ring.background_nice", "0 to 19", "10", Values.integer(0, 19)),
            new Setting(
                    "logging.level",
                    "error, warn, info or debug",
                    "info",
                    Values.oneOf("error", "warn", "info", "debug")));

    static final List<Setting> SETTINGS =
            Stream.of(GENERAL, AuthSchema.SETTINGS).flatMap(List::stream).toList();

    /** What a reload replaces: keys, and sections of them. */
    private static final List<String> RELOADED = List.of("auth", "limits", "logging", "listeners.*.tls");

    /** Sizes that rings and layers were made for, and bounds that clients which are connected have been told. */
    static final List<String> SET_AT_START = List.of(
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

    private Schema() {}

    /** Whether another value of this key can be put in force while the broker runs. */
    static boolean isReloaded(final String key) {
        return !SET_AT_START.contains(key) && RELOADED.stream().anyMatch(section -> isWithin(key, section));
    }

    private static boolean isWithin(final String key, final String section) {
        final String[] parts = key.split("\\.");
        final int depth = section.split("\\.").length;
        return parts.length >= depth && new Setting(section, "", null, text -> text).matches(head(parts, depth));
    }

    static Optional<Setting> find(final String key) {
        return SETTINGS.stream().filter(setting -> setting.matches(key)).findFirst();
    }

    /** True if nobody shall be shown the value of this key. */
    static boolean isSecret(final String key) {
        return find(key).filter(setting -> setting.parser() == Values.SECRET).isPresent();
    }

    /** True if keys begin with this one: a section. */
    static boolean isSection(final String key) {
        final int depth = key.split("\\.").length;
        return SETTINGS.stream().anyMatch(setting -> {
            final String[] parts = setting.path().split("\\.");
            return parts.length > depth && new Setting(head(parts, depth), "", null, text -> text).matches(key);
        });
    }

    private static String head(final String[] parts, final int depth) {
        return String.join(".", List.of(parts).subList(0, depth));
    }

    /** What may stand at the place of the last part of this key. */
    static List<String> siblings(final String key) {
        final String[] given = key.split("\\.", -1);
        return SETTINGS.stream()
                .map(setting -> setting.path().split("\\."))
                .filter(parts -> parts.length >= given.length && sameSection(parts, given))
                .map(parts -> parts[given.length - 1])
                .distinct()
                .toList();
    }

    private static boolean sameSection(final String[] parts, final String[] given) {
        for (int i = 0; i < given.length - 1; i++) {
            if (!parts[i].equals("*") && !parts[i].equals(given[i])) {
                return false;
            }
        }
        return true;
    }
}
