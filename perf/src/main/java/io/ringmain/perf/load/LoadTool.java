package io.ringmain.perf.load;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ringmain bench}: measures a broker from outside, or the hot path from inside. */
@Command(
        name = "ringmain bench",
        description = "Measure.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            EndToEnd.class,
            DurabilityBench.class,
            RecoveryBench.class,
            BacklogBench.class,
            LogBench.class,
            ConnBench.class,
            IdleBench.class,
            RetainedBench.class,
            SubsBench.class,
            StartupBench.class,
            TravelBench.class,
            HttpBench.class,
            SuiteBench.class,
            CompareBench.class,
            ReportBench.class,
            Micro.class
        },
        mixinStandardHelpOptions = true)
public final class LoadTool {
    private LoadTool() {}

    public static void main(final String[] args) throws Exception {
        // Chronicle speaks slf4j; what it would say about a log of ours is said by ours.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new LoadTool())
                .setExecutionStrategy(LoadTool::execute)
                .setExecutionExceptionHandler(LoadTool::fail);
    }

    private static int execute(final CommandLine.ParseResult parsed) {
        final Integer helped = CommandLine.executeHelpRequest(parsed);
        if (helped != null) {
            return helped;
        }
        OptionRules.check(parsed);
        return new CommandLine.RunLast().execute(parsed);
    }

    /** A broker that doesn't start or breaks off is told in its own words; anything else is a fault of ours. */
    private static int fail(final Exception ex, final CommandLine command, final CommandLine.ParseResult parsed)
            throws Exception {
        if (!(ex instanceof IOException)) {
            throw ex;
        }
        command.getErr().println("ringmain bench: " + text(ex));
        command.getErr().flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** The message of a file's exception may be its path alone: then what happened is in its name, such as no such file. */
    private static String text(final Exception ex) {
        if (ex instanceof FileSystemException file && file.getReason() == null) {
            final String name = ex.getClass().getSimpleName().replace("Exception", "");
            return name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT) + ": " + ex.getMessage();
        }
        return ex.getMessage();
    }
}
