package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerMemory;
import io.ringmain.perf.broker.MemoryProbe;
import java.io.IOException;

/** Retained topics: what they cost, and how long one subscriber to all of them waits for the last one. */
final class RetainedStorm {
    /**
     * What was found.
     *
     * @param publishedPerSecond with QoS 1, a window of 1,000.
     * @param before without topics.
     * @param qos0S seconds from SUBSCRIBE to the last message, by round; the first one meets code that never ran.
     */
    record Result(
            int topics,
            double publishedPerSecond,
            BrokerMemory before,
            BrokerMemory after,
            double[] qos0S,
            double[] qos1S) {}

    private RetainedStorm() {}

    /** The broker must have no other retained topics. */
    static Result measure(
            final String host,
            final int port,
            final MemoryProbe memory,
            final int topics,
            final int payloadLength,
            final int rounds)
            throws IOException {
        final BrokerMemory before = memory.measure();
        final double publishS = BulkPublisher.publish(host, port, topics, RetainedStorm::topic, true, payloadLength);
        final BrokerMemory after = memory.measure();
        final double[] qos0S = new double[rounds];
        final double[] qos1S = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            qos0S[round] = MessageDrain.subscribe(host, port, "#", 0, topics);
            qos1S[round] = MessageDrain.subscribe(host, port, "#", 1, topics);
        }
        return new Result(topics, topics / publishS, before, after, qos0S, qos1S);
    }

    private static String topic(final long number) {
        return "bench/retained/" + number / 1000 + "/" + number % 1000;
    }
}
