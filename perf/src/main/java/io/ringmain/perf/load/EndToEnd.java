package io.ringmain.perf.load;

import com.sun.management.OperatingSystemMXBean;
import io.ringmain.protocol.ProtocolVersion;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ringmain bench e2e}: publishers and subscribers against a broker that runs already. Without {@code --rate} a
 * closed loop with a window per publisher; with it an open loop, in which latency counts from when a message was to be
 * sent.
 */
@Command(
        name = "e2e",
        description = "Publish through a running broker and measure rate, latency and loss.",
        mixinStandardHelpOptions = true)
final class EndToEnd implements Callable<Integer> {
    /** What a run does. */
    record Plan(
            String host,
            int port,
            ProtocolVersion version,
            int qos,
            int payloadLength,
            int window,
            long rate,
            boolean isOneToOne) {}

    private static final long SETUP_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long DRAIN_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int BURST = 512;

    @Option(names = "--host", description = "Broker, default ${DEFAULT-VALUE}.", defaultValue = "127.0.0.1")
    private String host;

    @Option(names = "--port", description = "Port, default ${DEFAULT-VALUE}.", defaultValue = "1883")
    private int port;

    @Option(
            names = "--qos",
            description = "QoS of publishers and subscribers, default ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private int qos;

    @Option(
            names = "--pairs",
            description = "Publishers, each with a topic of its own, default ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int pairs;

    @Option(
            names = "--subscribers",
            description = "Subscribers for each publisher, default ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int subscribers;

    @Option(
            names = "--payload",
            description = "Bytes of payload, at least 16, default ${DEFAULT-VALUE}.",
            defaultValue = "64")
    private int payload;

    @Option(
            names = "--window",
            description = "Messages on their way for each publisher; default 10000 for QoS 0, else 100.")
    private int window;

    @Option(
            names = "--rate",
            description = "Messages a second over all publishers; 0, the default, as fast as the window allows.")
    private long rate;

    @Option(names = "--duration", description = "Seconds that count, default ${DEFAULT-VALUE}.", defaultValue = "5")
    private int durationS;

    @Option(names = "--warmup", description = "Seconds before that, default ${DEFAULT-VALUE}.", defaultValue = "3")
    private int warmupS;

    @Option(names = "--version", description = "3.1, 3.1.1 or 5, default ${DEFAULT-VALUE}.", defaultValue = "3.1.1")
    private String version;

    private final Statistics statistics = new Statistics();
    private final List<LoadClient> publishers = new ArrayList<>();
    private final List<LoadClient> all = new ArrayList<>();
    private Selector selector;
    private Plan plan;
    private long startNs;
    private long due;

    @Override
    public Integer call() throws Exception {
        final int maxOutstanding = window > 0 ? window : qos == 0 ? 10_000 : 100;
        plan = new Plan(host, port, LoadClient.version(version), qos, payload, maxOutstanding, rate, subscribers == 1);
        selector = Selector.open();
        connect();
        final OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        startNs = System.nanoTime();
        runFor(warmupS);
        final long cpuBefore = process.getProcessCpuTime();
        final long sentBefore = sent();
        statistics.recording(true);
        final long measureStartNs = System.nanoTime();
        runFor(durationS);
        final double seconds = (System.nanoTime() - measureStartNs) / 1e9;
        statistics.recording(false);
        final double cpu = (process.getProcessCpuTime() - cpuBefore) / 1e9 / seconds;
        final long sentInTime = sent() - sentBefore;
        final long lost = drain();
        report(seconds, sentInTime, cpu, lost);
        return lost == 0 && statistics.outOfOrder() == 0 ? 0 : 1;
    }

    private void connect() throws IOException {
        final String run = Long.toHexString(System.nanoTime() & 0xFFFFFF);
        for (int p = 0; p < pairs; p++) {
            final String topic = "bench/" + run + "/" + p;
            final LoadClient publisher = add("bp-" + run + "-" + p, topic);
            publishers.add(publisher);
            for (int s = 0; s < subscribers; s++) {
                final LoadClient subscriber = add("bs-" + run + "-" + p + "-" + s, topic);
                statistics.pair(subscriber, publisher, s == 0);
                await(subscriber);
                subscriber.subscribe(topic);
                await(subscriber);
            }
            await(publisher);
        }
    }

    private LoadClient add(final String id, final String topic) throws IOException {
        final LoadClient client = new LoadClient(plan, id, topic, statistics);
        client.register(selector);
        all.add(client);
        return client;
    }

    private void await(final LoadClient client) throws IOException {
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

    private int poll(final long timeoutMs) throws IOException {
        final int count = timeoutMs > 0 ? selector.select(timeoutMs) : selector.selectNow();
        for (final SelectionKey key : selector.selectedKeys()) {
            final LoadClient client = (LoadClient) key.attachment();
            if (key.isReadable()) {
                client.read();
            }
            client.flush();
        }
        selector.selectedKeys().clear();
        return count;
    }

    private void runFor(final int seconds) throws IOException {
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (long nowNs = System.nanoTime(); nowNs < endNs; nowNs = System.nanoTime()) {
            final boolean sent = rate > 0 ? publishDue(nowNs) : publishWindows(nowNs);
            poll(sent || rate > 0 ? 0 : 1);
        }
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
        return startNs + number * TimeUnit.SECONDS.toNanos(1) / rate;
    }

    private long sent() {
        return publishers.stream().mapToLong(publisher -> publisher.sent).sum();
    }

    /** Waits for what is on its way; returns what never came. */
    private long drain() throws IOException {
        final long deadlineNs = System.nanoTime() + DRAIN_TIMEOUT_NS;
        while (missing() > 0 && System.nanoTime() < deadlineNs) {
            poll(10);
        }
        final long missing = missing();
        for (final LoadClient client : all) {
            client.close();
        }
        return missing;
    }

    private long missing() {
        return sent() * subscribers
                - all.stream().mapToLong(client -> client.received).sum();
    }

    private void report(final double seconds, final long sentInTime, final double cpu, final long lost) {
        final Histogram latency = statistics.latencyNs();
        System.out.printf(
                "%d publishers x %d subscribers, QoS %d, MQTT %s, %d B payload, %s%n",
                pairs,
                subscribers,
                qos,
                version,
                Math.max(16, payload),
                rate > 0 ? rate + " msg/s asked for" : "window " + plan.window());
        System.out.printf(
                "sent %,.0f msg/s  delivered %,.0f msg/s  over %.1f s%n",
                sentInTime / seconds, statistics.recorded() / seconds, seconds);
        System.out.printf(
                "latency us  p50 %,.0f  p90 %,.0f  p99 %,.0f  p99.9 %,.0f  max %,.0f%n",
                latency.getValueAtPercentile(50) / 1e3,
                latency.getValueAtPercentile(90) / 1e3,
                latency.getValueAtPercentile(99) / 1e3,
                latency.getValueAtPercentile(99.9) / 1e3,
                latency.getMaxValue() / 1e3);
        System.out.printf(
                "lost %d  missing in between %d  duplicated %d  out of order %d  generator %.0f %% of a core%n",
                lost, statistics.missing(), statistics.duplicated(), statistics.outOfOrder(), cpu * 100);
        if (rate > 0 && sentInTime < rate * seconds * 0.99) {
            System.out.println("warning: the rate was not reached");
        }
        if (rate == 0 && cpu > 0.95) {
            System.out.println("warning: the generator was at the limit of its core; the broker may do more");
        }
    }
}
