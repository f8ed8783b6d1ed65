package io.ringmain.perf.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes that went over the loopback interface, of everybody on this machine, headers of TCP and IP included. */
public final class LoopbackTraffic {
    private static final Path COUNTERS = Path.of("/proc/net/dev");
    private static final String NAME = "lo:";

    private LoopbackTraffic() {}

    /** Since the system started; -1 where it doesn't tell. */
    public static long bytes() throws IOException {
        return Files.isReadable(COUNTERS) ? bytes(Files.readString(COUNTERS)) : -1;
    }

    /** The first column of the interface, of what {@code /proc/net/dev} says. */
    static long bytes(final String counters) {
        return counters.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(NAME))
                .mapToLong(line ->
                        Long.parseLong(line.substring(NAME.length()).strip().split("\\s+")[0]))
                .findFirst()
                .orElse(-1);
    }
}
