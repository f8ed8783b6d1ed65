package io.ringmain.ops.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.BrokerContext;
import io.ringmain.engine.ThreadingMode;
import io.ringmain.engine.core.CoreLimits;
import io.ringmain.engine.io.AuditOptions;
import io.ringmain.engine.io.IoLimits;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.io.MqttOptions;
import io.ringmain.engine.io.proxy.ProxyLayer;
import io.ringmain.engine.journal.Durability;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
    @TempDir
    private Path dir;

    private Path write(final String yaml) throws IOException {
        return Files.writeString(dir.resolve("ringmain.yaml"), yaml);
    }

    private List<String> errors(final ConfigLoader loader) {
        final ConfigException error = assertThrows(ConfigException.class, loader::load);
        return error.getMessage().replace(dir + "/", "").lines().toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "storge: {}                               | 1:1: unknown key 'storge' - did you mean 'storage'?",
                "storage: { durabilty: sync }             | 1:12: unknown key 'storage.durabilty' - did you mean 'storage.durability'?",
                "durability: sync                         | 1:1: unknown key 'durability' - did you mean 'storage.durability'?",
                "cluster: { nodes: 3 }                    | 1:1: unknown key 'cluster'",
                "admin: { bind: '127.0.0.1:8080' }        | 1:1: unknown key 'admin'",
                "storage: { durability: fast }            | 1:24: storage.durability: 'fast', expected sync, append or none",
                "storage: { durability: [sync] }          | 1:24: storage.durability: expected sync, append or none",
                "storage: sync                            | 1:10: storage: expected keys with values",
                "storage: { log: { segment: 64XB } }      | 1:28: storage.log.segment: '64XB', expected 1MB to 1GB",
                "storage: { log: { segment: 1KB } }       | 1:28: storage.log.segment: '1KB', expected 1MB to 1GB",
                "limits: { max_qos: 3 }                   | 1:20: limits.max_qos: '3', expected 0, 1 or 2",
                "limits: { max_qos: two }                 | 1:20: limits.max_qos: 'two', expected 0, 1 or 2",
                "limits: { connect_timeout: 10 }          | 1:28: limits.connect_timeout: '10', expected 1ms to 1h",
                "limits: { session_expiry_max: 7w }       | 1:31: limits.session_expiry_max: '7w', expected a duration such as 7d, or never",
                "limits: { max_connections: 99999999999999999999 } | 1:28: limits.max_connections: '99999999999999999999', expected 1 to 10000000",
                "listeners: { a: { bind: '127.0.0.1:70000' } } | 1:25: listeners.a.bind: port 70000 is not in 0..65535",
                "listeners: { a: { bind: '1883' } }       | 1:25: listeners.a.bind: '1883', expected host:port or unix:/path",
                "listeners: { a: { bund: '127.0.0.1:1' } } | 1:19: unknown key 'listeners.a.bund' - did you mean 'listeners.a.bind'?",
                "listeners: { a: { bind: '127.0.0.1:1', protocol: coap } } | 1:50: listeners.a.protocol: 'coap', expected mqtt or websocket",
                "listeners: { a: { bind: '127.0.0.1:1', path: /x } } | 1:46: listeners.a.path: only for protocol: websocket, and this listener has protocol: mqtt",
                "listeners: { a: { bind: '127.0.0.1:1', protocol: websocket, path: x } } | 1:67: listeners.a.path: 'x', expected a path such as /mqtt",
                "listeners: { a: { bind: '127.0.0.1:1', protocol: websocket, origins: [ops.example.com] } } | 1:71: listeners.a.origins: 'ops.example.com' is not scheme://host or scheme://host:port",
                "listeners: { a: { bind: '127.0.0.1:1', trusted_proxies: [10.0.0.1/8] } } | 1:58: listeners.a.trusted_proxies: '10.0.0.1/8': the address has bits behind the first 8; expected those to be zero",
                "listeners: { a: { bind: '0.0.0.0:1883' } } | 1:25: listeners.a.bind: 0.0.0.0 can be reached from other machines, and nobody is asked there who they are: configure auth.password_file or another way of authentication, bind to 127.0.0.1, or set auth.anonymous to always to let anybody in",
                "listeners: { a: { bind: '127.0.0.1:1', enabled: no } } | 1:49: listeners.a.enabled: 'no', expected true or false",
                "listeners: { a: { bind: 'unix:' } }      | 1:25: listeners.a.bind: 'unix:', expected host:port or unix:/path",
                "listeners: { a: { bind: 'unix:/s', mode: '0999' } } | 1:42: listeners.a.mode: '0999', expected three octal digits",
                "listeners: { a: { bind: '127.0.0.1:1', proxy_protocol: v1 } } | 1:56: listeners.a.proxy_protocol: 'v1', expected none or required",
                "auth: { anonymous: nobody }              | 1:20: auth.anonymous: 'nobody', expected never, loopback or always",
                "auth: { chain: [jwt] }                   | 1:16: auth.chain: 'jwt' is not configured: it needs auth.jwt.key_file, auth.jwt.jwks_file or auth.jwt.jwks_url",
                "auth: { chain: [kerberos] }              | 1:17: auth.chain: 'kerberos', expected one of plugin, certificate, password, scram, jwt, ldap, http, anonymous",
                "auth: { password_file: '${env:NOT_SET}' } | 1:24: auth.password_file: the environment has no NOT_SET",
                "auth: { password_file: '${file:nope}' }  | 1:24: auth.password_file: nope: there is no such file",
                "ring: { io_threads: 300 }                | 1:21: ring.io_threads: '300', expected auto, or 1 to 256",
                "audit: { stamp: [a/b, a/#/b] }           | 1:23: audit.stamp: 'a/#/b' is not a topic filter",
                "audit: { stamp: 'a/b,,c' }               | 1:17: audit.stamp: '' is not a topic filter",
                "audit: { record_qos0: [a, [b]] }         | 1:27: audit.record_qos0: expected a text",
                "audit: { record_qos0: { a: b } }         | 1:23: audit.record_qos0: expected topic filters, such as ['plant/#', '+/state']",
                "audit: { record_qos0: [$share/g/a] }     | 1:24: audit.record_qos0: '$share/g/a' is not a topic filter",
                "audit: { record_qos: [a] }               | 1:10: unknown key 'audit.record_qos' - did you mean 'audit.record_qos0'?",
                "node: { id: a, id: b }                   | 1:16: node.id: given twice",
                "[]                                       | 1:1: the file: expected keys with values",
            })
    void shouldNameFileLineColumnKeyAndWhatWasExpected(final String yaml, final String error) throws IOException {
        assertEquals(List.of("ringmain.yaml:" + error.strip()), errors(new ConfigLoader().file(write(yaml.strip()))));
    }

    @Test
    void shouldReportEverythingThatIsWrongInTheOrderOfTheFile() throws IOException {
        final String yaml = "node:\n  id: a\nstorge: {}\nlimits:\n  max_qos: 9\n  topic_dept: 3\n";
        assertEquals(
                List.of(
                        "ringmain.yaml:3:1: unknown key 'storge' - did you mean 'storage'?",
                        "ringmain.yaml:5:12: limits.max_qos: '9', expected 0, 1 or 2",
                        "ringmain.yaml:6:3: unknown key 'limits.topic_dept' - did you mean 'limits.topic_depth'?"),
                errors(new ConfigLoader().file(write(yaml))));
    }

    @Test
    void shouldNameAListenerWithoutAnAddressBesideWhatElseIsWrong() throws IOException {
        final String yaml = "limits: { max_qos: 9 }\nlisteners:\n  f: { mode: '0660' }\n"
                + "  g: { mode: '0660', bind: nowhere }\n";
        assertEquals(
                List.of(
                        "ringmain.yaml:1:20: limits.max_qos: '9', expected 0, 1 or 2",
                        "ringmain.yaml:4:28: listeners.g.bind: 'nowhere', expected host:port or unix:/path",
                        "listeners.f: needs a bind address, expected host:port or unix:/path"),
                errors(new ConfigLoader().file(write(yaml))));
    }

    @Test
    void shouldReportAWrongValueThatIsOverridden() throws IOException {
        final ConfigLoader loader = new ConfigLoader().file(write("limits: { max_qos: 9 }"));
        assertEquals(
                List.of("ringmain.yaml:1:20: limits.max_qos: '9', expected 0, 1 or 2"),
                errors(loader.set("limits.max_qos=1")));
    }

    @Test
    void shouldNameThePlaceOfWhatIsNotYaml() throws IOException {
        final String error =
                errors(new ConfigLoader().file(write("node:\n  id: [a\n"))).get(0);
        assertTrue(error.matches("ringmain.yaml:\\d+:\\d+: not YAML: .+"), error);
    }

    @Test
    void shouldNameAFileThatIsMissingOrNotText() throws IOException {
        assertEquals(
                List.of("nope.yaml: there is no such file"), errors(new ConfigLoader().file(dir.resolve("nope.yaml"))));
        final Path binary = Files.write(dir.resolve("b.yaml"), new byte[] {(byte) 0xC3, 0x28});
        assertEquals(List.of("b.yaml: not UTF-8"), errors(new ConfigLoader().file(binary)));
    }

    @Test
    void shouldNameTheOriginOfWhatDidNotComeFromTheFile() {
        final ConfigLoader loader = new ConfigLoader()
                .environment(Map.of(
                        "RINGMAIN_LIMITS__MAX_QOS", "7",
                        "RINGMAIN_STORGE__X", "1",
                        "RINGMAIN_JAVA_OPTS", "-Xmx1g",
                        "HOME", "/root"))
                .set("ring.idle=lazy")
                .set("ring.idel=park")
                .set("nonsense")
                .option("storage.durability", "maybe", "--durability");
        assertEquals(
                List.of(
                        "environment RINGMAIN_LIMITS__MAX_QOS: limits.max_qos: '7', expected 0, 1 or 2",
                        "environment RINGMAIN_STORGE__X: unknown key 'storge.x' - did you mean 'storage'?",
                        "--set: ring.idle: 'lazy', expected auto, busy-spin, yield, back-off or park",
                        "--set: unknown key 'ring.idel' - did you mean 'ring.idle'?",
                        "--set nonsense: expected key=value",
                        "--durability: storage.durability: 'maybe', expected sync, append or none"),
                errors(loader));
    }

    @Test
    void shouldTakeSetOverEnvironmentOverFileOverDefault() throws Exception {
        final Path file = write("limits: { max_qos: 1, topic_depth: 10, topic_length: 100 }");
        final IoLimits limits = new ConfigLoader()
                .file(file)
                .environment(Map.of("RINGMAIN_LIMITS__TOPIC_DEPTH", "20", "RINGMAIN_LIMITS__TOPIC_LENGTH", "200"))
                .set("limits.topic_length=300")
                .load()
                .toContext()
                .ioLimits();
        assertEquals(new IoLimits().clientIdLength(), limits.clientIdLength());
        assertEquals(1, limits.maxQos());
        assertEquals(20, limits.topicLevels());
        assertEquals(300, limits.topicLength());
    }

    private static Map<String, Object> fields(final Object limits) throws ReflectiveOperationException {
        final Map<String, Object> fields = new TreeMap<>();
        for (final Method method : limits.getClass().getDeclaredMethods()) {
            if (method.getParameterCount() == 0 && Modifier.isPublic(method.getModifiers())) {
                fields.put(method.getName(), method.invoke(limits));
            }
        }
        assertTrue(fields.size() > 5);
        return fields;
    }

    @Test
    void shouldServeLoopbackWithTheDefaultsOfTheEngineWhenNothingIsConfigured() throws Exception {
        final BrokerContext context = new ConfigLoader().load().toContext();
        assertEquals(fields(new IoLimits()), fields(context.ioLimits()));
        assertEquals(fields(new MqttOptions()), fields(context.mqttOptions()));
        assertEquals(new AuditOptions().recordQos0(), context.auditOptions().recordQos0());
        assertEquals(
                new AuditOptions().recordQos0Headers(), context.auditOptions().recordQos0Headers());
        assertEquals(new AuditOptions().stamp(), context.auditOptions().stamp());
        assertEquals(
                new AuditOptions().authFailuresPerSecond(),
                context.auditOptions().authFailuresPerSecond());
        assertFalse(context.listeners().get(0).stamp());
        assertEquals(new CoreLimits().takeoverByOtherUser(CoreLimits.REFUSE), context.coreLimits());
        assertEquals(new BrokerContext().snapshotLogBytes(), context.snapshotLogBytes());
        assertEquals(new BrokerContext().snapshotIntervalNs(), context.snapshotIntervalNs());
        assertEquals(new BrokerContext().snapshotOnStop(), context.snapshotOnStop());
        assertEquals(new BrokerContext().retention(), context.retention());
        assertEquals(Durability.SYNC, context.durability());
        assertEquals(ThreadingMode.AUTO, context.threadingMode());
        assertEquals(1, context.listeners().size());
        assertEquals(
                "/127.0.0.1:1883", context.listeners().get(0).bind().toString().replaceAll("^[^/]*", ""));
        assertEquals(Path.of("./data"), context.dataDir());
    }

    @Test
    void shouldMapEveryKindOfValue() throws Exception {
        final Path file = write("""
                node: { id: press-hall, data_dir: /var/lib/ringmain }
                listeners:
                  a: { bind: '127.0.0.1:1', protocol: mqtt }
                  b: { bind: '[::1]:2' }
                  c: { bind: '127.0.0.1:3', enabled: false }
                limits:
                  max_packet_size: 2MB
                  connect_timeout: 500ms
                  session_expiry_max: 7d
                  keep_alive_max: 10m
                  queued_bytes_per_session: 3GiB
                  overflow: drop-newest
                  receive_maximum: 77
                storage: { durability: append, log: { segment: 256MB } }
                ring: { size: 2048, lane_size: 64KB, threading: dedicated, idle: park, io_threads: 3 }
                logging: { level: debug }
                """);
        final Config config = new ConfigLoader().file(file).load();
        final BrokerContext context = config.toContext();
        assertEquals("press-hall", config.nodeId());
        assertEquals("debug", config.logLevel());
        assertEquals(Path.of("/var/lib/ringmain"), context.dataDir());
        assertEquals(
                List.of("a", "b"),
                context.listeners().stream().map(listener -> listener.name()).toList());
        assertEquals(2 << 20, context.ioLimits().maxPacketSize());
        assertEquals(500_000_000L, context.ioLimits().connectTimeoutNs());
        assertEquals(7 * 86_400, context.ioLimits().sessionExpiryMaxSeconds());
        assertEquals(600, context.ioLimits().maxKeepAliveSeconds());
        assertEquals(77, context.ioLimits().receiveMaximum());
        assertEquals(77, context.coreLimits().receiveMaximum());
        assertEquals(3L << 30, context.coreLimits().queuedBytes());
        assertEquals(CoreLimits.DROP_NEWEST, context.coreLimits().overflow());
        assertEquals(Durability.APPEND, context.durability());
        assertEquals(256 << 20, context.segmentBytes());
        assertEquals(2048, context.ringSlots());
        assertEquals(64 << 10, context.laneBytes());
        assertEquals(ThreadingMode.DEDICATED, context.threadingMode());
        assertEquals("park", context.idleStrategy());
        assertEquals(3, context.ioThreads());
    }

    @Test
    void shouldPutInWhatAValueRefersToAndShowTheReference() throws Exception {
        final Path secret = Files.writeString(dir.resolve("secret"), "t0p\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        final Path file = write("auth: { ldap: { bind_dn: 'cn=${env:WHO},dc=x', bind_password: '${file:" + secret
                + "}' }, scram: { secret: written } }");
        final Config config =
                new ConfigLoader(Map.of("WHO", "reader")).file(file).load();
        assertEquals("cn=reader,dc=x", config.section("auth").text("ldap.bind_dn"));
        assertEquals("t0p", config.section("auth").text("ldap.bind_password"));
        assertEquals("written", config.section("auth").text("scram.secret"));
        assertEquals(
                List.of(
                        "auth.ldap.bind_dn: cn=${env:WHO},dc=x",
                        "auth.ldap.bind_password: ${file:" + secret + "}",
                        "auth.scram.secret: (secret)"),
                config.lines(false, false).stream()
                        .filter(line -> line.startsWith("auth."))
                        .toList());
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
        final List<String> errors = errors(new ConfigLoader(Map.of("WHO", "reader")).file(file));
        assertTrue(errors.get(0).endsWith("chmod 600 secret"), errors.toString());
        assertEquals(1, errors.size());
    }

    /** A plugin has passwords of its own, and nobody knows which of its keys they are. */
    @Test
    void shouldHandPluginsWhatTheirSettingsReferToAndShowNoneOfThem() throws Exception {
        final Path file =
                write("auth: { plugins: { p: { user: reader, token: '${env:TOKEN}', dsn: '${env:TOKEN}@host' } } }");
        final Config config =
                new ConfigLoader(Map.of("TOKEN", "t0p")).file(file).load();
        assertEquals(Map.of("p", Map.of("user", "reader", "token", "t0p", "dsn", "t0p@host")), config.plugins());
        assertEquals(
                List.of(
                        "auth.plugins.p.dsn: (secret)",
                        "auth.plugins.p.token: ${env:TOKEN}",
                        "auth.plugins.p.user: (secret)"),
                config.lines(false, false).stream()
                        .filter(line -> line.startsWith("auth."))
                        .sorted()
                        .toList());
    }

    /** What stands beside a reference may be the secret. */
    @ParameterizedTest
    @CsvSource({"${env:A}, ${env:A}", "x${env:A}, (secret)", "${env:A}x, (secret)", "${env:A}${env:A}, (secret)"})
    void shouldShowASecretOnlyIfItIsOneReference(final String written, final String shown) throws Exception {
        final Config config = new ConfigLoader(Map.of("A", "a"))
                .set("auth.scram.secret=" + written)
                .load();
        assertTrue(
                config.lines(false, false).contains("auth.scram.secret: " + shown),
                config.lines(false, false).toString());
    }

    @Test
    void shouldTakeListsAsYamlAndAsText() throws Exception {
        final Path file = write("""
                listeners: { a: { bind: '127.0.0.1:1', stamp: true }, b: { bind: '127.0.0.1:2' } }
                audit:
                  record_qos0:
                    - plant/#
                    - 'a,b'
                  record_qos0_headers: [ '#' ]
                  stamp: x/+, y
                  auth_failures_per_second: 7
                """);
        final Config config = new ConfigLoader()
                .file(file)
                .environment(Map.of("RINGMAIN_AUDIT__RECORD_QOS0_HEADERS", "h/1,h/2"))
                .set("audit.stamp=")
                .load();
        final AuditOptions audit = config.toContext().auditOptions();
        assertEquals(List.of("plant/#", "a,b"), audit.recordQos0());
        assertEquals(List.of("h/1", "h/2"), audit.recordQos0Headers());
        assertEquals(List.of(), audit.stamp());
        assertEquals(7, audit.authFailuresPerSecond());
        assertEquals(
                List.of(true, false),
                config.toContext().listeners().stream()
                        .map(listener -> listener.stamp())
                        .toList());
        assertTrue(
                config.lines(false, true)
                        .contains("audit.record_qos0: ['plant/#', 'a,b']   # " + dir + "/ringmain.yaml:4:5"),
                config.lines(false, true).toString());
    }

    @Test
    void shouldReportEachEntryThatIsWrongInItsPlace() throws IOException {
        assertEquals(
                List.of(
                        "ringmain.yaml:3:5: audit.stamp: '#/a' is not a topic filter",
                        "ringmain.yaml:5:5: audit.stamp: 'b+' is not a topic filter"),
                errors(new ConfigLoader().file(write("audit:\n  stamp:\n  - '#/a'\n  - ok\n  - 'b+'\n"))));
    }

    @Test
    void shouldPublishFiguresUnlessToldOtherwise() throws Exception {
        assertEquals(
                new BrokerContext().sysTopicsIntervalNs(),
                new ConfigLoader().load().toContext().sysTopicsIntervalNs());
        final ConfigLoader loader = new ConfigLoader().set("metrics.sys_topics.interval=1m");
        assertEquals(60_000_000_000L, loader.load().toContext().sysTopicsIntervalNs());
        loader.set("metrics.sys_topics.enabled=false");
        assertEquals(BrokerContext.NO_SYS_TOPICS, loader.load().toContext().sysTopicsIntervalNs());
    }

    @Test
    void shouldTakeAPublicAddressWhenAnonymousIsAlways() throws Exception {
        final Path file = write("listeners: { a: { bind: '0.0.0.0:1883' } }\nauth: { anonymous: always }");
        assertEquals(
                1883,
                ((InetSocketAddress) new ConfigLoader()
                                .file(file)
                                .load()
                                .toContext()
                                .listeners()
                                .get(0)
                                .bind())
                        .getPort());
    }

    @Test
    void shouldRefuseToServeNobody() {
        final ConfigLoader loader =
                new ConfigLoader().set("listeners.a.bind=127.0.0.1:1").set("listeners.a.enabled=false");
        assertEquals(List.of("listeners: none is enabled"), errors(loader));
        assertEquals(
                List.of("listeners.a: needs a bind address, expected host:port or unix:/path"),
                errors(new ConfigLoader().set("listeners.a.enabled=true")));
    }

    @Test
    void shouldShowWhatIsConfiguredAndWhereItComesFrom() throws Exception {
        final Config config = new ConfigLoader()
                .file(write("limits: { max_qos: 1 }"))
                .set("node.id=x")
                .load();
        assertEquals(
                List.of("limits.max_qos: 1", "listeners.local.bind: 127.0.0.1:1883", "node.id: x"),
                config.lines(false, false));
        final List<String> effective = config.lines(true, true);
        assertTrue(effective.contains("limits.max_qos: 1   # " + dir + "/ringmain.yaml:1:20"), effective.toString());
        assertTrue(effective.contains("node.id: x   # --set"), effective.toString());
        assertTrue(effective.contains("limits.topic_depth: 64   # default"), effective.toString());
    }

    @Test
    void shouldReadUtf8() throws Exception {
        final Path file = Files.write(dir.resolve("u.yaml"), "node: { id: Köln }".getBytes(StandardCharsets.UTF_8));
        assertEquals("Köln", new ConfigLoader().file(file).load().nodeId());
    }

    @Test
    void shouldTakeAUnixDomainSocketWithoutAskingWhoMayReachIt() throws Exception {
        final ListenerConfig listener = new ConfigLoader()
                .set("listeners.a.bind=unix:/run/ringmain/mqtt.sock")
                .set("listeners.a.mode=0600")
                .load()
                .toContext()
                .listeners()
                .get(0);
        assertEquals(UnixDomainSocketAddress.of("/run/ringmain/mqtt.sock"), listener.bind());
        assertEquals(0600, listener.socketMode());
    }

    @Test
    void shouldDemandToKnowTheProxies() {
        assertEquals(
                List.of(
                        "--set: listeners.a.proxy_protocol: required, and no trusted_proxies: expected the addresses of the"
                                + " proxies, as whoever may send a preface can be anybody"),
                errors(new ConfigLoader()
                        .set("listeners.a.bind=127.0.0.1:1")
                        .set("listeners.a.proxy_protocol=required")
                        .set("auth.anonymous=always")));
    }

    /** Who comes through a proxy on this machine is not on it. */
    @Test
    void shouldTakeAListenerForProxiesForOneThatOthersCanReach() {
        final List<String> errors = errors(new ConfigLoader()
                .set("listeners.a.bind=127.0.0.1:1")
                .set("listeners.a.proxy_protocol=required")
                .set("listeners.a.trusted_proxies=127.0.0.1"));
        assertEquals(1, errors.size());
        assertTrue(errors.get(0).startsWith("--set: listeners.a.bind: 127.0.0.1 can be reached"), errors::toString);
    }

    @Test
    void shouldReadTheBans() throws Exception {
        final Path bans = Files.writeString(dir.resolve("bans"), "10.0.0.0/8\nclient x\n");
        assertEquals(
                Set.of("x"),
                new ConfigLoader()
                        .set("auth.bans=" + bans)
                        .load()
                        .toContext()
                        .bans()
                        .clients());
        Files.writeString(bans, "client x\nnonsense\n");
        final List<String> errors = errors(new ConfigLoader().set("auth.bans=" + bans));
        assertEquals(1, errors.size());
        assertTrue(errors.get(0).startsWith("bans:2:1: 'nonsense': "), errors::toString);
        assertEquals(
                List.of("--set: auth.bans: bans2: there is no such file"),
                errors(new ConfigLoader().set("auth.bans=" + bans + "2")));
    }

    @Test
    void shouldMapTheLimitsOfTheEdge() throws Exception {
        final IoLimits limits = new ConfigLoader()
                .set("limits.accepts_per_second=11")
                .set("limits.accepts_per_second_per_address=12")
                .set("limits.unauthenticated_bytes=128KB")
                .set("limits.publish_rate=14")
                .set("limits.publish_bytes_per_second=15KB")
                .set("limits.publish_burst=16ms")
                .set("limits.publish_rate_action=refuse")
                .set("limits.subscribe_rate=18")
                .load()
                .toContext()
                .ioLimits();
        assertEquals(11, limits.acceptsPerSecond());
        assertEquals(12, limits.acceptsPerSecondPerAddress());
        assertEquals(128 << 10, limits.unauthenticatedBytes());
        assertEquals(14, limits.publishRate());
        assertEquals(15 << 10, limits.publishBytesPerSecond());
        assertEquals(16_000_000, limits.publishBurstNs());
        assertTrue(limits.publishRateRefuses());
        assertEquals(18, limits.subscribeRate());
    }

    @Test
    void shouldPutThePrefaceBelowEverythingElse() throws Exception {
        final ListenerConfig listener = new ConfigLoader()
                .set("listeners.a.bind=127.0.0.1:1")
                .set("listeners.a.proxy_protocol=required")
                .set("listeners.a.trusted_proxies=10.0.0.0/8,127.0.0.1")
                .set("limits.proxy_preface_bytes=1KB")
                .set("auth.anonymous=always")
                .load()
                .toContext()
                .listeners()
                .get(0);
        final ProxyLayer layer = (ProxyLayer) listener.layers().get(0);
        assertEquals(1 << 10, layer.maxLength());
        assertTrue(layer.trusted().contains(InetAddress.getByName("10.1.2.3")));
        assertFalse(layer.trusted().contains(InetAddress.getByName("11.1.2.3")));
    }
}
