package io.ringmain.perf.broker;

import java.time.Duration;

/**
 * A broker to measure, whoever started it.
 *
 * @param name for tables.
 * @param pid 0 where the process isn't known.
 */
public record MeasuredBroker(String name, String host, int port, long pid) {
    public static MeasuredBroker of(final String name, final BrokerProcess process) {
        return new MeasuredBroker(name, BrokerProcess.HOST, process.port(), process.pid());
    }

    public static MeasuredBroker of(final MosquittoProcess process) {
        return new MeasuredBroker("mosquitto", BrokerProcess.HOST, process.port(), process.pid());
    }

    /** CPU time of the broker so far, of all its threads, in steps of 10 ms; not a number where it isn't known. */
    public double cpuSeconds() {
        return pid == 0
                ? Double.NaN
                : ProcessHandle.of(pid)
                        .flatMap(process -> process.info().totalCpuDuration())
                        .map(Duration::toNanos)
                        .map(ns -> ns / 1e9)
                        .orElse(Double.NaN);
    }

    /**
     * Reads {@code host:port}.
     *
     * @throws IllegalArgumentException if it is something else.
     */
    public static MeasuredBroker parse(final String text) {
        final int colon = text.lastIndexOf(':');
        try {
            final int port = Integer.parseInt(text.substring(colon + 1));
            if (colon > 0 && port > 0 && port < 1 << 16) {
                return new MeasuredBroker(text, text.substring(0, colon), port, 0);
            }
        } catch (final NumberFormatException ignored) {
            // Said below.
        }
        throw new IllegalArgumentException("'" + text + "', expected host:port");
    }
}
