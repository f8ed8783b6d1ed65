package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** Every benchmark once, with numbers so small that they measure nothing, against a broker that it starts itself. */
@Timeout(300)
class BenchCommandsTest extends BenchCommands {
    @Test
    @Tag("e2e")
    void shouldMeasureEachDurabilityUnderEachLoad() throws IOException {
        final String json =
                bench("durability", "--duration", "0.1", "--warmup", "0", "--rate", "500", "--qos0-rate", "500");
        assertTrue(json.contains("\"lost\":0"), json);
        assertEquals(19, json.split("\"durability\":").length, json);
        assertTrue(json.contains("\"PUBACK p99.9 us\":"), json);
        assertTrue(json.contains("\"QoS 0 p50 us\":"), json);
    }

    /** One that no machine makes; whether the broker keeps up with what is made of it doesn't matter. */
    @Test
    @Tag("e2e")
    void shouldSayThatARateWasNotReachedAndWhoWasTheBottleneck() throws IOException {
        assumeBuilt();
        final Path json = dir.resolve("out.json");
        run(
                "durability",
                "--durability=none",
                "--load=RATE",
                "--duration=0.1",
                "--warmup=0",
                "--rate=1000000000",
                "--dir=" + dir,
                "--json=" + json);
        final String text = Files.readString(json);
        assertTrue(text.contains("PUBACK: the rate was not reached"), text);
        for (final String column : new String[] {"duplicated", "out of order", "broker cores", "bottleneck"}) {
            assertTrue(text.contains("\"" + column + "\":"), column + " in " + text);
        }
        assertFalse(text.contains("\"bottleneck\":\"rate\""), text);
    }

    @Test
    @Tag("e2e")
    void shouldCompareThreadsOfTheForceInTurns() throws IOException {
        final String json = bench(
                "durability",
                "--durability=sync",
                "--force-thread=journal,own",
                "--load=RATE",
                "--rounds=2",
                "--duration=0.1",
                "--warmup=0",
                "--rate=500");
        assertTrue(json.contains("\"force\":\"journal\""), json);
        assertTrue(json.contains("\"force\":\"own\""), json);
    }

    @Test
    @Tag("e2e")
    void shouldRecoverBothWays() throws IOException {
        final String json = bench(
                "recovery",
                "--warm",
                "--retained",
                "200",
                "--sessions",
                "50",
                "--queued",
                "100",
                "--set",
                "ring.size=4096");
        assertTrue(json.contains("\"ended by\":\"kill -9\""), json);
        assertTrue(json.contains("\"recovered\":\"0 events behind the snapshot"), json);
        assertTrue(json.contains(" storage.durability=append ring.size=4096\""), json);
    }

    @Test
    @Tag("e2e")
    void shouldQueueAndDrain() throws IOException {
        final String json = bench(
                "backlog", "--warm", "--messages", "500", "--payload", "64", "--duration", "0.1", "--warmup", "0");
        assertTrue(json.contains("\"figure\":\"drained / live\""), json);
        assertTrue(json.contains("\"figure\":\"heap for the backlog, MiB\""), json);
    }

    @Test
    @Tag("e2e")
    void shouldWriteCheckReadAndReplayALog() throws IOException {
        final String json = bench("log", "--seconds", "0.02", "--blocks", "3", "--records", "64", "--events", "300");
        for (final String what : new String[] {"append 3 x 64 B, force", "verify", "scan", "replay into a core"}) {
            assertTrue(json.contains("\"what\":\"" + what + "\""), json);
        }
    }

    @Test
    void shouldRefuseWhatItDoesNotUnderstand() {
        for (final String[] args : new String[][] {
            {"durability", "--load", "EVERYTHING"},
            {"durability", "--rounds", "many"},
            {"recovery", "--retained"},
            {"backlog", "--sessions", "5"},
            {"log", "--blocks", "1,x"}
        }) {
            refuses(args);
        }
        assertTrue(err().contains("EVERYTHING"), err());
    }

    @Test
    void shouldSayWhatABrokerSaidThatDidNotStart() {
        assumeBuilt();
        assertEquals(
                CommandLine.ExitCode.SOFTWARE,
                run("backlog", "--dir", dir.toString(), "--set", "ring.threading=sideways"));
        assertTrue(err().contains("'sideways'"), err());
    }
}
