package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerMemory;
import io.ringmain.perf.broker.BrokerProcess;
import io.ringmain.perf.broker.Loopback;
import io.ringmain.perf.broker.MeasuredBroker;
import io.ringmain.perf.broker.PageCache;
import java.io.IOException;
import java.util.List;

/**
 * One start of a broker on data that is there.
 *
 * @param isCold whether the page cache was dropped before.
 * @param connackS seconds from the start of the process to the first CONNACK.
 * @param cpuS CPU seconds of the process until then.
 * @param recovered what the broker says that it replayed, {@code ?} if it says nothing.
 * @param stopS seconds of the clean stop that ended it.
 * @param lines what it wrote.
 */
record Restart(
        boolean isCold,
        double connackS,
        double cpuS,
        String recovered,
        BrokerMemory memory,
        double stopS,
        List<BrokerProcess.Line> lines) {
    private static final long TIMEOUT_S = 600;

    /**
     * Starts the broker, waits for the first CONNACK, and stops it cleanly.
     *
     * @param drops whether to drop the page cache before, where that is allowed.
     */
    static Restart measure(final MeasuredBroker.Launcher launcher, final boolean drops) throws IOException {
        final boolean cold = drops && PageCache.drop();
        final int port = Loopback.freePort();
        try (BrokerProcess process = launcher.launch(port)) {
            final double seconds = FirstConnack.await(process, port, TIMEOUT_S);
            final double cpuSeconds = process.cpuSeconds();
            final BrokerMemory memory = BrokerMemory.measure(process.pid());
            final long stopNs = System.nanoTime();
            process.terminate();
            final double stopSeconds = (System.nanoTime() - stopNs) / 1e9;
            final List<BrokerProcess.Line> lines = process.lines();
            return new Restart(cold, seconds, cpuSeconds, recovered(lines), memory, stopSeconds, lines);
        }
    }

    String pageCache() {
        return isCold ? "cold" : "warm";
    }

    private static String recovered(final List<BrokerProcess.Line> lines) {
        String recovered = "?";
        for (final BrokerProcess.Line line : lines) {
            final int at = line.text().indexOf("recovered ");
            if (at >= 0) {
                recovered =
                        line.text().substring(at).replaceFirst("recovered ", "").replaceFirst(", digest.*", "");
            }
        }
        return recovered;
    }
}
