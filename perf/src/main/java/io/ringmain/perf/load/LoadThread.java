package io.ringmain.perf.load;

import io.ringmain.perf.report.Rate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What one thread of the generator runs: shares of flows, side by side, on a selector of their own. It spins when one of
 * them has a rate, to be on time. Only one thread at a time may call it.
 */
final class LoadThread implements AutoCloseable {
    /** Is told by the thread itself when the time that counts begins and ends. */
    interface Observer {
        Observer NONE = new Observer() {};

        default void onBegin() {}

        default void onEnd() {}
    }

    private static final long SETUP_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long DRAIN_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long MIN_OVERDUE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long RATE_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final List<FlowShare> shares;
    private final Selector selector;
    private final boolean spins;
    private final Consumer<SelectionKey> onReady = LoadThread::onReady;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final List<Rate> rates = new ArrayList<>();
    private double cores;
    private long overdueTimeoutNs;

    LoadThread(final List<FlowShare> shares) throws IOException {
        this.shares = shares;
        this.spins = shares.stream().anyMatch(FlowShare::isPaced);
        this.selector = Selector.open();
    }

    Selector selector() {
        return selector;
    }

    /** Connects all clients. */
    void connect() throws IOException {
        for (final FlowShare share : shares) {
            share.connect(this);
        }
    }

    /**
     * Warms up, then measures.
     *
     * @param startNs when messages become due, the same for all threads.
     */
    void measure(final long startNs, final double warmupS, final double durationS, final Observer observer)
            throws IOException {
        shares.forEach(share -> share.start(startNs));
        runUntil(startNs + (long) (warmupS * 1e9));
        observer.onBegin();
        final long cpuBefore = threads.getCurrentThreadCpuTime();
        final long beginNs = System.nanoTime();
        shares.forEach(share -> share.beginCounting(beginNs));
        runAndSample(beginNs, (long) (durationS * 1e9));
        final long endNs = System.nanoTime();
        shares.forEach(share -> share.endCounting(endNs));
        overdueTimeoutNs = Math.max(MIN_OVERDUE_TIMEOUT_NS, endNs - beginNs);
        cores = (double) (threads.getCurrentThreadCpuTime() - cpuBefore) / (endNs - beginNs);
        observer.onEnd();
    }

    /** Has a rate for each interval, also if the thread stood still for several, so that those of threads can be added. */
    private void runAndSample(final long startNs, final long durationNs) throws IOException {
        long lastNs = startNs;
        long sent = sent();
        long delivered = delivered();
        for (long atNs = 0; atNs < durationNs; ) {
            runUntil(startNs + Math.min(durationNs, atNs + RATE_INTERVAL_NS));
            final long nowNs = System.nanoTime();
            final long nowSent = sent();
            final long nowDelivered = delivered();
            final double seconds = (nowNs - lastNs) / 1e9;
            do {
                atNs = Math.min(durationNs, atNs + RATE_INTERVAL_NS);
                rates.add(new Rate(atNs / 1e9, (nowSent - sent) / seconds, (nowDelivered - delivered) / seconds));
            } while (atNs < durationNs && startNs + Math.min(durationNs, atNs + RATE_INTERVAL_NS) <= nowNs);
            lastNs = nowNs;
            sent = nowSent;
            delivered = nowDelivered;
        }
    }

    private long sent() {
        return shares.stream().mapToLong(FlowShare::sent).sum();
    }

    private long delivered() {
        return shares.stream().mapToLong(FlowShare::delivered).sum();
    }

    /** In the time that counted. */
    List<Rate> rates() {
        return rates;
    }

    /** Share of a core that it took in the time that counted, its part of the kernel included. */
    double cores() {
        return cores;
    }

    /**
     * Publishes that many messages, or a few more.
     *
     * @param startNs when messages become due, the same for all threads.
     */
    void publish(final long startNs, final long messages) throws IOException {
        shares.forEach(share -> share.start(startNs));
        while (sent() < messages) {
            publishAndPoll(System.nanoTime());
        }
    }

    /** Waits until the broker has answered. */
    void await(final LoadClient client) throws IOException {
        final long deadlineNs = System.nanoTime() + SETUP_TIMEOUT_NS;
        client.flush();
        while (!client.isReady()) {
            poll(10);
            client.flush();
            if (System.nanoTime() > deadlineNs) {
                throw new IOException("the broker doesn't answer");
            }
        }
    }

    private void poll(final long timeoutMs) throws IOException {
        try {
            if (timeoutMs > 0) {
                selector.select(onReady, timeoutMs);
            } else {
                selector.selectNow(onReady);
            }
        } catch (final UncheckedIOException ex) {
            throw ex.getCause();
        }
    }

    private static void onReady(final SelectionKey key) {
        final LoadClient client = (LoadClient) key.attachment();
        try {
            if (key.isReadable()) {
                client.read();
            }
            client.flush();
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private void runUntil(final long endNs) throws IOException {
        for (long nowNs = System.nanoTime(); nowNs < endNs; nowNs = System.nanoTime()) {
            publishAndPoll(nowNs);
        }
    }

    private void publishAndPoll(final long nowNs) throws IOException {
        boolean sent = false;
        for (int i = 0; i < shares.size(); i++) {
            sent |= shares.get(i).publish(nowNs);
        }
        poll(sent || spins ? 0 : 1);
    }

    /**
     * Sends what a broker that stood still at the end kept from being sent in its time, but for no longer than counted, as
     * a rate that is out of reach leaves ever more; then waits for what is on its way.
     */
    void drain() throws IOException {
        final long overdueNs = System.nanoTime() + overdueTimeoutNs;
        while (shares.stream().anyMatch(FlowShare::isOverdue) && System.nanoTime() < overdueNs) {
            for (final FlowShare share : shares) {
                share.publishOverdue();
            }
            poll(0);
        }
        final long deadlineNs = System.nanoTime() + DRAIN_TIMEOUT_NS;
        while (missing() > 0 && System.nanoTime() < deadlineNs) {
            poll(10);
        }
    }

    private long missing() {
        return shares.stream().mapToLong(FlowShare::missing).sum();
    }

    /** Ends the sessions that would outlast the run. */
    void end() throws IOException {
        for (final FlowShare share : shares) {
            share.end(this);
        }
    }

    @Override
    public void close() throws IOException {
        for (final FlowShare share : shares) {
            for (final LoadClient client : share.clients()) {
                client.close();
            }
        }
        selector.close();
    }
}
