package io.ringmain.engine.sim;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.driver.StoredSnapshot;
import io.ringmain.protocol.ProtocolVersion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A run of the whole broker under a seed: first everything may go wrong, and nothing that was promised may be broken;
 * then nothing goes wrong any more, and everything must come to rest.
 */
final class Simulation {
    private static final int FAULTY_STEPS = 6000;
    private static final int HEALING_STEPS = 60_000;
    private static final int MAX_LANES = 3;

    private final SimRandom random;
    private final boolean diskFillsUp;
    private final SimClock clock = new SimClock();
    private final SimLog log = new SimLog();
    private final List<SimClient> clients = new ArrayList<>();
    private final List<SimClient> publishers = new ArrayList<>();
    private final List<SimClient> exact = new ArrayList<>();
    private final List<SimClient> chaotic = new ArrayList<>();
    private final List<SimClient> atLeastOnce = new ArrayList<>();
    private final List<SimClient> exactlyOnce = new ArrayList<>();
    private final Set<String> groupDelivered = new HashSet<>();
    private final List<StoredSnapshot> snapshots = new ArrayList<>();
    private final SimAcl acl = new SimAcl();
    private final List<SimClient> intruders = new ArrayList<>();
    private final boolean webSockets;
    private SimBroker broker;
    private int crashes;
    private long ringFull;
    private long laneFull;
    private long refused;
    private long denied;
    private long deniedWills;
    private long intrusions;

    /** @param webSockets whether all clients speak through WebSockets. */
    Simulation(final long seed, final boolean webSockets) {
        this.webSockets = webSockets;
        random = new SimRandom(seed);
        diskFillsUp = random.oneIn(2);
    }

    void run() {
        startBroker();
        makeClients();
        awaitAll(exact, SimClient::isReady, "the subscribers did not get their subscriptions");
        awaitAll(atLeastOnce, SimClient::isReady, "the group did not get its subscriptions");
        awaitAll(exactlyOnce, SimClient::isReady, "the group did not get its subscriptions");
        final int departure = random.below(FAULTY_STEPS);
        for (int step = 0; step < FAULTY_STEPS; step++) {
            if (step == departure) {
                sendTravellers();
            }
            stepWithFaults();
        }
        heal();
        check();
        countRareThings();
    }

    private void countRareThings() {
        ringFull += broker.counters().get(CounterId.RING_FULL);
        laneFull += broker.counters().get(CounterId.LANE_FULL);
        refused += broker.counters().get(CounterId.PUBLISH_REFUSED_LOG_FULL);
        denied += broker.counters().get(CounterId.DROPPED_ACL);
        deniedWills += broker.counters().get(CounterId.DROPPED_WILL_ACL);
        intrusions += broker.counters().get(CounterId.CONNECTIONS_REFUSED_OWNER);
    }

    private void startBroker() {
        broker = new SimBroker(
                log,
                clock,
                random.split(),
                random.between(1, MAX_LANES),
                List.copyOf(snapshots),
                acl.authorizer(),
                webSockets);
    }

    private void makeClients() {
        exact.add(client("exact-5", ProtocolVersion.V5, true, true));
        exact.add(client("exact-4", ProtocolVersion.V3_1_1, true, true));
        exact.get(0).want("x/#", 2);
        exact.get(0).want("will/+", 1);
        exact.get(1).want("x/+", 1);
        exact.get(1).want("x/1", 2);
        publishers.add(client("pub-5", ProtocolVersion.V5, true, false));
        publishers.add(client("pub-4", ProtocolVersion.V3_1_1, true, false));
        publishers.add(client("pub-3", ProtocolVersion.V3_1, true, false));
        publishers.get(0).want("x/+", 1);
        makeGroups();
        acl.guard(client("guarded-5", ProtocolVersion.V5, true, false));
        acl.guard(client("guarded-4", ProtocolVersion.V3_1_1, true, false));
        broker.authorizer(acl.authorizer());
        for (final SimClient victim : exact) {
            final SimClient.Profile profile = new SimClient.Profile(victim.profile.version(), false, false, 8);
            intruders.add(new SimClient(victim.id, "mallory", profile, () -> connect("mallory"), random.split()));
        }
        for (int i = 0; i < 2; i++) {
            final SimClient client =
                    client("chaos-" + i, i == 0 ? ProtocolVersion.V5 : ProtocolVersion.V3_1_1, false, false);
            client.want(i == 0 ? "#" : "r/#", 2);
            client.want("x/2", 1);
            client.withWill();
            chaotic.add(client);
        }
    }

    /** They come late, and want what was said before they came. */
    private void sendTravellers() {
        log.roomLeft(Long.MAX_VALUE);
        final SimClient newer = client("traveller-5", ProtocolVersion.V5, true, true);
        newer.want("$replay/@0/x/#", 2);
        newer.want("$replay/@0/will/+", 1);
        exact.add(newer);
        final SimClient older = client("traveller-4", ProtocolVersion.V3_1_1, true, true);
        older.want("$replay/@0/x/1", 1);
        exact.add(older);
        awaitAll(List.of(newer, older), SimClient::isReady, "the travellers did not get their subscriptions");
    }

