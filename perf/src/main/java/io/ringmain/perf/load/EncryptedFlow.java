package io.ringmain.perf.load;

import io.ringmain.perf.broker.MeasuredBroker;
import java.io.IOException;

/**
 * A flow over TLS against a fresh broker, which is warmed up with the same; left out, and said so, where the broker is
 * known by an address without TLS. Says whose TLS the broker's is, and what it agreed on with the generator.
 *
 * @param flow with encrypted connections.
 */
record EncryptedFlow(FlowScenario flow) implements Scenario.Runner {
    @Override
    public Outcome run(final MeasuredBroker broker, final Pace pace) throws IOException {
        if (!broker.hasTls()) {
            return Outcome.leftOut("no TLS port of " + broker.name() + " is known; --with HOST:PORT/TLS_PORT tells it");
        }
        final Pace warming = new Pace(0, pace.brokerWarmupS() + pace.warmupS(), pace.durationS(), pace.isQuick());
        final Outcome outcome = flow.run(broker.overTls(), warming);
        return outcome.figure(
                Outcome.TLS, broker.tlsProvider() + ", " + outcome.figures().get(Outcome.TLS));
    }
}
