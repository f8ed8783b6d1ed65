package io.ringmain.perf.load;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * Publishers of one kind and their subscribers, shared out to threads by pairs. What it says of their messages is the sum
 * of its shares, and only to be asked for while no thread runs them.
 */
final class Flow {
    private final FlowPlan plan;
    private final List<FlowShare> shares;

    Flow(final FlowPlan plan) {
        this.plan = plan;
        final String name = Long.toHexString(System.nanoTime() & 0xFFFFFF);
        final int count = Math.max(1, Math.min(plan.threads(), plan.pairs()));
        shares = IntStream.range(0, count)
                .mapToObj(i -> share(name, firstPair(i, count), firstPair(i + 1, count)))
                .toList();
    }

    private int firstPair(final int share, final int count) {
        return (int) ((long) plan.pairs() * share / count);
    }

    private FlowShare share(final String name, final int firstPair, final int endPair) {
        return new FlowShare(plan, name, firstPair, endPair - firstPair);
    }

    FlowPlan plan() {
        return plan;
    }

    /** One for each thread, as far as there are pairs. */
    List<FlowShare> shares() {
        return shares;
    }

    /** Those of all shares added; a copy. */
    Statistics statistics() {
        final Statistics sum = new Statistics(plan.rate() > 0);
        shares.forEach(share -> sum.add(share.statistics()));
        return sum;
    }

    private long sum(final ToLongFunction<FlowShare> count) {
        return shares.stream().mapToLong(count).sum();
    }

    private double sumOfRates(final ToDoubleFunction<FlowShare> rate) {
        return shares.stream().mapToDouble(rate).sum();
    }

    /** In the time that counts. */
    double sentPerSecond() {
        return sumOfRates(FlowShare::sentPerSecond);
    }

    /** In the time that counts, each message once. */
    double deliveredPerSecond() {
        return sumOfRates(FlowShare::deliveredPerSecond);
    }

    /** Of the busiest share, see {@link FlowShare#behind}. */
    double behind() {
        return shares.stream().mapToDouble(FlowShare::behind).max().orElse(0);
    }

    long sent() {
        return sum(FlowShare::sent);
    }

    /** Messages that subscribers got, doubled ones included. */
    long received() {
        return sum(FlowShare::received);
    }

    /** How many messages a subscriber got with one system call. */
    double receivedPerRead() {
        return (double) received() / Math.max(1, sum(FlowShare::reads));
    }

    long acknowledged() {
        return sum(FlowShare::acknowledged);
    }

    /** Messages that subscribers got, each once. */
    long delivered() {
        return sum(FlowShare::delivered);
    }

    /** Whether messages were to be sent in the time that counted, and never were; latencies lack them. */
    boolean isOverdue() {
        return shares.stream().anyMatch(FlowShare::isOverdue);
    }

    /** Version and cipher suite of TLS, of all connections alike. */
    String agreedTls() {
        return shares.get(0).agreedTls();
    }

    /** Deliveries and acknowledgements that are to come yet. */
    long missing() {
        return plan.missing(sent(), delivered(), acknowledged());
    }

    /** Members of a shared group get what the others don't; only of them all together nothing is said about order. */
    long outOfOrder() {
        return plan.filters() == FlowPlan.Filters.SHARED
                ? 0
                : sum(share -> share.statistics().outOfOrder());
    }
}
