package io.ringmain.perf.load;

import io.ringmain.perf.broker.MeasuredBroker;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.HdrHistogram.Histogram;

/** Runs one {@link Flow} and says what came of it, what it cost both sides, and who was the bottleneck. */
record FlowScenario(int qos, int payloadLength, UnaryOperator<FlowPlan> shape) implements Scenario.Runner {
    private static final double REACHED = 0.99;

    @Override
    public Outcome run(final MeasuredBroker broker, final Pace pace) throws IOException {
        final Flow flow = new Flow(shape.apply(FlowPlan.of(broker.host(), broker.port(), qos, payloadLength))
                .threads(pace.generatorThreads()));
        try (LoadRun run = new LoadRun(List.of(flow))) {
            final LoadRun.Measure measure = run.measure(pace.warmupS(), pace.durationS(), broker);
            run.drain();
            run.end();
            return outcome(List.of(flow), 0, measure);
        }
    }

    /**
     * Of one of the flows of a run, which is drained.
     *
     * @param index of the flow.
     */
    static Outcome outcome(final List<Flow> flows, final int index, final LoadRun.Measure measure) {
        final Flow flow = flows.get(index);
        final FlowPlan plan = flow.plan();
        final Statistics statistics = flow.statistics();
        final double delivered = measure.deliveredPerSecond(index);
        final Outcome outcome = new Outcome()
                .figure(Outcome.SENT, measure.sentPerSecond(index))
                .figure(Outcome.DELIVERED, delivered)
                .figure(Outcome.MEGABYTES, delivered * plan.payloadLength() / 1e6);
        final Histogram latencyNs = statistics.latencyNs();
        outcome.latency("delivery", latencyNs)
                .figure(Outcome.P50, us(latencyNs, 50))
                .figure(Outcome.P90, us(latencyNs, 90))
                .figure(Outcome.P99, us(latencyNs, 99))
                .figure(Outcome.P999, us(latencyNs, 99.9))
                .figure(Outcome.MAX, us(latencyNs, 100));
        if (plan.qos() > 0) {
            final Histogram acknowledgedNs = statistics.acknowledgedNs();
            outcome.latency("acknowledgement", acknowledgedNs)
                    .figure(Outcome.ACKNOWLEDGED_P50, us(acknowledgedNs, 50))
                    .figure(Outcome.ACKNOWLEDGED_P99, us(acknowledgedNs, 99));
        }
        outcome.figure("sent", flow.sent())
                .figure("received", flow.received())
                .faults(Faults.of(flow))
                .figure("received per read", flow.receivedPerRead())
                .rates(measure.rates());
        final boolean isRateReached = isRateReached(plan, index, measure);
        cores(outcome, flows, plan, isRateReached, measure);
        if (plan.isEncrypted()) {
            outcome.figure(Outcome.TLS, flow.agreedTls());
        }
        warn(outcome, flow, isRateReached);
        return outcome;
    }

    private static void cores(
            final Outcome outcome,
            final List<Flow> flows,
            final FlowPlan plan,
            final boolean isRateReached,
            final LoadRun.Measure measure) {
        final LoadRun.Cores cores = measure.cores();
        if (plan.threads() > 1) {
            outcome.figure(Outcome.GENERATOR_THREADS, cores.threads())
                    .figure(Outcome.BUSIEST_THREAD, cores.busiestThread());
        }
        if (flows.stream().allMatch(each -> each.plan().rate() == 0)) {
            outcome.cores(cores);
        } else if (plan.rate() > 0 && isRateReached) {
            outcome.figure(Outcome.GENERATOR_CORES, cores.generator())
                    .figure(Outcome.BROKER_CORES, cores.broker())
                    .figure(Outcome.BOTTLENECK, "rate");
        } else {
            // It spins to be on time, and takes all of a core whatever it has to do.
            outcome.cores(cores.busiestThread(
                    flows.stream().mapToDouble(Flow::behind).max().orElse(0)));
        }
    }

    /** A percentile, in us; not a number of nothing, which HdrHistogram takes for 0. */
    static double us(final Histogram latencyNs, final double percentile) {
        return latencyNs.getTotalCount() == 0 ? Double.NaN : latencyNs.getValueAtPercentile(percentile) / 1e3;
    }

    private static boolean isRateReached(final FlowPlan plan, final int index, final LoadRun.Measure measure) {
        return measure.sentPerSecond(index) >= plan.rate() * REACHED
                && measure.deliveredPerSecond(index) >= plan.rate() * plan.copies() * REACHED;
    }

    private static void warn(final Outcome outcome, final Flow flow, final boolean isRateReached) {
        if (flow.plan().rate() > 0 && !isRateReached) {
            outcome.warn("the rate was not reached");
        }
        if (flow.isOverdue()) {
            outcome.warn("messages that were due were never sent; the latencies lack them");
        }
    }
}
