package io.ringmain.ops;

import io.ringmain.ops.log.LogCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the {@code ringmain} command. */
@Command(
        name = "ringmain",
        description = "An MQTT broker on one sequenced, journalled ring.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ServeCommand.class,
            ConfigCommand.class,
            PubCommand.class,
            SubCommand.class,
            LogCommand.class,
            VersionCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class)
public final class Ringmain {
    private Ringmain() {}

    public static void main(final String[] args) {
        final int exitCode = run(args);
        System.out.flush();
        System.exit(exitCode);
    }

    static int run(final String... args) {
        return new CommandLine(new Ringmain())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((ex, line, parsed) -> {
                    System.err.println("ringmain: " + ex.getMessage());
                    return ExitCode.FAILED;
                })
                .execute(args);
    }
}
