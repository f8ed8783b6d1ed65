package io.ringmain.perf.load;

import static io.ringmain.perf.load.Scenario.Kind.OURS;
import static io.ringmain.perf.load.Scenario.Kind.OURS_LONG;
import static io.ringmain.perf.load.Scenario.Kind.STATE;

import io.ringmain.perf.broker.BrokerOptions;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;

/** The scenarios of many connections and of state, in the order in which they are run, and what they are to reach. */
final class StateScenarios {
    /** 100,000 literal subscriptions and 1,000 with wildcards. */
    private static final long SUBSCRIPTIONS = 101_000;

    /** Connections that hold the subscriptions. */
    private static final int HOLDERS = 10;

    private static final int PAYLOAD_LENGTH = 64;

    static final List<Goal> CONNECT_GOALS = List.of(Goal.atLeast(ConnectScenario.CONNECTS, 5, 5));

    static final List<Goal> IDLE_GOALS = List.of(
            Goal.valueAtMost(Outcome.resident(IdleScenario.CONNECTED), 4096),
            Goal.none(Outcome.heap(IdleScenario.CONNECTED)));

    static final List<Goal> SUBSCRIPTION_GOALS = List.of(
            Goal.atLeast(SubscriptionScale.delivered(SUBSCRIPTIONS), 8, 8),
            Goal.atLeast(SubscriptionScale.subscribed(SUBSCRIPTIONS), 1, 1),
            // The pages of the mapped log are not the filter's: the record of its SUBSCRIBE is there for as long as it
            // is
            // read, and the kernel takes them when it needs them.
            Goal.valueAtMost(Outcome.anonymous(SubscriptionScale.filters(SUBSCRIPTIONS)), 600),
            Goal.none(Outcome.resident(SubscriptionScale.filters(SUBSCRIPTIONS))),
            Goal.none(Outcome.heap(SubscriptionScale.filters(SUBSCRIPTIONS))));

    static final List<Goal> RETAINED_GOALS =
            List.of(Goal.valueAtMost(RetainedScenario.toOne(0), 0.3), Goal.valueAtMost(RetainedScenario.toOne(1), 0.5));

    static final List<Goal> STARTUP_GOALS = List.of(
            Goal.valueAtMost(StartupScenario.connack("cold"), 1), Goal.valueAtMost(StartupScenario.connack("warm"), 1));

    private StateScenarios() {}

    static List<Scenario> all() {
        return List.of(
                connect(), connectAtOnce(), idle(), subscriptions(), retained(), startup(), http(), replay(), scale());
    }

    private static Scenario connect() {
        return connect(
                "connect",
                "10,000 clients connect, 64 at a time, and disconnect; 2,000 with --quick",
                clients -> Crowd.IN_FLIGHT);
    }

    private static Scenario connectAtOnce() {
        return connect(
                "connect-at-once",
                "10,000 clients connect, all at once as after a power cut, and disconnect; 2,000 with --quick",
                clients -> clients);
    }

    private static Scenario connect(final String name, final String description, final IntUnaryOperator inFlight) {
        return new Scenario(
                name,
                description,
                STATE,
                BrokerOptions.NO_SNAPSHOTS,
                (broker, pace) -> {
                    final int clients = pace.isQuick() ? 2000 : 10_000;
                    final int storms = pace.isQuick() ? 1 : 3;
                    return new ConnectScenario(clients, inFlight.applyAsInt(clients), false, storms).run(broker, pace);
                },
                CONNECT_GOALS);
    }

    private static Scenario idle() {
        return new Scenario(
                "idle",
                "memory of 9,000 idle connections; 2,000 with --quick",
                STATE,
                BrokerOptions.NO_SNAPSHOTS,
                (broker, pace) -> new IdleScenario(pace.isQuick() ? 2000 : 9000).run(broker, pace),
                IDLE_GOALS);
    }

    private static Scenario subscriptions() {
        final SubscriptionScale scale = new SubscriptionScale(HOLDERS, List.of(SUBSCRIPTIONS));
        return new Scenario(
                "subscriptions",
                "1:1 QoS 0 beside 100,000 literal and 1,000 wildcard subscriptions of others",
                STATE,
                settings(scale.settings()),
                scale,
                SUBSCRIPTION_GOALS);
    }

    private static Scenario retained() {
        return new Scenario(
                "retained",
                "100,000 retained topics, all of them to one subscriber to #",
                STATE,
                BrokerOptions.NO_SNAPSHOTS,
                (broker, pace) ->
                        new RetainedScenario(100_000, PAYLOAD_LENGTH, pace.isQuick() ? 3 : 5).run(broker, pace),
                RETAINED_GOALS);
    }

    private static Scenario startup() {
        final BuiltState state = new BuiltState(100_000, 1000, 10_000, PAYLOAD_LENGTH);
        return new Scenario(
                "startup",
                "from exec to the first CONNACK with 100,000 retained, 1,000 sessions, 10,000 queued, after a clean stop",
                OURS,
                state.settings(),
                (broker, pace) -> new StartupScenario(state, pace.isQuick() ? 1 : 3, false).run(broker, pace),
                STARTUP_GOALS);
    }

    private static Scenario http() {
        return new Scenario(
                "http",
                "the same messages by keep-alive HTTP, which keeps nothing, and by MQTT; one on its way, but for QoS 0",
                OURS,
                BrokerOptions.NO_SNAPSHOTS,
                (broker, pace) -> {
                    final int messages = pace.isQuick() ? 5000 : 50_000;
                    final int connections = messages / 10;
                    return new HttpScenario(HttpScenario.PER_CONNECTION, messages, connections, PAYLOAD_LENGTH)
                            .run(broker, pace);
                },
                HttpScenario.COMPARED);
    }

    private static Scenario replay() {
        return new Scenario(
                "replay",
                "$replay over the whole log, 1,000,000 messages; 200,000 with --quick",
                OURS,
                settings(ReplayScenario.SETTINGS),
                (broker, pace) ->
                        new ReplayScenario(pace.isQuick() ? 200_000 : 1_000_000, PAYLOAD_LENGTH).run(broker, pace),
                List.of(Goal.none(ReplayScenario.replayed(0)), Goal.none(ReplayScenario.replayed(1))));
    }

    private static Scenario scale() {
        final List<Long> counts = List.of(1L, 1000L, SUBSCRIPTIONS, 1_010_000L);
        final SubscriptionScale scale = new SubscriptionScale(HOLDERS, counts);
        return new Scenario(
                "subscription-scale",
                "1:1 QoS 0 beside 1, 1,000, 101,000 and 1,010,000 subscriptions of others",
                OURS_LONG,
                settings(scale.settings()),
                scale,
                counts.stream()
                        .map(count -> Goal.none(SubscriptionScale.delivered(count)))
                        .toList());
    }

    /** Those without snapshots, and more. */
    static List<String> settings(final List<String> more) {
        return Stream.concat(BrokerOptions.NO_SNAPSHOTS.stream(), more.stream()).toList();
    }
}
