package io.ringmain.perf.load;

import io.ringmain.perf.broker.MeasuredBroker;
import java.io.IOException;
import java.util.List;

/** How fast the past comes to a subscriber of {@code $replay}: all of a log that has nothing else in it. */
record ReplayScenario(int messages, int payloadLength) implements Scenario.Runner {
    static final String FILTER = "$replay/@0/#";

    /** Without these nothing is replayed, or no faster than is good for others. */
    static final List<String> SETTINGS = List.of("replay.enabled=true", "replay.rate=64GB");

    @Override
    public Outcome run(final MeasuredBroker broker, final Pace pace) throws IOException {
        final double seconds = BulkPublisher.publish(
                broker.host(), broker.port(), messages, ReplayScenario::topic, false, payloadLength);
        final Outcome outcome = new Outcome().figure("published messages/s, QoS 1", messages / seconds);
        pace.warmUp(() -> replay(broker, 0));
        for (int qos = 0; qos <= 1; qos++) {
            outcome.figure(replayed(qos), messages / replay(broker, qos));
        }
        return outcome;
    }

    private double replay(final MeasuredBroker broker, final int qos) throws IOException {
        return MessageDrain.subscribe(broker.host(), broker.port(), FILTER, qos, messages, true);
    }

    static String replayed(final int qos) {
        return "replayed messages/s, QoS " + qos;
    }

    private static String topic(final long number) {
        return "bench/travel/" + number % 1000;
    }
}
