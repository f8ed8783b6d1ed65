package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.CommandRun;
import io.ringmain.ops.ExitCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the tools rebuild of the past is what the broker had then: they tell the same digest. */
@Tag("e2e")
@Timeout(120)
class PastStateTest {
    private static final Pattern RECOVERED = Pattern.compile("to position (\\d+), digest ([0-9a-f]+)");

    /** What a broker said when it started: up to where it recovered, and to which digest. */
    private record Recovered(long position, String digest) {
        static Recovered of(final BrokerProcess broker) {
            final Matcher matcher = RECOVERED.matcher(broker.output());
            assertTrue(matcher.find(), broker.output());
            return new Recovered(Long.parseLong(matcher.group(1)), matcher.group(2));
        }
    }

    @TempDir
    private Path data;

    private BrokerProcess start() throws Exception {
        return BrokerProcess.startOwn(
                data,
                "--durability",
                "append",
                "--set",
                "storage.log.segment=1MB",
                "--set",
                "storage.log.retention.time=1d");
    }

    private void work(final BrokerProcess broker, final int round) throws Exception {
        try (Peer publisher = PeerKind.HIVEMQ_5.connect(PeerOptions.clean(broker.port(), "press-" + round))) {
            for (int i = 0; i < 200; i++) {
                publisher.publish("plant/" + i % 17, "m" + round + "-" + i + " ".repeat(3000), 1 + i % 2, i % 5 == 0);
            }
        }
    }

    @Test
    void shouldTellTheDigestsThatTheBrokerHadAtEachStart() throws Exception {
        final List<Recovered> starts = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            try (BrokerProcess broker = start()) {
                starts.add(Recovered.of(broker));
                work(broker, round);
                assertStates(starts.subList(1, starts.size()));
                if (round % 2 == 0) {
                    broker.kill();
                } else {
                    broker.terminate();
                }
            }
        }
        assertStates(starts.subList(1, starts.size()));
    }

    /** Beside the broker as well as without one. */
    private void assertStates(final List<Recovered> starts) {
        for (final Recovered start : starts) {
            final CommandRun run =
                    CommandRun.of("state", "at", "@" + (start.position() - 1), "sessions", "--data", data.toString());
            assertEquals(ExitCode.OK, run.exitCode(), run.err());
            assertTrue(run.err().endsWith(", digest " + start.digest() + "\n"), start + ": " + run.err());
        }
    }
}
