package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.protocol.ProtocolVersion;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** All scenarios, in the order in which they are run. 64 bytes of payload where nothing else is said. */
final class Scenarios {
    private static final int PAYLOAD_LENGTH = 64;
    private static final int RATE = 10_000;

    /** With a hundred subscribers, that many messages are ten times the usual number of deliveries on their way. */
    private static final int FAN_OUT_WINDOW = 1000;

    /** More than a broker remembers. */
    private static final int MANY_TOPICS = 100_000;

    private static final List<Scenario> FLOWS = List.of(
            qos0("1to1-qos0", "1 publisher, 1 subscriber, QoS 0", plan -> plan, 15),
            qos0("10pairs-qos0", "10 publishers, each to a subscriber of its own, QoS 0", plan -> plan.pairs(10), 20),
            qos0("fanin-qos0", "100 publishers to 1 subscriber, QoS 0", plan -> plan.publishers(100), 16),
            qos0(
                    "fanout-qos0",
                    "1 publisher to 100 subscribers, QoS 0, window 1,000",
                    plan -> plan.subscribers(100).window(FAN_OUT_WINDOW),
                    34),
            qos0(
                    "wildcard-qos0",
                    "10 pairs, subscribed with + and #, QoS 0",
                    plan -> plan.pairs(10).filters(FlowPlan.Filters.WILDCARD),
                    0),
            qos0(
                    "topics-qos0",
                    "1 publisher that goes round 100,000 topics, 1 subscriber with #, QoS 0",
                    plan -> plan.topics(MANY_TOPICS),
                    0),
            qos0(
                    "shared-qos0",
                    "1 publisher to 4 members of a shared subscription, QoS 0",
                    plan -> plan.subscribers(4).filters(FlowPlan.Filters.SHARED),
                    0),
            qos0("1to1-qos0-v5", "1:1 QoS 0, MQTT 5", plan -> plan.version(ProtocolVersion.V5), 0),
            acknowledged("1to1-qos1", "1 publisher, 1 subscriber, QoS 1, window 100", 1, plan -> plan, 8, 0.7),
            acknowledged("10pairs-qos1", "10 pairs, QoS 1, window 100 each", 1, plan -> plan.pairs(10), 18, 5),
            acknowledged("1to1-qos2", "1 publisher, 1 subscriber, QoS 2, window 100", 2, plan -> plan, 0, 0),
            acknowledged("10pairs-qos2", "10 pairs, QoS 2, window 100 each", 2, plan -> plan.pairs(10), 20, 3),
            acknowledged(
                    "persistent-qos1", "1:1 QoS 1, window 100, persistent sessions", 1, FlowPlan::persistent, 0, 0),
            payload("1kib-qos0", "1:1 QoS 0, payload 1 KiB", 1 << 10, 0),
            payload("16kib-qos0", "1:1 QoS 0, payload 16 KiB", 16 << 10, 1.2),
            openLoop("10k-qos0", "10,000 messages a second, 1:1 QoS 0, open loop", 0),
            openLoop("10k-qos1", "10,000 messages a second, 1:1 QoS 1, open loop", 1),
            encrypted());

    private static final List<Scenario> ALL =
            Stream.concat(FLOWS.stream(), StateScenarios.all().stream()).toList();

    private Scenarios() {}

    static List<Scenario> all() {
        return ALL;
    }

    /** @throws IllegalArgumentException with the names that there are. */
    static Scenario named(final String name) {
        return ALL.stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no scenario '" + name + "'; there are "
                        + String.join(", ", ALL.stream().map(Scenario::name).toList())));
    }

    private static Scenario qos0(
            final String name, final String description, final UnaryOperator<FlowPlan> shape, final double goal) {
        return flow(name, description, new FlowScenario(0, PAYLOAD_LENGTH, shape), delivered(goal, goal));
    }

    private static Scenario acknowledged(
            final String name,
            final String description,
            final int qos,
            final UnaryOperator<FlowPlan> shape,
            final double append,
            final double sync) {
        return flow(name, description, new FlowScenario(qos, PAYLOAD_LENGTH, shape), delivered(append, sync));
    }

    private static List<Goal> delivered(final double append, final double sync) {
        return List.of(Goal.atLeast(Outcome.DELIVERED, append, sync));
    }

    private static Scenario payload(final String name, final String description, final int length, final double goal) {
        return flow(
                name,
                description,
                new FlowScenario(0, length, plan -> plan),
                List.of(Goal.atLeast(Outcome.MEGABYTES, goal, goal)));
    }

    private static Scenario openLoop(final String name, final String description, final int qos) {
        return flow(
                name,
                description,
                new FlowScenario(qos, PAYLOAD_LENGTH, plan -> plan.rate(RATE)),
                List.of(Goal.atMost(Outcome.P50, 1.2), Goal.atMost(Outcome.P99, 1.2)));
    }

    private static Scenario encrypted() {
        return new Scenario(
                "1to1-qos0-tls",
                "1 publisher, 1 subscriber, QoS 0, all of it over TLS",
                Scenario.Kind.ENCRYPTED_FLOW,
                BrokerOptions.NO_SNAPSHOTS,
                new EncryptedFlow(new FlowScenario(0, PAYLOAD_LENGTH, plan -> plan.encrypted(true))),
                delivered(0, 0));
    }

    private static Scenario flow(
            final String name, final String description, final FlowScenario flow, final List<Goal> goals) {
        final Scenario.Kind kind = flow.qos() > 0 ? Scenario.Kind.ACKNOWLEDGED_FLOW : Scenario.Kind.FLOW;
        return new Scenario(name, description, kind, BrokerOptions.NO_SNAPSHOTS, flow, goals);
    }
}
