package io.ringmain.ops.e2e;

import io.ringmain.engine.Broker;
import io.ringmain.engine.BrokerContext;
import io.ringmain.engine.ThreadingMode;
import io.ringmain.engine.auth.Acl;
import io.ringmain.engine.auth.AclException;
import io.ringmain.engine.core.CoreLimits;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.io.MqttOptions;
import io.ringmain.engine.journal.Durability;
import io.ringmain.ops.client.MqttClient;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** A broker in this process whose ACL a test replaces while it runs; clients have the user names that they give. */
final class AclBroker implements AutoCloseable {
    private static final CoreLimits LIMITS = new CoreLimits().takeoverByOtherUser(CoreLimits.REFUSE);

    private final BrokerContext context;
    private final Broker broker;

    AclBroker(final Path dir, final String acl) {
        context = new BrokerContext()
                .dataDir(dir)
                .listeners(List.of(new ListenerConfig("test", new InetSocketAddress(BrokerProcess.HOST, 0))))
                .durability(Durability.APPEND)
                .threadingMode(ThreadingMode.SHARED)
                .segmentBytes(8 << 20)
                .mqttOptions(new MqttOptions().replayAvailable(true))
                .coreLimits(LIMITS)
                .authorizer(parse(acl));
        broker = Broker.launch(context);
    }

    private static Acl parse(final String acl) {
        try {
            return Acl.parse(acl, Acl.MAX_RULES);
        } catch (final AclException ex) {
            throw new AssertionError(ex);
        }
    }

    /** From the return on, what clients send is judged by this list. */
    void acl(final String acl) throws IOException {
        broker.reload(context.policy().withAuthorizer(parse(acl)), LIMITS, "test");
        // The agent goes over in a cycle that may begin when it has read this client's CONNECT, and not later.
        client(ProtocolVersion.V5, "reload", "reload", c -> c).close();
    }

    MqttClient client(
            final ProtocolVersion version, final String id, final String user, final UnaryOperator<ConnectEncoder> more)
            throws IOException {
        return MqttClient.connect(
                BrokerProcess.HOST,
                port(),
                version,
                60,
                c -> more.apply(user == null ? c.clientId(id) : c.clientId(id).username(user)));
    }

    MqttClient client(final String id, final String user) throws IOException {
        return client(ProtocolVersion.V5, id, user, c -> c);
    }

    int port() {
        return ((InetSocketAddress) broker.listenerAddresses().get(0)).getPort();
    }

    long count(final CounterId id) {
        return context.counters().get(id);
    }

    static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        broker.close();
    }
}
