package io.ringmain.perf.load;

import picocli.CommandLine.Option;

/** For how long a broker is kept busy after its start. */
final class WarmupOptions {
    @Option(
            names = "--broker-warmup",
            paramLabel = "SECONDS",
            description = "How long a broker is kept busy after its start, before the first run; default"
                    + " ${DEFAULT-VALUE}.",
            defaultValue = "3")
    private double brokerWarmupS;

    Pace pace(final double warmupS, final double durationS, final boolean isQuick) {
        return new Pace(brokerWarmupS, warmupS, durationS, isQuick);
    }
}
