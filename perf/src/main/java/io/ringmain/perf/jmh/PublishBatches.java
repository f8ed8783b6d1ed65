package io.ringmain.perf.jmh;

import io.ringmain.protocol.ProtocolVersion;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;

/** PUBLISH packets of 3.1.1, so many for each read, to topics in turn; after the last topic comes the first again. */
final class PublishBatches {
    private final ByteBuffer[] batches;
    private int next;

    PublishBatches(final UnsafeBuffer[] topics, final int perBatch, final int qos) {
        batches = new ByteBuffer[(topics.length + perBatch - 1) / perBatch];
        final UnsafeBuffer[] batch = new UnsafeBuffer[perBatch];
        for (int i = 0; i < batches.length; i++) {
            for (int k = 0; k < perBatch; k++) {
                batch[k] = topics[(i * perBatch + k) % topics.length];
            }
            batches[i] = MemoryIo.publishes(perBatch, ProtocolVersion.V3_1_1, qos, batch, 0);
        }
    }

    /** The packets of one read. */
    ByteBuffer next() {
        next = next + 1 < batches.length ? next + 1 : 0;
        return batches[next];
    }

    /** So many topics that {@code plant/+/rpm/01} fits, in an order by chance. */
    static UnsafeBuffer[] topics(final int count) {
        final UnsafeBuffer[] topics = new UnsafeBuffer[count];
        for (int i = 0; i < count; i++) {
            topics[i] = Events.bytes("plant/line-" + i + "/rpm/01");
        }
        final SplittableRandom random = new SplittableRandom(1);
        for (int i = count - 1; i > 0; i--) {
            final int other = random.nextInt(i + 1);
            final UnsafeBuffer topic = topics[i];
            topics[i] = topics[other];
            topics[other] = topic;
        }
        return topics;
    }
}
