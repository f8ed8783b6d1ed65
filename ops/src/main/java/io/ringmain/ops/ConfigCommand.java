package io.ringmain.ops;

import io.ringmain.ops.auth.AccessControl;
import io.ringmain.ops.config.Config;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringmain config}. */
@Command(
        name = "config",
        description = "Work with the configuration.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ConfigCommand.Check.class, ConfigCommand.Show.class},
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
            final AccessControl access = config == null ? null : ConfigOptions.accessOrReport(config);
            if (access == null) {
                return ExitCode.CONFIGURATION;
            }
            access.close();
            System.out.println("configuration ok");
            return ExitCode.OK;
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
