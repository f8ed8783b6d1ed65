package io.ringmain.perf.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The pairs of a {@link Flow} that one {@link LoadThread} has: their clients, and what was seen of their messages. Nothing
 * of it is shared with other threads; they may look at it when that thread is done.
 */
final class FlowShare {
    private static final int BURST = 512;

    private final FlowPlan plan;
    private final String name;
    private final int firstPair;
    private final int pairs;
    private final Statistics statistics;
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();

    /** Of messages that have a rate. */
    private final Schedule schedule;

    private final Lateness lateness = new Lateness();
    private double behind;
    private long sentWhileCounting;
    private long deliveredWhileCounting;
    private double secondsCounting;
    private long countingFromNs;
    private long countingUntilNs = Long.MIN_VALUE;

    /**
     * @param name of the flow.
     * @param firstPair number of the first pair in the flow.
     * @param pairs how many, at least one.
     */
    FlowShare(final FlowPlan plan, final String name, final int firstPair, final int pairs) {
        this.plan = plan;
        this.name = name;
        this.firstPair = firstPair;
        this.pairs = pairs;
        statistics = new Statistics(plan.rate() > 0);
        schedule = new Schedule(
                plan.rate(), firstPublisher(), pairs * plan.publishers(), plan.pairs() * plan.publishers());
    }

    /** Its number in the flow. */
    private int firstPublisher() {
        return firstPair * plan.publishers();
    }

    Statistics statistics() {
        return statistics;
    }

    List<LoadClient> clients() {
        return Stream.<LoadClient>concat(publishers.stream(), subscribers.stream())
                .toList();
    }

    /** Whether messages are to be sent at their time, for which the thread has to spin. */
    boolean isPaced() {
        return plan.rate() > 0;
    }

    /** Connects everybody and subscribes. */
    void connect(final LoadThread thread) throws IOException {
        for (int pair = firstPair; pair < firstPair + pairs; pair++) {
            for (int i = 0; i < plan.publishers(); i++) {
                final int index = firstPublisher() + publishers.size();
                final Publisher publisher = new Publisher(
                        plan, "bp-" + name + "-" + index, index, topic(pair), statistics, thread.selector());
                publishers.add(publisher);
                thread.await(publisher);
            }
        }
        for (int pair = firstPair; pair < firstPair + pairs; pair++) {
            final Arrivals[] ofGroup = newArrivals();
            for (int i = 0; i < plan.subscribers(); i++) {
                final Arrivals[] arrivals = plan.filters() == FlowPlan.Filters.SHARED ? ofGroup : newArrivals();
                final String id = "bs-" + name + "-" + pair + "-" + i;
                final Subscriber subscriber =
                        new Subscriber(plan, id, publishers, firstPublisher(), arrivals, statistics, thread.selector());
                subscribers.add(subscriber);
                thread.await(subscriber);
                subscriber.subscribe(filter(pair));
                thread.await(subscriber);
            }
        }
    }

    private Arrivals[] newArrivals() {
        return Stream.generate(statistics::newArrivals).limit(publishers.size()).toArray(Arrivals[]::new);
    }

    private String topic(final int pair) {
        return "bench/" + name + "/" + pair;
    }

    private String filter(final int pair) {
        return switch (plan.filters()) {
            case LITERAL -> topic(pair);
            case WILDCARD -> pair % 2 == 0 ? "+/" + name + "/" + pair : topic(pair) + "/#";
            case BELOW -> topic(pair) + "/#";
            case SHARED -> "$share/" + name + "/" + topic(pair);
        };
    }

    /** Ends the sessions that would outlast their connections. */
    void end(final LoadThread thread) throws IOException {
        if (plan.isPersistent()) {
            for (final LoadClient client : clients()) {
                client.reconnectClean();
                thread.await(client);
            }
        }
    }

    /** Messages are due from now on. */
    void start(final long nowNs) {
        schedule.start(nowNs);
    }