    /** Sessions of the second group never end, so that none takes a message with it that it was begun with. */
    private void makeGroups() {
        for (int i = 0; i < 3; i++) {
            final ProtocolVersion version = i == 1 ? ProtocolVersion.V3_1_1 : ProtocolVersion.V5;
            atLeastOnce.add(client("once-or-more-" + i, version, i > 0, false));
            atLeastOnce.get(i).want("$share/g/x/#", 1);
            exactlyOnce.add(client("just-once-" + i, version, true, false));
            exactlyOnce.get(i).want("$share/h/x/+", 2);
        }
    }

    private Wire connect(final String id) {
        final Wire wire = broker.connect(id);
        return webSockets && wire != null ? new WebSocketWire(wire, random.split()) : wire;
    }

    private SimClient client(
            final String id, final ProtocolVersion version, final boolean persistent, final boolean isExact) {
        final SimClient.Profile profile = new SimClient.Profile(version, persistent, isExact, random.between(1, 8));
        final SimClient client = new SimClient(id, profile, () -> connect(id), random.split());
        clients.add(client);
        return client;
    }

    private void stepWithFaults() {
        clock.advance(random.below(1_000_000));
        switch (random.below(400)) {
            case 0 -> crash();
            case 1, 2, 3 -> any(clients).die();
            case 4 -> any(clients).takeOver();
            case 5 -> any(chaotic).disconnect(random.oneIn(2) ? 0 : 4);
            case 6 -> broker.checkDigests();
            case 10 -> takeSnapshot();
            case 9, 11, 12 -> any(publishers).burst("x/1", random.between(1, 120));
            case 13 -> broker.changeLimits();
            case 7 -> clock.advance(TimeUnit.SECONDS.toNanos(random.below(5)));
            case 14, 21 -> toggleAcl();
            case 15, 16, 17, 18, 19, 20 -> intrude(any(intruders));
            case 8 -> log.roomLeft(diskFillsUp && random.oneIn(2) ? 0 : Long.MAX_VALUE);
            default -> stepQuietly();
        }
    }

    private void stepQuietly() {
        switch (random.below(6)) {
            case 0 -> any(clients).step(false);
            case 1 -> publishSomething();
            default -> broker.stepOne();
        }
    }

    private void toggleAcl() {
        acl.toggle();
        broker.authorizer(acl.authorizer());
        broker.stepAll();
    }

    /** Somebody else with the client id of one whose session there is. */
    private void intrude(final SimClient intruder) {
        intruder.step(true);
        if (intruder.isReady()) {
            throw new AssertionError("another user got the session of " + intruder.id);
        }
    }

    private void publishSomething() {
        final SimClient publisher = any(publishers);
        if (random.oneIn(5)) {
            acl.publish(publisher, random);
        } else if (random.oneIn(6)) {
            // One QoS for each topic: a QoS 1 message that comes again may rightly displace a later one with QoS 2.
            final int topic = random.below(3);
            publisher.publish("r/" + publisher.id + "/" + topic, 1 + topic % 2, true);
        } else {
            publisher.publish("x/" + random.below(4), random.below(3), false);
        }
    }

    /** The two newest are kept; one may hold more than the log keeps over a crash, and then must not be used. */
    private void takeSnapshot() {
        if (!broker.mayTakeSnapshot()) {
            return;
        }
        snapshots.add(0, broker.takeSnapshot());
        if (snapshots.size() > 2) {
            snapshots.remove(2);
        }
    }

    private SimClient any(final List<SimClient> from) {
        return from.get(random.below(from.size()));
    }

    private void crash() {
        crashes++;
        if (broker.isCaughtUp()) {
            broker.checkDigests();
        }
        countRareThings();
        broker.die();
        log.crash(random);
        snapshots.removeIf(snapshot -> snapshot.position() >= log.appendPosition());
        startBroker();
    }

    /** No more faults: whatever was begun must end. */
    private void heal() {
        log.roomLeft(Long.MAX_VALUE);
        chaotic.forEach(SimClient::die);
        clients.removeAll(chaotic);
        intruders.forEach(SimClient::die);
        if (!acl.isOpen()) {
            toggleAcl();
        }
        awaitAll(clients, SimClient::isDrained, "the publishers' hand-shakes did not end");
        publishers.forEach(acl::publishLast);
        awaitAll(clients, SimClient::isDrained, "the last hand-shakes did not end");
        final SimClient reader = client("reader", ProtocolVersion.V5, false, false);
        reader.want("r/#", 1);
        awaitAll(clients, SimClient::isDrained, "the last subscriber did not get its subscription");
        settle();
        final Oracle oracle = oracle();
        if (!oracle.retained().equals(reader.retainedSeen)) {
            throw new AssertionError("retained: expected " + oracle.retained() + ", got " + reader.retainedSeen);
        }
    }

