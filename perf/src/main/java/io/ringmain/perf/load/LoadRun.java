package io.ringmain.perf.load;

import com.sun.management.OperatingSystemMXBean;
import io.ringmain.perf.broker.MeasuredBroker;
import io.ringmain.perf.report.Rate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Flows that run side by side on one thread, so that the generator takes one core at most. It spins when one of them has
 * a rate, to be on time.
 */
final class LoadRun implements AutoCloseable {
    private static final long SETUP_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long DRAIN_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);

    private static final long RATE_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /**
     * What was seen in the time that counts.
     *
     * @param sent messages by flow.
     * @param received messages by flow.
     * @param generatorCores share of a core that the generator took.
     * @param brokerCores the same of the broker, which may have more than one thread; not a number if it isn't known.
     * @param rates over that time, of all flows.
     */
    record Measure(
            double seconds, long[] sent, long[] received, double generatorCores, double brokerCores, List<Rate> rates) {
        double sentPerSecond(final int flow) {
            return sent[flow] / seconds;
        }

        double receivedPerSecond(final int flow) {
            return received[flow] / seconds;
        }
    }

    private final List<Flow> flows;
    private final Selector selector;
    private final boolean spins;
    private final Consumer<SelectionKey> onReady = LoadRun::onReady;

    /** Connects all clients of all flows. */
    LoadRun(final List<Flow> flows) throws IOException {
        this.flows = flows;
        this.spins = flows.stream().anyMatch(flow -> flow.plan().rate() > 0);
        this.selector = Selector.open();
        try {
            for (final Flow flow : flows) {
                flow.connect(this, selector);
            }
        } catch (final IOException ex) {
            close();
            throw ex;
        }
    }

    /** Warms up, then measures. */
    Measure measure(final double warmupS, final double durationS) throws IOException {
        return measure(warmupS, durationS, null);
    }

    /** @param broker whose share of the processor is to be measured, null for none. */
    Measure measure(final double warmupS, final double durationS, final MeasuredBroker broker) throws IOException {
        final OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        final long startNs = System.nanoTime();
        flows.forEach(flow -> flow.start(startNs));
        runFor(warmupS);
        final long cpuBefore = process.getProcessCpuTime();
        final double brokerBefore = broker == null ? Double.NaN : broker.cpuSeconds();
        final long[] sentBefore = sent();
        final long[] receivedBefore = received();
        flows.forEach(flow -> flow.statistics().recording(true));
        final long measureStartNs = System.nanoTime();
        final List<Rate> rates = runAndSample(durationS);
        final double seconds = (System.nanoTime() - measureStartNs) / 1e9;
        flows.forEach(flow -> flow.statistics().recording(false));
        final double brokerCores = broker == null ? Double.NaN : (broker.cpuSeconds() - brokerBefore) / seconds;
        final double cores = (process.getProcessCpuTime() - cpuBefore) / 1e9 / seconds;
        return new Measure(
                seconds,
                difference(sent(), sentBefore),
                difference(received(), receivedBefore),
                cores,
                brokerCores,
                rates);
    }

    private List<Rate> runAndSample(final double durationS) throws IOException {
        final List<Rate> rates = new ArrayList<>();
        final long startNs = System.nanoTime();
        final long endNs = startNs + (long) (durationS * 1e9);
        long lastNs = startNs;
        long sent = LongStream.of(sent()).sum();
        long received = LongStream.of(received()).sum();
        while (lastNs < endNs) {
            runUntil(Math.min(endNs, lastNs + RATE_INTERVAL_NS));
            final long nowNs = System.nanoTime();
            final long nowSent = LongStream.of(sent()).sum();
            final long nowReceived = LongStream.of(received()).sum();
            final double seconds = (nowNs - lastNs) / 1e9;
            rates.add(
                    new Rate((nowNs - startNs) / 1e9, (nowSent - sent) / seconds, (nowReceived - received) / seconds));
            lastNs = nowNs;
            sent = nowSent;
            received = nowReceived;
        }
        return rates;
    }

    private static long[] difference(final long[] after, final long[] before) {
        return IntStream.range(0, after.length)
                .mapToLong(i -> after[i] - before[i])
                .toArray();
    }

    /** Publishes a number of messages, and waits for all that comes of them. */
    void publish(final long messages) throws IOException {
        final long startNs = System.nanoTime();
        flows.forEach(flow -> flow.start(startNs));
        while (flows.stream().mapToLong(Flow::sent).sum() < messages) {
            boolean sent = false;
            for (final Flow flow : flows) {
                sent |= flow.publish(System.nanoTime());
            }
            poll(sent || spins ? 0 : 1);
        }
        if (drain() > 0) {
            throw new IOException("messages were lost");
        }
    }

    private long[] sent() {
        return flows.stream().mapToLong(Flow::sent).toArray();
    }

    private long[] received() {
        return flows.stream().mapToLong(Flow::received).toArray();
    }

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

    private void runFor(final double seconds) throws IOException {
        runUntil(System.nanoTime() + (long) (seconds * 1e9));
    }

    private void runUntil(final long endNs) throws IOException {
        for (long nowNs = System.nanoTime(); nowNs < endNs; nowNs = System.nanoTime()) {
            boolean sent = false;
            for (int i = 0; i < flows.size(); i++) {
                sent |= flows.get(i).publish(nowNs);
            }
            poll(sent || spins ? 0 : 1);
        }
    }

    /** Waits for what is on its way; returns what never came. */
    long drain() throws IOException {
        final long deadlineNs = System.nanoTime() + DRAIN_TIMEOUT_NS;
        while (missing() > 0 && System.nanoTime() < deadlineNs) {
            poll(10);
        }
        return missing();
    }

    /** Ends the sessions that would outlast this run. */
    void end() throws IOException {
        for (final Flow flow : flows) {
            flow.end(this);
        }
    }

    private long missing() {
        return flows.stream().mapToLong(Flow::missing).sum();
    }

    @Override
    public void close() throws IOException {
        for (final Flow flow : flows) {
            for (final LoadClient client : flow.clients()) {
                client.close();
            }
        }
        selector.close();
    }
}