    boolean publish(final long nowNs) throws IOException {
        return plan.rate() > 0 ? publishDue(nowNs) : publishWindows(nowNs);
    }

    /** Whether messages were to be sent in the time that counted, and were not. */
    boolean isOverdue() {
        return plan.rate() > 0 && schedule.intendedNs() < countingUntilNs;
    }

    /** Sends some of what is overdue. */
    void publishOverdue() throws IOException {
        if (isOverdue()) {
            publishDue(countingUntilNs - 1);
        }
    }

    private boolean publishWindows(final long nowNs) throws IOException {
        boolean any = false;
        for (int i = 0; i < publishers.size(); i++) {
            final Publisher publisher = publishers.get(i);
            final int room = (int) Math.min(BURST, plan.window() - publisher.outstanding());
            if (room > 0) {
                any |= publisher.publish(room, nowNs) > 0;
                publisher.flush();
            }
        }
        return any;
    }

    /**
     * Sends what is due, but not so much that what comes meanwhile would wait; a message that is late keeps the instant
     * at which it was to be sent.
     */
    private boolean publishDue(final long nowNs) throws IOException {
        Publisher publisher = null;
        int count = 0;
        boolean isBlocked = false;
        for (long intendedNs = schedule.intendedNs();
                intendedNs <= nowNs && count < BURST;
                intendedNs = schedule.intendedNs()) {
            final Publisher next = publishers.get(schedule.publisher());
            if (publisher != null && publisher != next) {
                publisher.flush();
            }
            publisher = next;
            if (publisher.publish(1, intendedNs) == 0) {
                isBlocked = true;
                break;
            }
            count++;
            schedule.next();
        }
        if (publisher != null) {
            publisher.flush();
        }
        lateness.onTurn(nowNs, count == BURST && !isBlocked);
        return count > 0;
    }

    long sent() {
        long sum = 0;
        for (final Publisher publisher : publishers) {
            sum += publisher.sent();
        }
        return sum;
    }

    /** Messages that subscribers got, doubled ones included. */
    long received() {
        long sum = 0;
        for (final Subscriber subscriber : subscribers) {
            sum += subscriber.received();
        }
        return sum;
    }

    /** Messages that subscribers got, each once. */
    long delivered() {
        long sum = 0;
        for (final Subscriber subscriber : subscribers) {
            sum += subscriber.delivered();
        }
        return sum;
    }

    /** System calls in which its subscribers got something. */
    long reads() {
        return subscribers.stream().mapToLong(LoadClient::reads).sum();
    }

    long acknowledged() {
        long sum = 0;
        for (final Publisher publisher : publishers) {
            sum += publisher.acknowledged();
        }
        return sum;
    }

    /** What is sent and received from now on counts. */
    void beginCounting(final long nowNs) {
        sentWhileCounting = -sent();
        deliveredWhileCounting = -delivered();
        countingFromNs = nowNs;
        statistics.begin(nowNs);
        lateness.begin(nowNs);
    }

    void endCounting(final long nowNs) {
        statistics.end(nowNs);
        countingUntilNs = nowNs;
        sentWhileCounting += sent();
        deliveredWhileCounting += delivered();
        secondsCounting = (nowNs - countingFromNs) / 1e9;
        behind = lateness.behindNs() / 1e9 / secondsCounting;
    }

    /** Share of the time that counted in which it could not send what was due, though the broker took all; with a rate. */
    double behind() {
        return behind;
    }

    /** While it counted. */
    double sentPerSecond() {
        return sentWhileCounting / secondsCounting;
    }

    /** While it counted, each once. */
    double deliveredPerSecond() {
        return deliveredWhileCounting / secondsCounting;
    }

    /** Deliveries and acknowledgements that are to come yet. */
    long missing() {
        return plan.missing(sent(), delivered(), acknowledged());
    }

    /** Version and cipher suite of TLS, of all connections alike. */
    String agreedTls() {
        return publishers.get(0).wire.agreedTls();
    }
}
