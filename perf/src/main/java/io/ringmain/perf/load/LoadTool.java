package io.ringmain.perf.load;

import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ringmain bench}: measures a broker from outside, or the hot path from inside. */
@Command(
        name = "ringmain bench",
        description = "Measure.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {EndToEnd.class, DurabilityBench.class, RecoveryBench.class, BacklogBench.class, LogBench.class},
        mixinStandardHelpOptions = true)
public final class LoadTool {
    private LoadTool() {}

    public static void main(final String[] args) throws Exception {
        if (args.length > 0 && args[0].equals("micro")) {
            Micro.main(Arrays.copyOfRange(args, 1, args.length));
            return;
        }
        System.exit(new CommandLine(new LoadTool()).execute(args));
    }
}