    private interface Condition {
        boolean holds(SimClient client);
    }

    private void awaitAll(final List<SimClient> all, final Condition condition, final String otherwise) {
        for (int step = 0; step < HEALING_STEPS; step++) {
            if (all.stream().allMatch(condition::holds)) {
                return;
            }
            stepAll();
        }
        throw new AssertionError(otherwise + ": "
                + all.stream().filter(client -> !condition.holds(client)).toList()
                + broker.recentEvents());
    }

    private int stepAll() {
        clock.advance(random.below(1_000_000));
        for (final SimClient client : clients) {
            client.step(true);
        }
        return broker.stepAll();
    }

    /** Until nobody has anything left to do. */
    private void settle() {
        int quiet = 0;
        for (int step = 0; step < HEALING_STEPS; step++) {
            quiet = stepAll() == 0 ? quiet + 1 : 0;
            if (quiet > 50) {
                return;
            }
        }
        throw new AssertionError("the broker does not come to rest");
    }

    private Oracle oracle() {
        final Oracle oracle = new Oracle();
        log.newReader().scan(0, oracle::onRecord);
        return oracle;
    }

    private void check() {
        broker.checkDigests();
        final Oracle oracle = oracle();
        for (final SimClient subscriber : exact) {
            final List<Oracle.Session> sessions = oracle.sessionsOf(subscriber.id);
            if (sessions.size() != 1) {
                throw new AssertionError(subscriber.id + " lost its session: " + sessions.size() + " of them");
            }
            final LinkedHashSet<String> expected = new LinkedHashSet<>();
            final List<String> wills = new ArrayList<>();
            for (final Oracle.Delivery delivery : sessions.get(0).expected) {
                if (delivery.topic().startsWith("will/")) {
                    wills.add(delivery.payload());
                } else {
                    expected.add(delivery.payload());
                }
            }
            if (!List.copyOf(expected).equals(subscriber.received)) {
                throw new AssertionError(subscriber.id + ": expected " + expected + ", got " + subscriber.received);
            }
            if (!new LinkedHashSet<>(wills).equals(new LinkedHashSet<>(subscriber.receivedWills))) {
                throw new AssertionError(
                        subscriber.id + ": expected wills " + wills + ", got " + subscriber.receivedWills);
            }
        }
        checkAcknowledged();
        checkGroups();
        acl.check();
        publishers.forEach(acl::checkArrived);
    }

    /** Every acknowledged message reached a member of each group; with QoS 2 one member, once. */
    private void checkGroups() {
        final Set<String> some = new HashSet<>();
        atLeastOnce.forEach(member -> some.addAll(member.received));
        final Set<String> one = new HashSet<>();
        for (final SimClient member : exactlyOnce) {
            one.addAll(member.received);
            for (final String payload : member.receivedExactlyOnce) {
                if (!groupDelivered.add(payload)) {
                    throw new AssertionError(payload + " with QoS 2 came to two members of a group");
                }
            }
        }
        for (final SimClient publisher : publishers) {
            for (final String payload : publisher.acknowledged) {
                final boolean isElsewhere = publisher.elsewhere.contains(payload);
                if (!isElsewhere && !(some.contains(payload) && one.contains(payload))) {
                    throw new AssertionError(payload + " was acknowledged and came to no member of a group");
                }
            }
        }
    }

    /** What a publisher was told is safe must have reached whoever subscribed before. */
    private void checkAcknowledged() {
        for (final SimClient publisher : publishers) {
            for (final String payload : publisher.acknowledged) {
                final boolean isElsewhere = publisher.elsewhere.contains(payload);
                for (final SimClient subscriber : exact) {
                    final boolean wantsAll = !subscriber.id.equals("traveller-4");
                    if (!isElsewhere && wantsAll && !subscriber.received.contains(payload)) {
                        throw new AssertionError(payload + " was acknowledged, and " + subscriber.id + " never got it");
                    }
                }
            }
            if (diskFillsUp) {
                // A message that was refused, and comes again because its refusal was lost, rightly comes later.
                continue;
            }
            publisher.lastAcknowledgedRetained.forEach((topic, payload) -> {
                final String kept = oracle().retained().get(topic);
                if (kept == null || sequence(kept) < sequence(payload)) {
                    throw new AssertionError(topic + ": " + payload + " was acknowledged, retained is " + kept);
                }
            });
        }
    }

    private static int sequence(final String payload) {
        return Integer.parseInt(payload.substring(payload.indexOf(':') + 1));
    }

    /**
     * How often the ring was full, a lane was full, a publish was refused for want of room in the log; and how often a
     * delivery was denied, a will was dropped, somebody else's session was refused.
     */
    long[] rareThings() {
        return new long[] {ringFull, laneFull, refused, denied, deniedWills, intrusions};
    }

    long intrusions() {
        return intrusions;
    }

    int crashes() {
        return crashes;
    }

    int delivered() {
        return exact.stream().mapToInt(client -> client.received.size()).sum();
    }
}
