package io.ringmain.perf.jmh;

import io.ringmain.engine.event.DeliveryFlags;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.ring.EgressRecord;
import io.ringmain.engine.ring.EgressType;
import io.ringmain.engine.ring.FetchRecord;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.PacketType;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What an I/O agent does with what the core says: encoding once for each variant, outbound queues with their marks,
 * holes for what lies in the log, one write for each connection. An operation is a record of 16 that are in the lane;
 * writing them is in it.
 */
@State(Scope.Thread)
public class LaneToBytes implements MessageHandler {
    private static final int BATCH = 16;
    private static final int EVENT_LENGTH = Events.publishLength(Events.TOPIC);

    /** To how many a message goes. */
    @Param({"1", "100"})
    public int subscribers = 1;

    private final MemoryIo io = new MemoryIo();
    private final RingBuffer lane = io.lane;
    private MemoryChannel client;
    private long[] connections;
    private long position;

    @Setup
    public void setup() {
        final RingReader reader = new RingReader(io.ring);
        connections = new long[subscribers];
        for (int i = 0; i < subscribers; i++) {
            client = io.connect(ProtocolVersion.V3_1_1, "client-" + i, false);
            reader.poll();
            connections[i] = reader.lastConnectionId();
        }
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long fanOutQos0() {
        return fanOut(0);
    }

    /** The commit comes between the encoding and the write. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long fanOutQos1() {
        return fanOut(1);
    }

    private long fanOut(final int qos) {
        for (int i = 0; i < BATCH; i++) {
            position += EVENT_LENGTH;
            final int listsOffset = EgressRecord.targetOffset(0, subscribers);
            final int index = lane.tryClaim(EgressType.FAN_OUT, listsOffset + EVENT_LENGTH);
            EgressRecord.writeFanOut(lane.buffer(), index, position, subscribers, 0);
            for (int k = 0; k < subscribers; k++) {
                final int target = EgressRecord.targetOffset(index, k);
                EgressRecord.writeTarget(
                        lane.buffer(), target, connections[k], i + 1, DeliveryFlags.of(qos, false, false), 0);
            }
            Events.publish(lane.buffer(), index + listsOffset, 1, qos, 0, 1, Events.TOPIC);
            EventHeader.stamp(lane.buffer(), index + listsOffset, position, 1);
            lane.commit(index);
        }
        return drainCommitAndFlush();
    }

    private long drainCommitAndFlush() {
        io.agent.drainLane();
        io.commitPosition.set(position);
        io.agent.flush();
        return client.receivedBytes();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long acknowledgement() {
        position++;
        for (int i = 0; i < BATCH; i++) {
            final int index = lane.tryClaim(EgressType.ACK, EgressRecord.ACK_LENGTH);
            EgressRecord.writeAck(
                    lane.buffer(), index, position, connections[i % subscribers], PacketType.PUBACK, i + 1, 0);
            lane.commit(index);
        }
        return drainCommitAndFlush();
    }

    /** Asked for, answered as from the log, put into its place: without the read itself. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long stored() {
        for (int i = 0; i < BATCH; i++) {
            position++;
            final int index = lane.tryClaim(EgressType.DELIVER_STORED, EgressRecord.STORED_LENGTH);
            EgressRecord.writeStored(
                    lane.buffer(),
                    index,
                    position,
                    connections[i % subscribers],
                    i + 1,
                    DeliveryFlags.of(1, false, false),
                    position,
                    0);
            lane.commit(index);
        }
        io.agent.drainLane();
        io.fetchRequests.read(this);
        return drainCommitAndFlush();
    }

    /** Answers a request. */
    @Override
    public void onMessage(final int type, final MutableDirectBuffer buffer, final int offset, final int length) {
        final int index = io.fetchAnswers.tryClaim(FetchRecord.FOUND, FetchRecord.HEADER_LENGTH + EVENT_LENGTH);
        final MutableDirectBuffer answer = io.fetchAnswers.buffer();
        FetchRecord.write(
                answer, index, FetchRecord.connectionId(buffer, offset), FetchRecord.position(buffer, offset));
        Events.publish(answer, index + FetchRecord.HEADER_LENGTH, 1, 1, 0, 1, Events.TOPIC);
        io.fetchAnswers.commit(index);
    }

    /** Bytes that the last client was sent. */
    long receivedBytes() {
        return client.receivedBytes();
    }
}
