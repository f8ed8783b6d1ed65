package io.ringmain.ops;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ringmain config}. */
@Command(
        name = "config",
        description = "Work with the configuration.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ConfigCommand.Check.class,
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
            if (ConfigOptions.loadOrReport(options.loader()) == null) {
                return ExitCode.CONFIGURATION;
            }
            System.out.println("configuration ok");
            return ExitCode.OK;
        }
    }
}
