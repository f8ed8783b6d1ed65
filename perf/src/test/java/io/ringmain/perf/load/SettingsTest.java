package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.report.Report;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SettingsTest {
    private static BrokerOptions options(final String... args) {
        final BrokerOptions options = new BrokerOptions();
        CommandLine.populateCommand(options, args);
        return options;
    }

    @Test
    void shouldTellTheSettingsOfTheBenchmarkAndThoseGivenWhichWin() {
        assertEquals("defaults", options().text(List.of()));
        assertEquals("a=1 b=2", options().text(List.of("a=1", "b=2")));
        assertEquals("b=2 a=3 -Xmx1g", options("--set=a=3", "--jvm=-Xmx1g").text(List.of("a=1", "b=2")));
    }

    @Test
    void shouldTellThemForEachKindOfBroker() {
        final List<Scenario> scenarios = List.of(scenario("x", "a=1"), scenario("y", "b=2"), scenario("z", "a=1"));
        final Map<String, Object> facts = ScenarioOptions.noteSettings(scenarios, options(), new Report("test"))
                .facts();
        assertEquals("a=1", facts.get("settings of the brokers, x z"));
        assertEquals("b=2", facts.get("settings of the brokers, y"));
    }

    private static Scenario scenario(final String name, final String setting) {
        return Scenario.of(name, List.of(setting), (broker, pace) -> null, List.of());
    }
}
