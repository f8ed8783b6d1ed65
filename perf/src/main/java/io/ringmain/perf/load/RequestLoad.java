package io.ringmain.perf.load;

import com.sun.management.OperatingSystemMXBean;
import io.ringmain.perf.broker.LoopbackTraffic;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.HdrHistogram.Histogram;

/** Connections one after the other, each with a number of messages of which one is on its way: what each message costs. */
final class RequestLoad {
    /** Opens a connection by its number. */
    @FunctionalInterface
    interface Connector {
        RequestConnection connect(int number) throws IOException;
    }

    /**
     * What one message took, connecting and disconnecting included in all but {@code answerNs}.
     *
     * @param sentBytes by the client, as TCP payload.
     * @param loopbackBytes both ways, with the headers of TCP and IP; of everything on the interface meanwhile.
     * @param answerNs from sending a message to its answer.
     */
    record Result(
            double sentBytes,
            double receivedBytes,
            double loopbackBytes,
            double clientCpuUs,
            double serverCpuUs,
            double totalUs,
            Histogram answerNs) {}

    private static final long HIGHEST_NS = TimeUnit.SECONDS.toNanos(60);

    private RequestLoad() {}

    /** @param serverCpuSeconds CPU time of the other process so far. */
    static Result measure(
            final Connector connector,
            final int connections,
            final int messagesEach,
            final DoubleSupplier serverCpuSeconds)
            throws IOException {
        final OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        final Histogram answerNs = new Histogram(HIGHEST_NS, 3);
        long sentBytes = 0;
        long receivedBytes = 0;
        final long loopbackBefore = LoopbackTraffic.bytes();
        final double serverBefore = serverCpuSeconds.getAsDouble();
        final long clientBefore = process.getProcessCpuTime();
        final long startNs = System.nanoTime();
        for (int number = 0; number < connections; number++) {
            try (RequestConnection connection = connector.connect(number)) {
                for (int i = 0; i < messagesEach; i++) {
                    final long sentNs = System.nanoTime();
                    connection.publish();
                    answerNs.recordValue(Math.min(HIGHEST_NS, System.nanoTime() - sentNs));
                }
                connection.finish();
                sentBytes += connection.sentBytes();
                receivedBytes += connection.receivedBytes();
            }
        }
        final long totalNs = System.nanoTime() - startNs;
        final long clientNs = process.getProcessCpuTime() - clientBefore;
        final double serverS = serverCpuSeconds.getAsDouble() - serverBefore;
        final long loopbackAfter = LoopbackTraffic.bytes();
        final double messages = (double) connections * messagesEach;
        return new Result(
                sentBytes / messages,
                receivedBytes / messages,
                loopbackBefore < 0 ? Double.NaN : (loopbackAfter - loopbackBefore) / messages,
                clientNs / 1e3 / messages,
                serverS * 1e6 / messages,
                totalNs / 1e3 / messages,
                answerNs);
    }
}
