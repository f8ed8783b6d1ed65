package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerMemory;
import io.ringmain.perf.broker.MemoryProbe;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.PacketType;
import io.ringmain.protocol.mqtt.PublishEncoder;
import io.ringmain.protocol.mqtt.SubscribeEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** What connections cost that do nothing. */
final class IdleConnections {
    /**
     * The broker's memory after each step; {@link BrokerMemory} tells what is counted. The kernel's memory for sockets is
     * not the process's and not in it.
     *
     * @param before without connections.
     * @param used when each has sent a message of 16 bytes and received it.
     * @param kernelBytes that the kernel took for itself meanwhile, for both ends of each connection; not a number where
     *     the system doesn't tell.
     */
    record Result(
            int clients,
            BrokerMemory before,
            BrokerMemory connected,
            BrokerMemory subscribed,
            BrokerMemory used,
            double kernelBytes) {}

    private static final ProtocolVersion VERSION = ProtocolVersion.V3_1_1;
    private static final UnsafeBuffer PAYLOAD = new UnsafeBuffer(new byte[16]);

    private IdleConnections() {}

    /** Connects the clients, has each subscribe to a topic of its own, and send itself a message with QoS 0. */
    static Result measure(final String host, final int port, final MemoryProbe memory, final int clients)
            throws IOException {
        final BrokerMemory before = memory.measure();
        final double kernelBefore = BrokerMemory.ofKernel();
        try (Crowd crowd = new Crowd(host, port, clients, Crowd.IN_FLIGHT)) {
            crowd.connect(true);
            final BrokerMemory connected = memory.measure();
            final double kernelBytes = BrokerMemory.ofKernel() - kernelBefore;
            crowd.exchange(IdleConnections::subscribe, PacketType.SUBACK);
            final BrokerMemory subscribed = memory.measure();
            crowd.exchange(IdleConnections::publish, PacketType.PUBLISH);
            final BrokerMemory used = memory.measure();
            crowd.disconnect();
            return new Result(clients, before, connected, subscribed, used, kernelBytes);
        }
    }

    private static String topic(final int client) {
        return "bench/idle/" + client;
    }

    private static int subscribe(final int client, final MutableDirectBuffer out) {
        return new SubscribeEncoder()
                .wrap(out, 0, VERSION, 1)
                .add(topic(client), 0)
                .finish();
    }

    private static int publish(final int client, final MutableDirectBuffer out) {
        final UnsafeBuffer topic = new UnsafeBuffer(topic(client).getBytes(StandardCharsets.UTF_8));
        return PublishEncoder.encode(
                out,
                0,
                VERSION,
                0,
                0,
                topic,
                0,
                topic.capacity(),
                topic,
                0,
                0,
                PublishEncoder.NO_EXPIRY,
                PAYLOAD,
                0,
                PAYLOAD.capacity());
    }
}
