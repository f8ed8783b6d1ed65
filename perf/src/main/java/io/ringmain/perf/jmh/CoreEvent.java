package io.ringmain.perf.jmh;

import io.ringmain.engine.core.BrokerCore;
import io.ringmain.engine.core.CoreLimits;
import io.ringmain.engine.event.AckBatchEvent;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.protocol.mqtt.PacketType;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What the state machine does with a message: matching, deliveries, packet ids, acknowledgements, digest. An operation
 * is a message with everything that belongs to it, of 16 in a row; with QoS 1 and 2 each client acknowledges the 16 in
 * one batch.
 */
@State(Scope.Thread)
public class CoreEvent {
    private static final int BATCH = 16;
    private static final int PUBLISHER = 1;
    private static final int RETAINED_TOPICS = 1024;
    private static final UnsafeBuffer SHARED_TOPIC = Events.bytes("shared/line-07/rpm");

    /** Sessions that a message of a plain subscription goes to. */
    @Param({"1", "100"})
    public int subscribers = 1;

    private final CoreDeliveries deliveries = new CoreDeliveries();
    private final BrokerCore core = new BrokerCore(new CoreLimits(), deliveries);
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
    private final AckBatchEvent acks = new AckBatchEvent();
    private final UnsafeBuffer[] retained = new UnsafeBuffer[RETAINED_TOPICS];
    private long position;
    private long nowNs = 1_000_000_000_000L;
    private int nextRetained;

    @Setup
    public void setup() {
        connect(PUBLISHER);
        for (int i = 0; i < subscribers; i++) {
            connect(2 + i);
            subscribe(2 + i, "plant/+/rpm/01");
        }
        for (int i = 0; i < 10; i++) {
            connect(1000 + i);
            subscribe(1000 + i, "$share/group/shared/#");
        }
        for (int i = 0; i < RETAINED_TOPICS; i++) {
            retained[i] = Events.bytes("retained/" + i);
        }
    }

    private void connect(final long connection) {
        Events.connect(buffer, connection, "client-" + connection);
        apply();
    }

    private void subscribe(final long connection, final String filter) {
        Events.subscribe(buffer, connection, filter, 2);
        apply();
    }

    private void apply() {
        EventHeader.stamp(buffer, 0, position, nowNs++);
        if (!EventHeader.isTransient(buffer, 0)) {
            position = EventHeader.nextPosition(buffer, 0);
        }
        core.onEvent(buffer, 0);
    }

    private void publish(final int qos, final UnsafeBuffer topic) {
        deliveries.clear();
        for (int i = 0; i < BATCH; i++) {
            Events.publish(buffer, 0, PUBLISHER, qos, 0, i + 1, topic);
            apply();
        }
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long qos0() {
        publish(0, Events.TOPIC);
        return deliveries.count();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long qos1() {
        publish(1, Events.TOPIC);
        acknowledgeAll(PacketType.PUBACK);
        return core.digest();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long qos2() {
        publish(2, Events.TOPIC);
        acks.wrapForWrite(buffer, 0, 0, PUBLISHER, BATCH);
        for (int i = 0; i < BATCH; i++) {
            acks.set(i, PacketType.PUBREL, 0, i + 1);
        }
        apply();
        acknowledgeAll(PacketType.PUBREC);
        acknowledgeAll(PacketType.PUBCOMP);
        return core.digest();
    }

    /** With QoS 1 to a shared subscription of ten sessions. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long shared() {
        publish(1, SHARED_TOPIC);
        for (int i = 0; i < deliveries.count(); i++) {
            acks.wrapForWrite(buffer, 0, 0, deliveries.connection(i), 1)
                    .set(0, PacketType.PUBACK, 0, deliveries.packetId(i));
            apply();
        }
        return core.digest();
    }

    /** With QoS 0, in place of another that was retained; to no subscriber. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long retained() {
        for (int i = 0; i < BATCH; i++) {
            nextRetained = nextRetained + 1 & RETAINED_TOPICS - 1;
            Events.publish(buffer, 0, PUBLISHER, 0, PublishEvent.RETAIN, 0, retained[nextRetained]);
            apply();
        }
        return core.digest();
    }

    /** Each subscriber acknowledges all that it was sent; the n-th message went to all of them in one order. */
    private void acknowledgeAll(final int packetType) {
        for (int k = 0; k < subscribers; k++) {
            acks.wrapForWrite(buffer, 0, 0, deliveries.connection(k), BATCH);
            for (int i = 0; i < BATCH; i++) {
                acks.set(i, packetType, 0, deliveries.packetId(i * subscribers + k));
            }
            apply();
        }
    }

    /** Messages that are in flight to the first subscriber, to one of the sharing ones, and half done by the publisher. */
    int unfinished() {
        return core.inFlightCount("client-2") + core.inFlightCount("client-1000") + core.inboundCount("client-1");
    }

    /** Deliveries since the last batch began. */
    int deliveries() {
        return deliveries.count();
    }
}
