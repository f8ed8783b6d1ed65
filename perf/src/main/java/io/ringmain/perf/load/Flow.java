package io.ringmain.perf.load;

import java.io.IOException;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Publishers of one kind and their subscribers, and what was seen of their messages. */
final class Flow {
    private static final int BURST = 512;

    private final FlowPlan plan;
    private final Statistics statistics;
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final String name = Long.toHexString(System.nanoTime() & 0xFFFFFF);
    private long startNs;
    private long due;

    Flow(final FlowPlan plan) {
        this.plan = plan;
        statistics = new Statistics(plan.rate() > 0);
    }

    FlowPlan plan() {
        return plan;
    }

    Statistics statistics() {
        return statistics;
    }

    List<LoadClient> clients() {
        return Stream.<LoadClient>concat(publishers.stream(), subscribers.stream())
                .toList();
    }

    /** Connects everybody and subscribes. */
    void connect(final LoadRun run, final Selector selector) throws IOException {
        for (int pair = 0; pair < plan.pairs(); pair++) {
            for (int i = 0; i < plan.publishers(); i++) {
                final int index = publishers.size();
                final Publisher publisher =
                        new Publisher(plan, "bp-" + name + "-" + index, index, topic(pair), statistics, selector);
                publishers.add(publisher);
                run.await(publisher);
            }
        }
        for (int pair = 0; pair < plan.pairs(); pair++) {
            final Arrivals[] ofGroup = newArrivals();
            for (int i = 0; i < plan.subscribers(); i++) {
                final Arrivals[] arrivals = plan.filters() == FlowPlan.Filters.SHARED ? ofGroup : newArrivals();
                final String id = "bs-" + name + "-" + pair + "-" + i;
                final Subscriber subscriber = new Subscriber(plan, id, publishers, arrivals, statistics, selector);
                subscribers.add(subscriber);
                run.await(subscriber);
                subscriber.subscribe(filter(pair));
                run.await(subscriber);
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
            case SHARED -> "$share/" + name + "/" + topic(pair);
        };
    }

    /** Ends the sessions that would outlast their connections. */
    void end(final LoadRun run) throws IOException {
        if (plan.isPersistent()) {
            for (final LoadClient client : clients()) {
                client.reconnectClean();
                run.await(client);
            }
        }
    }

    /** Messages are due from now on. */
    void start(final long nowNs) {
        startNs = nowNs;
    }

    boolean publish(final long nowNs) throws IOException {
        return plan.rate() > 0 ? publishDue(nowNs) : publishWindows(nowNs);
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
        final long first = due;
        Publisher publisher = null;
        for (long intendedNs = intendedNs(due);
                intendedNs <= nowNs && due - first < BURST;
                intendedNs = intendedNs(due)) {
            final Publisher next = publishers.get((int) (due % publishers.size()));
            if (publisher != null && publisher != next) {
                publisher.flush();
            }
            publisher = next;
            if (publisher.publish(1, intendedNs) == 0) {
                break;
            }
            due++;
        }
        if (publisher != null) {
            publisher.flush();
        }
        return due > first;
    }

    private long intendedNs(final long number) {
        return startNs + number * TimeUnit.SECONDS.toNanos(1) / plan.rate();
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

    /** How many messages a subscriber got with one system call. */
    double receivedPerRead() {
        return (double) received()
                / Math.max(1, subscribers.stream().mapToLong(LoadClient::reads).sum());
    }

    long acknowledged() {
        long sum = 0;
        for (final Publisher publisher : publishers) {
            sum += publisher.acknowledged();
        }
        return sum;
    }

    /** Version and cipher suite of TLS, of all connections alike. */
    String agreedTls() {
        return publishers.get(0).wire.agreedTls();
    }

    /** Deliveries and acknowledgements that are to come yet. */
    long missing() {
        final long deliveries = sent() * plan.copies() - (received() - statistics.duplicated());
        return Math.max(deliveries, plan.qos() == 0 ? 0 : sent() - acknowledged());
    }

    /** Members of a shared group get what the others don't; only of them all together nothing is said about order. */
    long outOfOrder() {
        return plan.filters() == FlowPlan.Filters.SHARED ? 0 : statistics.outOfOrder();
    }
}
