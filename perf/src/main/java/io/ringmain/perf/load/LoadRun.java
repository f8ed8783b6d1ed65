package io.ringmain.perf.load;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Flows that run side by side on one thread, so that the generator takes one core at most. It spins when one of them has
 * a rate, to be on time.
 */
final class LoadRun implements AutoCloseable {
    private static final long SETUP_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long DRAIN_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);

    /**
     * What was seen in the time that counts.
     *
     * @param sent messages by flow.
     * @param generatorCores share of a core that the generator took.
     */
    record Measure(double seconds, long[] sent, double generatorCores) {
        double sentPerSecond(final int flow) {
            return sent[flow] / seconds;
        }
    }

    private final List<Flow> flows;
    private final Selector selector;
    private final boolean spins;

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
        final OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        final long startNs = System.nanoTime();
        flows.forEach(flow -> flow.start(startNs));
        runFor(warmupS);
        final long cpuBefore = process.getProcessCpuTime();
        final long[] sentBefore = sent();
        flows.forEach(flow -> flow.statistics().recording(true));
        final long measureStartNs = System.nanoTime();
        runFor(durationS);
        final double seconds = (System.nanoTime() - measureStartNs) / 1e9;
        flows.forEach(flow -> flow.statistics().recording(false));
        final double cores = (process.getProcessCpuTime() - cpuBefore) / 1e9 / seconds;
        final long[] sent = sent();
        for (int i = 0; i < sent.length; i++) {
            sent[i] -= sentBefore[i];
        }
        return new Measure(seconds, sent, cores);
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
        if (timeoutMs > 0) {
            selector.select(timeoutMs);
        } else {
            selector.selectNow();
        }
        for (final SelectionKey key : selector.selectedKeys()) {
            final LoadClient client = (LoadClient) key.attachment();
            if (key.isReadable()) {
                client.read();
            }
            client.flush();
        }
        selector.selectedKeys().clear();
    }

    private void runFor(final double seconds) throws IOException {
        final long endNs = System.nanoTime() + (long) (seconds * 1e9);
        for (long nowNs = System.nanoTime(); nowNs < endNs; nowNs = System.nanoTime()) {
            boolean sent = false;
            for (final Flow flow : flows) {
                sent |= flow.publish(nowNs);
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
