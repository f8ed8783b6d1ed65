package io.ringmain.ops;

import io.ringmain.ops.auth.AccessControl;
import io.ringmain.ops.config.Config;
import io.ringmain.storage.log.DirectoryLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringmain config}. */
@Command(
        name = "config",
        description = "Work with the configuration.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ConfigCommand.Check.class, ConfigCommand.Show.class, ConfigCommand.Reload.class},
        mixinStandardHelpOptions = true)
public final class ConfigCommand {
    /** {@code ringmain config check}. */
    @Command(
            name = "check",
            description = "Check the configuration; exit 3 if something is wrong, with a line for each thing.",
            mixinStandardHelpOptions = true)
    public static final class Check implements Callable<Integer> {
        @Mixin
        private ConfigOptions options;

        @Override
        public Integer call() {
            final Config config = ConfigOptions.loadOrReport(options.loader());
            if (config == null) {
                return ExitCode.CONFIGURATION;
            }
            final AccessControl access = ConfigOptions.accessOrReport(config);
            if (access == null) {
                return ExitCode.CONFIGURATION;
            }
            access.discard();
            config.warnings().forEach(warning -> System.err.println("warning: " + warning));
            System.out.println("configuration ok");
            return ExitCode.OK;
        }
    }

    /** {@code ringmain config reload}. */
    @Command(
            name = "reload",
            description = {
                "Have the broker that uses the data directory read its configuration again, with all files that it names:"
                        + " passwords, rights, certificates, limits, log level. All of it is put in force, or, if"
                        + " anything is wrong, nothing. SIGHUP does the same.",
                "Exit 3 if something is wrong, with a line for each thing, 4 if no broker uses the directory, 8 if none"
                        + " answers."
            },
            mixinStandardHelpOptions = true)
    public static final class Reload implements Callable<Integer> {
        private static final long POLL_MS = 20;

        @Option(names = "--data", paramLabel = "DIR", description = "Data directory, default ./data.")
        private Path data = Path.of("data");

        @Option(names = "--timeout", paramLabel = "SECONDS", description = "How long to wait, default 60.")
        private int timeoutSeconds = 60;

        @Override
        public Integer call() throws IOException, InterruptedException {
            if (!DirectoryLock.isHeld(data)) {
                System.err.println("ringmain: no broker uses " + data);
                return ExitCode.UNREACHABLE;
            }
            final ReloadRequest request = new ReloadRequest(data);
            final String number = request.ask();
            final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
            Optional<List<String>> answer = request.answerTo(number);
            while (answer.isEmpty()) {
                if (System.nanoTime() - deadlineNs >= 0) {
                    request.withdraw();
                    System.err.println(
                            "ringmain: the broker on " + data + " has not answered in " + timeoutSeconds + " s");
                    return ExitCode.TIMEOUT;
                }
                Thread.sleep(POLL_MS);
                answer = request.answerTo(number);
            }
            answer.get().forEach(System.err::println);
            System.out.println(answer.get().isEmpty() ? "reloaded" : "not reloaded: what was in force stays");
            return answer.get().isEmpty() ? ExitCode.OK : ExitCode.CONFIGURATION;
        }
    }

    /** {@code ringmain config show}. */
    @Command(name = "show", description = "Print what is configured, a line per key.", mixinStandardHelpOptions = true)
    public static final class Show implements Callable<Integer> {
        @Mixin
        private ConfigOptions options;

        @Option(names = "--effective", description = "Also what nobody configured, with its default.")
        private boolean effective;

        @Option(names = "--origin", description = "Say where each value comes from.")
        private boolean origin;

        @Override
        public Integer call() {
            final Config config = ConfigOptions.loadOrReport(options.loader());
            if (config == null) {
                return ExitCode.CONFIGURATION;
            }
            config.lines(effective, origin).forEach(System.out::println);
            return ExitCode.OK;
        }
    }
}
