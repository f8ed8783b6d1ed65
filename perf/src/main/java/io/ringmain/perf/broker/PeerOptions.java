package io.ringmain.perf.broker;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Options that name brokers to compare ours with, in the same run. */
public final class PeerOptions {
    @Option(
            names = "--with",
            paramLabel = "BROKER",
            converter = Peer.Converter.class,
            description = "Measure this one as well: mosquitto, which is started for it, or HOST:PORT of a broker that"
                    + " runs, whose memory is not known. May be given again.")
    private List<Peer> with = new ArrayList<>();

    @Option(
            names = "--rounds",
            description = "How often all brokers take their turn; the table has the median, default ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int rounds;

    public int rounds() {
        return rounds;
    }

    /** In the order in which they were given. */
    public List<Peer> peers() {
        return with;
    }
}
