package io.ringmain.perf.load;

import java.io.IOException;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Publishers of one kind and their subscribers, and what was seen of their messages. */
final class Flow {
    private static final int BURST = 512;

    private final FlowPlan plan;
    private final Statistics statistics = new Statistics();
    private final List<LoadClient> publishers = new ArrayList<>();
    private final List<LoadClient> all = new ArrayList<>();
    private long startNs;
    private long due;

    Flow(final FlowPlan plan) {
        this.plan = plan;
    }

    FlowPlan plan() {
        return plan;
    }

    Statistics statistics() {
        return statistics;
    }

    List<LoadClient> clients() {
        return all;
    }

    /** Connects everybody, subscribers first subscribed; who connects waits for the answers by {@code run}. */
    void connect(final LoadRun run, final Selector selector) throws IOException {
        final String name = Long.toHexString(System.nanoTime() & 0xFFFFFF);
        for (int p = 0; p < plan.pairs(); p++) {
            final String topic = "bench/" + name + "/" + p;
            final LoadClient publisher = add("bp-" + name + "-" + p, topic, selector);
            publishers.add(publisher);
            for (int s = 0; s < plan.subscribers(); s++) {
                final LoadClient subscriber = add("bs-" + name + "-" + p + "-" + s, topic, selector);
                statistics.pair(subscriber, publisher, s == 0);
                run.await(subscriber);
                subscriber.subscribe(topic);
                run.await(subscriber);
            }
            run.await(publisher);
        }
    }

    private LoadClient add(final String id, final String topic, final Selector selector) throws IOException {
        final LoadClient client = new LoadClient(plan, id, topic, statistics, selector);
        all.add(client);
        return client;
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
        for (final LoadClient publisher : publishers) {
            long room = Math.min(BURST, plan.window() - publisher.outstanding());
            final boolean some = room > 0;
            while (room-- > 0 && publisher.publish(nowNs)) {
                any = true;
            }
            if (some) {
                publisher.flush();
            }
        }
        return any;
    }

    /** Sends what is due; a message that is late keeps the instant at which it was to be sent. */
    private boolean publishDue(final long nowNs) throws IOException {
        boolean any = false;
        for (long intendedNs = intendedNs(due); intendedNs <= nowNs; intendedNs = intendedNs(due)) {
            final LoadClient publisher = publishers.get((int) (due % publishers.size()));
            if (!publisher.publish(intendedNs)) {
                break;
            }
            publisher.flush();
            due++;
            any = true;
        }
        return any;
    }

    private long intendedNs(final long number) {
        return startNs + number * TimeUnit.SECONDS.toNanos(1) / plan.rate();
    }

    long sent() {
        return publishers.stream().mapToLong(publisher -> publisher.sent).sum();
    }

    /** Deliveries and acknowledgements that are to come yet. */
    long missing() {
        final long deliveries = sent() * plan.subscribers()
                - all.stream().mapToLong(client -> client.received).sum();
        final long acknowledged = plan.qos() == 0
                ? 0
                : sent() - publishers.stream().mapToLong(p -> p.acknowledged).sum();
        return Math.max(deliveries, acknowledged);
    }
}
