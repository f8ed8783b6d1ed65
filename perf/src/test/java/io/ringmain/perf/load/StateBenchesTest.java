package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.perf.broker.MosquittoProcess;
import java.io.IOException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** The benchmarks of many connections and of state once each, with numbers so small that they measure nothing. */
@Timeout(300)
class StateBenchesTest extends BenchCommands {
    @Test
    @Tag("e2e")
    void shouldConnectAndDisconnectAll() throws IOException {
        final String json = bench("conn", "--broker-warmup=0", "--clients", "10", "--in-flight", "4", "--storms", "2");
        assertTrue(json.contains("\"figure\":\"connects/s\""), json);
        assertTrue(json.contains("\"figure\":\"disconnects/s\""), json);
        assertTrue(json.contains("\"sessions\":\"clean\""), json);
    }

    /** Connections that are begun without waiting for those before them. */
    @Test
    @Tag("e2e")
    void shouldConnectAllAtOnce() throws IOException {
        final String json = bench("conn", "--broker-warmup=0", "--clients=400", "--in-flight=400", "--storms=1");
        assertTrue(json.contains("\"figure\":\"connects/s\""), json);
    }

    @Test
    @Tag("e2e")
    void shouldMeasureWhatDoesNothingButAnswer() throws IOException {
        final String json = bench("conn", "--broker-warmup=0", "--clients=10", "--storms=1", "--endpoint");
        assertTrue(json.contains("\"ringmain / endpoint\":"), json);
    }

    @Test
    @Tag("e2e")
    void shouldResumePersistentSessions() throws IOException {
        final String json = bench("conn", "--broker-warmup=0", "--clients", "10", "--storms", "2", "--persistent");
        assertTrue(json.contains("\"sessions\":\"persistent\""), json);
        assertTrue(json.contains("\"figure\":\"CONNACK p99 us\""), json);
    }

    @Test
    @Tag("e2e")
    void shouldSayThatTheBrokerDoesNotTakeThemAll() {
        assumeBuilt();
        assertEquals(
                CommandLine.ExitCode.SOFTWARE,
                run("idle", "--clients=10", "--set=limits.max_connections=5", "--dir=" + dir));
        assertTrue(err().startsWith("ringmain bench: "), err());
    }

    @Test
    @Tag("e2e")
    void shouldWeighIdleConnections() throws IOException {
        final String json = bench("idle", "--clients", "10");
        for (final String what : new String[] {"connected", "with a subscription", "and a message each way"}) {
            assertTrue(json.contains("\"figure\":\"" + Outcome.resident(what) + "\""), json);
        }
    }

    @Test
    @Tag("e2e")
    void shouldPublishBesideTheSubscriptionsOfOthers() throws IOException {
        final String json = bench(
                "subs",
                "--broker-warmup=0",
                "--counts",
                "1,300",
                "--connections",
                "2",
                "--duration",
                "0.1",
                "--warmup",
                "0");
        assertTrue(json.contains("\"figure\":\"messages/s beside 1\""), json);
        assertTrue(json.contains("\"figure\":\"messages/s beside 300\""), json);
    }

    @Test
    void shouldHaveAsManyWildcardsAsItSays() {
        long wildcards = 0;
        for (long number = 0; number < 1010; number++) {
            wildcards += SubscriptionScale.filter(number).matches(".*[+#].*") ? 1 : 0;
        }
        assertEquals(10, wildcards);
    }

    @Test
    @Tag("e2e")
    void shouldTakeAllRetained() throws IOException {
        final String json = bench("retained", "--broker-warmup=0", "--topics", "100", "--subscribes", "2");
        assertTrue(json.contains("\"figure\":\"to one #, QoS 0, s\""), json);
        assertTrue(json.contains("\"figure\":\"to one #, QoS 1, s\""), json);
    }

    @Test
    @Tag("e2e")
    void shouldStartAgain() throws IOException {
        final String json = bench("startup", "--warm", "--retained=100", "--sessions=10", "--queued=20", "--starts=1");
        assertTrue(json.contains("\"figure\":\"CONNACK after s, page cache warm\""), json);
    }

    @Test
    @Tag("e2e")
    void shouldReplayAll() throws IOException {
        final String json = bench("travel", "--broker-warmup=0", "--messages", "500", "--rounds", "1");
        assertTrue(json.contains("\"figure\":\"replayed messages/s, QoS 0\""), json);
        assertTrue(json.contains("\"figure\":\"replayed messages/s, QoS 1\""), json);
    }

    @Test
    @Tag("e2e")
    void shouldCountTheBytesOfHttpAndMqtt() throws IOException {
        final String json = bench("http", "--broker-warmup=0", "--per-connection=1,10", "--messages=20");
        assertEquals(7, json.split("\"messages a connection\":").length, json);
        // PUBLISH of 24 bytes of topic and 64 of payload; a tenth of CONNECT and DISCONNECT of a ten-message
        // connection.
        final double connect = (14 + "bench-press-0".length() + 2) / 10.0;
        assertTrue(json.contains("\"by\":\"MQTT QoS 0\",\"sent B\":" + (2 + 2 + 24 + 64 + connect)), json);
        assertTrue(json.contains("\"by\":\"MQTT QoS 1\",\"sent B\":" + (2 + 2 + 24 + 2 + 64 + connect)), json);
        assertTrue(json.contains("\"received B\":4.4,"), json);
    }

    @Test
    @Tag("e2e")
    void shouldCompareWithMosquittoInTurns() throws IOException {
        Assumptions.assumeTrue(MosquittoProcess.isInstalled(), "mosquitto is not installed (package mosquitto)");
        final String conn =
                bench("conn", "--broker-warmup=0", "--clients=10", "--storms=1", "--with=mosquitto", "--rounds=2");
        assertTrue(conn.contains("\"ringmain / mosquitto\":"), conn);
        assertEquals(10, conn.split("\"mosquitto\":\\{\"median\":").length, conn);
        final String subs =
                bench("subs", "--broker-warmup=0", "--counts=100", "--duration=0.1", "--warmup=0", "--with=mosquitto");
        assertTrue(subs.contains("\"ringmain / mosquitto\":"), subs);
        final String retained =
                bench("retained", "--broker-warmup=0", "--topics=100", "--subscribes=1", "--with=mosquitto");
        assertTrue(retained.contains("\"ringmain / mosquitto\":"), retained);
    }

    @Test
    @Tag("e2e")
    void shouldCompareWithAnyBroker() throws IOException {
        Assumptions.assumeTrue(MosquittoProcess.isInstalled(), "mosquitto is not installed (package mosquitto)");
        try (MosquittoProcess other = MosquittoProcess.start(null)) {
            final String address = "127.0.0.1:" + other.port();
            final String json = bench("idle", "--clients", "10", "--with", address);
            // Its clients were served, and of its memory nothing is known but what the kernel has for both of them.
            assertTrue(json.contains("\"" + address + "\":null"), json);
            final String ofOther = "\"" + address + "\":{";
            assertTrue(json.substring(json.indexOf("\"kernel B a socket\"")).contains(ofOther), json);
            assertEquals(json.indexOf(ofOther), json.lastIndexOf(ofOther), json);
        }
    }

    @Test
    void shouldRefuseWhatItDoesNotUnderstand() {
        refuses("conn", "--clients", "many");
        refuses("retained", "--with", "nowhere");
        refuses("subs", "--counts", "1,x");
        assertTrue(err().contains("'nowhere' is neither"), err());
    }
}
