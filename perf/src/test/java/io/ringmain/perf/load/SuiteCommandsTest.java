package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.perf.broker.BrokerProcess;
import io.ringmain.perf.broker.TlsFiles;
import io.ringmain.perf.report.Report;
import io.ringmain.perf.report.RunDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands that run scenarios, with runs so short that they measure nothing, against real brokers. */
@Timeout(300)
class SuiteCommandsTest {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path dir;

    private final StringWriter err = new StringWriter();

    /** Runs a command whose prints don't belong into the log of the build. */
    private int run(final String... args) {
        final PrintStream realOut = System.out;
        final PrintStream realErr = System.err;
        final ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            return LoadTool.commandLine().setErr(new PrintWriter(err)).execute(args);
        } finally {
            System.setOut(realOut);
            System.setErr(realErr);
            err.append(said.toString(StandardCharsets.UTF_8));
        }
    }

    private static void assumeBuilt() {
        Assumptions.assumeTrue(BrokerProcess.isBuilt(HOME), "needs a build of ops");
    }

    @Test
    @Tag("e2e")
    void shouldWriteAllFilesOfASuiteAndMakeItsPageAnew() throws IOException {
        assumeBuilt();
        final Path out = dir.resolve("out");
        final String[] args = {
            "suite",
            "--scenario",
            "1to1-qos1",
            "--scenario",
            "fanin-qos0",
            "--duration",
            "0.5",
            "--broker-warmup",
            "0",
            "--warmup",
            "0.05",
            "--durability",
            "append,none",
            "--dir",
            dir.toString(),
            "--out",
            out.toString()
        };
        assertEquals(0, run(args), err.toString());
        final RunDirectory files = new RunDirectory(out);
        final Report summary = files.read(RunDirectory.SUMMARY);
        assertEquals(3, summary.rows().size(), "QoS 0 in the first durability only");
        assertFalse(summary.facts().containsKey(Outcome.GENERATOR_THREADS), "as it is one");
        for (final Map<String, Object> row : summary.rows()) {
            final String scenario = (String) row.get("scenario");
            final String broker = (String) row.get("broker");
            assertEquals(0L, row.get("lost"), row.toString());
            assertTrue(((Number) row.get("delivered msg/s")).doubleValue() > 0, row.toString());
            assertFalse(files.readLatency(scenario, broker, "delivery").isEmpty(), row.toString());
            assertFalse(files.readRates(scenario, broker).isEmpty(), row.toString());
            final String settings = (String) row.get("settings");
            assertTrue(settings.contains("storage.snapshot.interval=365d"), settings);
            assertTrue(settings.endsWith("storage.durability=" + broker), settings);
        }
        assertFalse(files.readLatency("1to1-qos1", "none", "acknowledgement").isEmpty());
        final Map<String, Object> environment =
                files.read(RunDirectory.ENVIRONMENT).facts();
        assertTrue(environment.containsKey("hiccups p99 us"));
        final Object settings = environment.get("settings of the brokers, 1to1-qos1 fanin-qos0");
        assertTrue(String.valueOf(settings).startsWith("storage.snapshot.log_bytes=1024GB "), environment.toString());
        final String page = Files.readString(out.resolve(RunDirectory.HTML));
        Files.delete(out.resolve(RunDirectory.HTML));
        assertEquals(0, run("report", out.toString()), err.toString());
        assertEquals(page, Files.readString(out.resolve(RunDirectory.HTML)));
    }

    @Test
    @Tag("e2e")
    void shouldCompareWithAnyBrokerByItsAddress() throws IOException {
        assumeBuilt();
        final Path out = dir.resolve("out");
        final Path markdown = dir.resolve("results.md");
        final Path data = Files.createDirectory(dir.resolve("data"));
        try (BrokerProcess other = BrokerProcess.start(HOME, data, 0, List.of(), List.of())) {
            other.awaitReady(60);
            final String[] args = {
                "compare",
                "--with",
                "127.0.0.1:" + other.port(),
                "--rounds",
                "2",
                "--duration",
                "0.2",
                "--broker-warmup",
                "0",
                "--warmup",
                "0",
                "--scenario",
                "1to1-qos0,1to1-qos2",
                "--dir",
                dir.toString(),
                "--out",
                out.toString(),
                "--markdown",
                markdown.toString()
            };
            assertEquals(0, run(args), err.toString());
        }
        final List<Map<String, Object>> ratios =
                new RunDirectory(out).read(RunDirectory.RATIOS).rows();
        assertEquals(3, ratios.size(), "QoS 2 in two durabilities");
        assertTrue(ratios.stream().allMatch(row -> ((Number) row.get("ratio")).doubleValue() > 0), ratios.toString());
        final String text = Files.readString(markdown);
        assertTrue(text.contains("ops/bin/ringmain bench compare --with 127.0.0.1:"), text);
        assertTrue(text.contains("| 1to1-qos2 | sync |"), text);
    }

    @Test
    @Tag("e2e")
    void shouldSayWithHowManyThreadsTheLoadWasMade() throws IOException {
        assumeBuilt();
        final Path out = dir.resolve("out");
        final Path markdown = dir.resolve("results.md");
        final Path data = Files.createDirectory(dir.resolve("data"));
        try (BrokerProcess other = BrokerProcess.start(HOME, data, 0, List.of(), List.of())) {
            other.awaitReady(60);
            final String[] args = {
                "compare",
                "--generator-threads",
                "3",
                "--with",
                "127.0.0.1:" + other.port(),
                "--rounds",
                "2",
                "--duration",
                "0.2",
                "--broker-warmup",
                "0",
                "--warmup",
                "0",
                "--scenario",
                "10pairs-qos1,fanin-qos0",
                "--durability",
                "none",
                "--dir",
                dir.toString(),
                "--out",
                out.toString(),
                "--markdown",
                markdown.toString()
            };
            assertEquals(0, run(args), err.toString());
        }
        final Report summary = new RunDirectory(out).read(RunDirectory.SUMMARY);
        assertEquals(3L, summary.facts().get(Outcome.GENERATOR_THREADS));
        assertEquals(4, summary.rows().size());
        for (final Map<String, Object> row : summary.rows()) {
            final long used = row.get("scenario").equals("fanin-qos0") ? 1 : 3;
            assertEquals(used, row.get(Outcome.GENERATOR_THREADS), row.toString());
            assertEquals(0L, row.get("lost"), row.toString());
        }
        final String text = Files.readString(markdown);
        assertTrue(text.contains("| generator threads | 3 |"), text);
        assertTrue(text.contains("| generator threads | generator cores |"), text);
        assertTrue(Files.readString(out.resolve(RunDirectory.HTML)).contains("<th class=\"number\">generator threads"));
    }

    @Test
    @Tag("e2e")
    void shouldPrintHowManyThreadsThereWereOnlyIfMoreWereAskedFor() throws IOException {
        assumeBuilt();
        try (BrokerProcess broker = BrokerProcess.start(HOME, dir, 0, List.of(), List.of())) {
            broker.awaitReady(60);
            final String port = String.valueOf(broker.port());
            assertEquals(0, run("e2e", "--port", port, "--warmup", "0", "--duration", "1", "--pairs", "4"));
            assertFalse(err.toString().contains(Outcome.GENERATOR_THREADS), err.toString());
            final String[] args = {
                "e2e", "--port", port, "--warmup", "0", "--duration", "1", "--pairs", "4", "--generator-threads", "8"
            };
            assertEquals(0, run(args), err.toString());
            assertTrue(err.toString().contains(Outcome.GENERATOR_THREADS + "  4\n"), err.toString());
        }
    }

    @Test
    @Tag("e2e")
    void shouldShareTheMessagesOfATopicAmongItsSubscribers() throws IOException {
        assumeBuilt();
        try (BrokerProcess broker = BrokerProcess.start(HOME, dir, 0, List.of(), List.of())) {
            broker.awaitReady(60);
            final String port = String.valueOf(broker.port());
            final String[] args = {
                "e2e", "--port", port, "--warmup=0", "--duration=1", "--qos=1", "--subscribers=4", "--shared"
            };
            assertEquals(0, run(args), err.toString());
            final String text = err.toString();
            assertTrue(text.contains("1 x 1:4 shared, QoS 1"), text);
            assertEquals(figure(text, "sent"), figure(text, "received"), text);
        }
    }

    private static String figure(final String text, final String name) {
        final Matcher figure = Pattern.compile(" " + name + "  ([0-9,]+)\n").matcher(text);
        assertTrue(figure.find(), text);
        return figure.group(1);
    }

    @Test
    @Tag("e2e")
    void shouldCompareOverTlsWhereThePortForItIsKnown() throws IOException {
        assumeBuilt();
        try (TlsFiles tls = TlsFiles.create();
                BrokerProcess other = BrokerProcess.start(
                        HOME,
                        Files.createDirectory(dir.resolve("data")),
                        0,
                        List.of(),
                        List.of(
                                "listeners.tls.bind=127.0.0.1:0",
                                "listeners.tls.tls.cert=" + tls.certificate(),
                                "listeners.tls.tls.key=" + tls.key()))) {
            other.awaitReady(60);
            final String address = "127.0.0.1:" + other.port();
            final String tlsPort = other.output().replaceAll("(?s).*mqtts://127.0.0.1:(\\d+).*", "$1");
            final Report both = compareOverTls(address + "/" + tlsPort);
            final Map<String, Object> row = both.rows().get(0);
            assertEquals(1, both.rows().size());
            assertEquals("any", row.get("durability"));
            assertTrue(((Number) row.get("ratio")).doubleValue() > 0, row.toString());
            assertEquals("-", row.get("reached"));
            final String ours = (String) both.facts().get("TLS of ringmain append");
            assertTrue(ours.matches("jdk, TLSv1\\.\\d, TLS_\\w+"), ours);
            final String theirs = (String) both.facts().get("TLS of " + address);
            assertTrue(theirs.matches("unknown, TLSv1\\.\\d, TLS_\\w+"), theirs);

            final Map<String, Object> alone = compareOverTls(address).rows().get(0);
            final String reached = (String) alone.get("reached");
            assertTrue(reached.startsWith(address + " left out: no TLS port of " + address + " is known"), reached);
            assertNull(alone.get("ratio"));
        }
    }

    /** Returns the ratios. */
    private Report compareOverTls(final String with) throws IOException {
        final Path out = dir.resolve("out");
        final String[] args = {
            "compare",
            "--with",
            with,
            "--rounds",
            "1",
            "--duration",
            "0.2",
            "--broker-warmup",
            "0",
            "--warmup",
            "0",
            "--scenario",
            "1to1-qos0-tls",
            "--tls-provider",
            "JDK",
            "--dir",
            dir.toString(),
            "--out",
            out.toString()
        };
        assertEquals(0, run(args), err.toString());
        return new RunDirectory(out).read(RunDirectory.RATIOS);
    }

    @Test
    @Tag("e2e")
    void shouldRunEveryFlowWithoutALoss() throws IOException {
        assumeBuilt();
        final Path out = dir.resolve("out");
        final List<String> flows = Scenarios.all().stream()
                .filter(scenario -> scenario.kind().isFlow())
                .map(Scenario::name)
                .toList();
        final String[] args = {
            "suite",
            "--scenario",
            String.join(",", flows),
            "--duration",
            "0.05",
            "--broker-warmup",
            "0",
            "--warmup",
            "0",
            "--durability",
            "none",
            "--dir",
            dir.toString(),
            "--out",
            out.toString()
        };
        assertEquals(0, run(args), err.toString());
        final List<Map<String, Object>> rows =
                new RunDirectory(out).read(RunDirectory.SUMMARY).rows();
        assertEquals(flows.size(), rows.size());
        for (final Map<String, Object> row : rows) {
            assertEquals(0L, row.get("lost"), row.toString());
            assertEquals(0L, row.get("duplicated"), row.toString());
            assertEquals(0L, row.get("out of order"), row.toString());
        }
    }

    /** With the numbers of the quick suite, which takes half a minute. */
    @Test
    @Tag("e2e")
    @Tag("slow")
    void shouldRunEveryScenarioOfState() throws IOException {
        assumeBuilt();
        final Path out = dir.resolve("out");
        final List<String> names = Scenarios.all().stream()
                .filter(scenario -> !scenario.kind().isFlow() && scenario.kind() != Scenario.Kind.OURS_LONG)
                .map(Scenario::name)
                .toList();
        final String[] args = {
            "suite",
            "--quick",
            "--scenario",
            String.join(",", names),
            "--duration",
            "0.05",
            "--warmup",
            "0",
            "--broker-warmup",
            "0",
            "--durability",
            "append",
            "--dir",
            dir.toString(),
            "--out",
            out.toString()
        };
        assertEquals(0, run(args), err.toString());
        final List<Map<String, Object>> rows =
                new RunDirectory(out).read(RunDirectory.SUMMARY).rows();
        assertEquals(names, rows.stream().map(row -> row.get("scenario")).toList());
        for (final Map<String, Object> row : rows) {
            // What compare has goals for is measured under that very name; a cold start only where root may have one.
            Scenarios.named((String) row.get("scenario")).goals().stream()
                    .filter(goal -> !goal.figure().contains("cold"))
                    .forEach(goal -> assertInstanceOf(Number.class, row.get(goal.figure()), goal + " in " + row));
        }
        assertTrue(Files.readString(out.resolve(RunDirectory.HTML)).contains(Outcome.resident("connected")));
    }

    @Test
    void shouldRefuseWhatItDoesNotUnderstand() {
        assertEquals(CommandLine.ExitCode.USAGE, run("suite", "--scenario", "2to2"));
        assertTrue(err.toString().contains("'2to2'"), err.toString());
        assertEquals(CommandLine.ExitCode.USAGE, run("compare", "--with", "localhost"));
        assertTrue(err.toString().contains("neither mosquitto nor HOST:PORT"), err.toString());
        assertEquals(CommandLine.ExitCode.USAGE, run("compare", "--with", "localhost:1883/70000"));
        assertTrue(err.toString().contains("'localhost:1883/70000' is neither"), err.toString());
        assertEquals(CommandLine.ExitCode.SOFTWARE, run("report", dir.toString()));
        assertTrue(err.toString().contains("no summary.json"), err.toString());
    }
}
