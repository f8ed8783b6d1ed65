package io.ringmain.perf.load;

import com.sun.management.OperatingSystemMXBean;
import io.ringmain.perf.broker.MeasuredBroker;
import io.ringmain.perf.report.Rate;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Flows that run side by side, on as many threads as the one of them with the most shares needs, so that the generator
 * takes a core for each of them at most. The first is the caller's. Threads share nothing while they run, and what they
 * have seen is added up when they are done. Not for more than one caller.
 */
final class LoadRun implements AutoCloseable {
    /**
     * What was seen in the time that counts.
     *
     * @param sentPerSecond messages by flow.
     * @param deliveredPerSecond messages by flow, each once.
     * @param cores what both sides took of the processor.
     * @param rates over that time, of all flows.
     */
    record Measure(double[] sentPerSecond, double[] deliveredPerSecond, Cores cores, List<Rate> rates) {
        double sentPerSecond(final int flow) {
            return sentPerSecond[flow];
        }

        double deliveredPerSecond(final int flow) {
            return deliveredPerSecond[flow];
        }
    }

    /**
     * Shares of a core.
     *
     * @param threads of the generator that had flows.
     * @param busiestThread of them.
     * @param generator its whole process.
     * @param broker which may have more than one thread; not a number if it isn't known.
     */
    record Cores(int threads, double busiestThread, double generator, double broker) {
        /** With another share for the busiest thread: one that spins takes all of a core, whatever it has to do. */
        Cores busiestThread(final double share) {
            return new Cores(threads, share, generator, broker);
        }
    }

    /** Something that every thread does. */
    @FunctionalInterface
    private interface Task {
        void run(LoadThread thread) throws IOException;
    }

    /** The time that both processes took of the processor while it counted. */
    private static final class ProcessorTime implements LoadThread.Observer {
        private final OperatingSystemMXBean process =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

        /** Null for none. */
        private final MeasuredBroker broker;

        private long beginNs;
        private double generatorS;
        private double brokerS;
        private double seconds;

        ProcessorTime(final MeasuredBroker broker) {
            this.broker = broker;
        }

        @Override
        public void onBegin() {
            generatorS = generatorSeconds();
            brokerS = brokerSeconds();
            beginNs = System.nanoTime();
        }

        @Override
        public void onEnd() {
            seconds = (System.nanoTime() - beginNs) / 1e9;
            brokerS = brokerSeconds() - brokerS;
            generatorS = generatorSeconds() - generatorS;
        }

        private double generatorSeconds() {
            return process.getProcessCpuTime() / 1e9;
        }

        private double brokerSeconds() {
            return broker == null ? Double.NaN : broker.cpuSeconds();
        }

        Cores cores(final List<LoadThread> threads) {
            final double busiest =
                    threads.stream().mapToDouble(LoadThread::cores).max().orElse(0);
            return new Cores(threads.size(), busiest, generatorS / seconds, brokerS / seconds);
        }
    }

    private final List<Flow> flows;
    private final List<LoadThread> threads = new ArrayList<>();

    /** Connects all clients of all flows. */
    LoadRun(final List<Flow> flows) throws IOException {
        this.flows = flows;
        final int count =
                flows.stream().mapToInt(flow -> flow.shares().size()).max().orElse(0);
        try {
            for (int i = 0; i < count; i++) {
                threads.add(new LoadThread(shares(i)));
            }
            onEachThread(LoadThread::connect);
        } catch (final IOException ex) {
            close();
            throw ex;
        }
    }

    /** Of each flow one, if it has as many. */
    private List<FlowShare> shares(final int thread) {
        return flows.stream()
                .map(Flow::shares)
                .filter(shares -> thread < shares.size())
                .map(shares -> shares.get(thread))
                .toList();
    }

    /**
     * Does something on all threads at the same time and waits for all of them. When one fails the others still do theirs,
     * which takes no longer than it would have anyway; the first failure is thrown.
     */
    private void onEachThread(final Task task) throws IOException {
        final List<FutureTask<Void>> tasks = new ArrayList<>();
        for (final LoadThread thread : threads) {
            tasks.add(new FutureTask<>(() -> {
                task.run(thread);
                return null;
            }));
        }
        for (int i = 1; i < tasks.size(); i++) {
            final Thread runner = new Thread(tasks.get(i), "generator-" + i);
            runner.setDaemon(true);
            runner.start();
        }
        tasks.get(0).run();
        Throwable failure = null;
        for (final FutureTask<Void> each : tasks) {
            try {
                each.get();
            } catch (final ExecutionException ex) {
                failure = failure == null ? ex.getCause() : failure;
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", ex);
            }
        }
        if (failure instanceof IOException cause) {
            throw cause;
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }

    /** Warms up, then measures. */
    Measure measure(final double warmupS, final double durationS) throws IOException {
        return measure(warmupS, durationS, null);
    }

    /** @param broker whose share of the processor is to be measured, null for none. */
    Measure measure(final double warmupS, final double durationS, final MeasuredBroker broker) throws IOException {
        final ProcessorTime time = new ProcessorTime(broker);
        final LoadThread first = threads.get(0);
        final long startNs = System.nanoTime();
        onEachThread(thread ->
                thread.measure(startNs, warmupS, durationS, thread == first ? time : LoadThread.Observer.NONE));
        return new Measure(
                flows.stream().mapToDouble(Flow::sentPerSecond).toArray(),
                flows.stream().mapToDouble(Flow::deliveredPerSecond).toArray(),
                time.cores(threads),
                Rate.sum(threads.stream().map(LoadThread::rates).toList()));
    }

    /** Publishes a number of messages, and waits for all that comes of them. */
    void publish(final long messages) throws IOException {
        final long startNs = System.nanoTime();
        final long ofEach = (messages + threads.size() - 1) / threads.size();
        onEachThread(thread -> thread.publish(startNs, ofEach));
        if (drain() > 0) {
            throw new IOException("messages were lost");
        }
    }

    /**
     * Waits for what is on its way, whose latency still counts; returns what never came. Latencies are complete behind
     * this only: what a broker holds up until the end would be missing.
     */
    long drain() throws IOException {
        onEachThread(LoadThread::drain);
        return flows.stream().mapToLong(Flow::missing).sum();
    }

    /** Ends the sessions that would outlast this run. */
    void end() throws IOException {
        onEachThread(LoadThread::end);
    }

    @Override
    public void close() throws IOException {
        for (final LoadThread thread : threads) {
            thread.close();
        }
    }
}
