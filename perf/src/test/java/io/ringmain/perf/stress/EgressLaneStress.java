package io.ringmain.perf.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringmain.engine.ring.EgressRecord;
import io.ringmain.engine.ring.EgressType;
import java.nio.ByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** A lane from the core to an I/O agent: records are whole and in order, also around its end. */
public final class EgressLaneStress {
    private static final int CAPACITY = 512;

    private EgressLaneStress() {}

    /** A lane of acknowledgements whose numbers run on; the reader checks them. */
    private static final class NumberedLane implements MessageHandler {
        private final RingBuffer lane = new OneToOneRingBuffer(
                new UnsafeBuffer(ByteBuffer.allocateDirect(CAPACITY + RingBufferDescriptor.TRAILER_LENGTH)));
        private int written;
        private int read;

        /** Returns the number of records that were written, 0 or 1. */
        int write() {
            final int index = lane.tryClaim(EgressType.ACK, EgressRecord.ACK_LENGTH);
            if (index <= 0) {
                return 0;
            }
            written++;
            EgressRecord.writeAck(lane.buffer(), index, written, written, 4, written, written);
            lane.commit(index);
            return 1;
        }

        /** Returns the number of records that were read so far. */
        int read() {
            lane.read(this);
            return read;
        }

        @Override
        public void onMessage(final int type, final MutableDirectBuffer buffer, final int index, final int length) {
            read++;
            final boolean whole = type == EgressType.ACK
                    && length == EgressRecord.ACK_LENGTH
                    && EgressRecord.requiredPosition(buffer, index) == read
                    && EgressRecord.connectionId(buffer, index) == read
                    && EgressRecord.ackReasonCode(buffer, index) == read
                    && EgressRecord.ackPacketId(buffer, index) == read;
            if (!whole) {
                throw new IllegalStateException("record " + read + " is torn or not in order");
            }
        }
    }

    /** Two records, and a reader that looks once. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "nothing yet")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the first record, whole")
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "both records, whole")
    @Outcome(expect = FORBIDDEN, desc = "a record that is not whole, or not in order")
    @State
    public static class HandOver {
        private final NumberedLane lane = new NumberedLane();

        @Actor
        public void core() {
            lane.write();
            lane.write();
        }

        @Actor
        public void agent(final I_Result result) {
            result.r1 = lane.read();
        }
    }

    /** A full lane: there is room when the reader has passed, and nothing is lost. */
    @JCStressTest
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "the lane was full")
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "there was room behind the reader")
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "and the reader went on to it")
    @Outcome(expect = FORBIDDEN, desc = "a record was written over, or lost")
    @State
    public static class NextLap {
        private final NumberedLane lane = new NumberedLane();
        private final int before;

        public NextLap() {
            int count = 0;
            while (lane.write() > 0) {
                count++;
            }
            before = count;
        }

        @Actor
        public void core(final III_Result result) {
            result.r1 = lane.write();
        }

        @Actor
        public void agent(final III_Result result) {
            lane.read();
            result.r2 = lane.read() - before;
        }

        @Arbiter
        public void rest(final III_Result result) {
            result.r3 = lane.read() - before - result.r2;
        }
    }
}
