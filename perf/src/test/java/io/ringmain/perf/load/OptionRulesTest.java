package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

class OptionRulesTest {
    private final StringWriter said = new StringWriter();

    private int run(final String line) {
        final PrintWriter out = new PrintWriter(said);
        return LoadTool.commandLine().setOut(out).setErr(out).execute(line.split(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "e2e --host=nowhere.invalid",
                "e2e --port=99999",
                "e2e --rate=100 --pairs=0",
                "e2e --subscribers=0",
                "e2e --publishers=-1",
                "e2e --version=banana",
                "e2e --duration=0",
                "e2e --duration=NaN",
                "e2e --duration=Infinity",
                "e2e --warmup=-1",
                "e2e --rate=-5",
                "e2e --qos=7",
                "e2e --window=0",
                "e2e --payload=15",
                "durability --rate=0",
                "durability --durability=none,later",
                "suite --duration=0",
                "suite --dir=/nowhere/at/all",
                "compare --rounds=0",
                "conn --broker-warmup=-0.5",
                "subs --counts=0",
                "log --blocks=0"
            })
    void shouldSayWhichOptionWasWrongAndWhatWasExpected(final String line) {
        assertEquals(CommandLine.ExitCode.USAGE, run(line), said.toString());
        final String wrong = line.substring(line.lastIndexOf("--"));
        final String value = wrong.substring(wrong.indexOf('=') + 1);
        final String last = value.substring(value.indexOf(',') + 1);
        final String expected = "Invalid value for option '" + wrong.substring(0, wrong.indexOf('=')) + "': '" + last;
        assertTrue(said.toString().startsWith(expected), said.toString());
        assertTrue(said.toString().lines().findFirst().orElseThrow().contains("' is not "), said.toString());
    }

    private static Stream<CommandLine> commands() {
        return LoadTool.commandLine().getSubcommands().values().stream();
    }

    @Test
    void shouldHaveARuleForEveryNumber() {
        commands()
                .flatMap(command -> command.getCommandSpec().options().stream())
                .filter(option -> isNumber(option) && option.converters().length == 0)
                .forEach(option -> assertTrue(OptionRules.isFor(option), option.longestName()));
    }

    private static boolean isNumber(final ArgSpec option) {
        return Stream.of(option.auxiliaryTypes())
                .anyMatch(type -> Number.class.isAssignableFrom(type) || type.isPrimitive() && type != boolean.class);
    }

    @Test
    void shouldHaveHelpInEveryCommandAndAllCommandsInTheHelp() {
        assertEquals(0, run("--help"));
        final String help = said.toString();
        commands().map(CommandLine::getCommandName).forEach(name -> {
            assertTrue(help.contains("  " + name + " "), name + " in " + help);
            said.getBuffer().setLength(0);
            assertEquals(0, run(name + " --help"), name);
            assertTrue(said.toString().startsWith("Usage: ringmain bench " + name), said.toString());
        });
        assertTrue(help.contains("  micro "), help);
    }

    @Test
    void shouldTakeTheVersionOfTheProtocolAndPartsOfASecond() {
        final CommandLine.ParseResult parsed =
                LoadTool.commandLine().parseArgs("e2e", "--version=5", "--duration=0.5", "--warmup=0.25");
        OptionRules.check(parsed);
        final OptionSpec version = parsed.subcommand().matchedOption("--version");
        assertEquals("5", version.getValue());
        assertFalse(version.versionHelp());
    }

    @ParameterizedTest
    @ValueSource(strings = {"micro --nonsense", "micro NoSuchBenchmark"})
    void shouldRefuseWhatJmhDoesNotKnow(final String line) {
        assertEquals(CommandLine.ExitCode.USAGE, run(line), said.toString());
        final String wrong = line.substring(line.lastIndexOf(' ') + 1).replace("--", "");
        assertTrue(said.toString().lines().findFirst().orElseThrow().contains(wrong), said.toString());
        assertFalse(said.toString().contains("\tat "), said.toString());
    }

    @Test
    void shouldNameTheAddressOfABrokerThatIsNotThere() throws Exception {
        final int port;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }
        assertEquals(CommandLine.ExitCode.SOFTWARE, run("e2e --port=" + port));
        assertTrue(
                said.toString().startsWith("ringmain bench: no connection to 127.0.0.1:" + port + ": "),
                said.toString());
    }
}
