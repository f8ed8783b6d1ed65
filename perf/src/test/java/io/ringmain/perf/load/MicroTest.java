package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code bench micro}, too short to measure anything. */
class MicroTest {
    private static String micro(final String... args) throws Exception {
        final PrintStream realOut = System.out;
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            final String[] all =
                    Stream.concat(Stream.of("micro"), Stream.of(args)).toArray(String[]::new);
            assertEquals(0, LoadTool.commandLine().execute(all));
        } finally {
            System.setOut(realOut);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldFindTheBenchmarksOfEveryStep() throws Exception {
        final String list = micro("-l");
        for (final String step : new String[] {
            "PublishPacket", "AckPacket", "BytesToRing", "RingHop", "JournalAppend", "RingToLane", "CoreEvent",
            "TopicMatch", "SessionQueue", "RetainedTopic", "Digest", "LaneToBytes", "LogRead", "MessagePath",
            "FanOut", "TopicWalk", "WebSocketFrame", "TlsStream", "TlsRecord", "AclCheck"
        }) {
            assertTrue(list.contains(step + "."), step + " in " + list);
        }
    }

    @Test
    void shouldEndWithATableOfTimesAndAllocations() throws Exception {
        final String out =
                micro("AckPacket.decode", "-p", "version=V5", "-f", "0", "-wi", "0", "-i", "1", "-r", "10ms");
        final String table = out.substring(out.indexOf("micro-benchmarks"));
        assertTrue(table.contains("gc.alloc.rate.norm_B/op"), table);
        assertTrue(table.matches("(?s).*AckPacket.decode +version=V5 +[0-9].*"), table);
    }
}
