package io.ringmain.perf.load;

import java.io.IOException;
import java.util.Arrays;
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
            ReportBench.class
        },
        mixinStandardHelpOptions = true)
public final class LoadTool {
    private LoadTool() {}

    public static void main(final String[] args) throws Exception {
        if (args.length > 0 && args[0].equals("micro")) {
            Micro.main(Arrays.copyOfRange(args, 1, args.length));
            return;
        }
        // Chronicle speaks slf4j; what it would say about a log of ours is said by ours.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new LoadTool()).setExecutionExceptionHandler(LoadTool::fail);
    }

    /** A broker that doesn't start or breaks off is told in its own words; anything else is a fault of ours. */
    private static int fail(final Exception ex, final CommandLine command, final CommandLine.ParseResult parsed)
            throws Exception {
        if (!(ex instanceof IOException)) {
            throw ex;
        }
        command.getErr().println("ringmain bench: " + ex.getMessage());
        command.getErr().flush();
        return CommandLine.ExitCode.SOFTWARE;
    }
}
