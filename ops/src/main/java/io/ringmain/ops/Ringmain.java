package io.ringmain.ops;

import io.ringmain.ops.auth.PasswdCommand;
import io.ringmain.ops.log.LogCommand;
import io.ringmain.ops.log.StateCommand;
import io.ringmain.ops.log.TopicsCommand;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** Entry point of the {@code ringmain} command. */
@Command(
        name = "ringmain",
        description = "An MQTT broker on one sequenced, journalled ring.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class)
public final class Ringmain {
    private static final List<Class<?>> COMMANDS = List.of(
            ServeCommand.class,
            ConfigCommand.class,
            AclCommand.class,
            PubCommand.class,
            SubCommand.class,
            LogCommand.class,
            TopicsCommand.class,
            PasswdCommand.class,
            SnapshotCommand.class,
            StateCommand.class,
            VersionCommand.class);

    private Ringmain() {}

    public static void main(final String[] args) {
        final int exitCode = run(args);
        System.out.flush();
        System.exit(exitCode);
    }

    static int run(final String... args) {
        return commandLine(args)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((ex, line, parsed) -> {
                    System.err.println("ringmain: " + ex.getMessage());
                    return ExitCode.FAILED;
                })
                .setParameterExceptionHandler(Ringmain::onUsageError)
                .execute(args);
    }

    /** With the command that is asked for; with all of them only for who asks for none, as each takes time to describe. */
    private static CommandLine commandLine(final String... args) {
        final CommandLine line = new CommandLine(new Ringmain());
        for (final Class<?> command : COMMANDS) {
            if (args.length > 0 && command.getAnnotation(Command.class).name().equals(args[0])) {
                return line.addSubcommand(command);
            }
        }
        COMMANDS.forEach(line::addSubcommand);
        return line;
    }

    /** One line, not the whole usage: what is wrong must not scroll away. */
    private static int onUsageError(final ParameterException ex, final String[] args) {
        final CommandLine command = ex.getCommandLine();
        final String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + ex.getMessage());
        if (command.getSubcommands().isEmpty()) {
            command.getErr().println("Try '" + name + " --help'.");
        } else {
            command.usage(command.getErr());
        }
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }
}
