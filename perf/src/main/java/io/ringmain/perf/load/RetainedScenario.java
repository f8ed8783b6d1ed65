package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerMemory;
import io.ringmain.perf.broker.MeasuredBroker;
import io.ringmain.perf.report.Samples;
import java.io.IOException;

/**
 * Retained topics: what they cost, and how long one subscriber to all of them waits for the last one. The broker must
 * have no others.
 *
 * @param subscribes with each QoS, of which the median counts.
 */
record RetainedScenario(int topics, int payloadLength, int subscribes) implements Scenario.Runner {
    @Override
    public Outcome run(final MeasuredBroker broker, final Pace pace) throws IOException {
        // Weighed before any warm-up, whose garbage would leave pages that the topics then take.
        final BrokerMemory before = broker.memory().measure();
        final double publishS = BulkPublisher.publish(
                broker.host(), broker.port(), topics, RetainedScenario::topic, true, payloadLength);
        final BrokerMemory after = broker.memory().measure();
        final Outcome outcome = new Outcome()
                .figure("published/s", topics / publishS)
                .memory("retained topic", before, after, topics)
                .figure("to one #, QoS 0, the first, s", subscribe(broker, 0))
                .figure("to one #, QoS 1, the first, s", subscribe(broker, 1));
        pace.warmUp(() -> {
            subscribe(broker, 0);
            subscribe(broker, 1);
        });
        final Samples qos0S = new Samples(false);
        final Samples qos1S = new Samples(false);
        for (int i = 0; i < subscribes; i++) {
            qos0S.add(subscribe(broker, 0));
            qos1S.add(subscribe(broker, 1));
        }
        return outcome.figure(toOne(0), qos0S.median()).figure(toOne(1), qos1S.median());
    }

    /** Seconds from SUBSCRIBE to the last message. */
    private double subscribe(final MeasuredBroker broker, final int qos) throws IOException {
        return MessageDrain.subscribe(broker.host(), broker.port(), "#", qos, topics, false);
    }

    static String toOne(final int qos) {
        return "to one #, QoS " + qos + ", s";
    }

    private static String topic(final long number) {
        return "bench/retained/" + number / 1000 + "/" + number % 1000;
    }
}
