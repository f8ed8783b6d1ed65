package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerProcess;
import java.util.ArrayList;
import java.util.List;

/** A mixture of traffic for {@link DurabilityBench}. */
enum Load {
    /** One pair with QoS 1, as fast as a window of 100 allows. */
    SATURATION("1:1 QoS 1, window 100", 1, false, false),
    /** Ten of them. */
    PAIRS("10:10 QoS 1, window 100", 10, false, false),
    /** One pair with QoS 1 at a rate. */
    RATE("QoS 1 at %1$,d/s", 1, true, false),
    /** QoS 0 with nothing beside it, for comparison. */
    QOS0_ALONE("QoS 0 at %2$,d/s, alone", 0, false, true),
    /** QoS 0 of other clients beside QoS 1 at a rate. */
    QOS0_BESIDE_RATE("QoS 0 at %2$,d/s, beside QoS 1 at %1$,d/s", 1, true, true),
    /** QoS 0 of other clients beside QoS 1 as fast as it goes. */
    QOS0_BESIDE_SATURATION("QoS 0 at %2$,d/s, beside QoS 1, window 100", 1, false, true);

    private final String text;
    private final int pairs;
    private final boolean isPaced;
    private final boolean hasQos0;

    Load(final String text, final int pairs, final boolean isPaced, final boolean hasQos0) {
        this.text = text;
        this.pairs = pairs;
        this.isPaced = isPaced;
        this.hasQos0 = hasQos0;
    }

    String text(final long rate, final long qos0Rate) {
        return String.format(text, rate, qos0Rate);
    }

    /** Fresh flows of this load; that of QoS 1 is the first. */
    List<Flow> flows(final int port, final int payload, final long rate, final long qos0Rate) {
        final List<Flow> flows = new ArrayList<>();
        if (pairs > 0) {
            flows.add(new Flow(FlowPlan.of(BrokerProcess.HOST, port, 1, payload)
                    .pairs(pairs)
                    .rate(isPaced ? rate : 0)));
        }
        if (hasQos0) {
            flows.add(new Flow(FlowPlan.of(BrokerProcess.HOST, port, 0, payload).rate(qos0Rate)));
        }
        return flows;
    }
}
