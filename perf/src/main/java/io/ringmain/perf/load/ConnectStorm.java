package io.ringmain.perf.load;

import java.io.IOException;
import org.HdrHistogram.Histogram;

/** All clients at once: they connect, and when the last one is in, all disconnect. */
final class ConnectStorm {
    /**
     * One storm.
     *
     * @param connackNs from before the TCP connection to CONNACK.
     * @param generatorCpuS of this process, for connecting and disconnecting.
     * @param generatorCores share of a core that it took while connecting.
     */
    record Result(
            int clients,
            double connectsPerSecond,
            Histogram connackNs,
            double disconnectsPerSecond,
            double generatorCpuS,
            double generatorCores) {}

    private ConnectStorm() {}

    /**
     * Runs one storm, on the caller's thread.
     *
     * @param inFlight clients that wait for their CONNACK at a time.
     * @param persistent sessions that outlive their connections: the first storm creates them, each later one resumes them.
     */
    static Result measure(
            final String host, final int port, final int clients, final int inFlight, final boolean persistent)
            throws IOException {
        try (Crowd crowd = new Crowd(host, port, clients, inFlight)) {
            final Crowd.Step in = crowd.connect(!persistent);
            final Crowd.Step out = crowd.disconnect();
            return new Result(
                    clients,
                    in.perSecond(),
                    in.answerNs(),
                    out.perSecond(),
                    in.generatorCpuS() + out.generatorCpuS(),
                    in.generatorCpuS() / in.seconds());
        }
    }
}
