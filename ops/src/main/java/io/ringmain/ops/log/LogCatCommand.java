package io.ringmain.ops.log;

import io.ringmain.ops.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ringmain log cat}: prints what was recorded. */
@Command(
        name = "cat",
        description = "Print recorded messages: time, position, QoS, client, topic, length, payload.",
        mixinStandardHelpOptions = true)
public final class LogCatCommand implements Callable<Integer> {
    @Mixin
    private Selection selection;

    @Mixin
    private RecordOutput output;

    @Override
    public Integer call() {
        return LogErrors.guard(this::print);
    }

    private int print() {
        final ScanProgress progress = ScanProgress.of("cat");
        try (LogScan scan = LogScan.open(selection).progress(progress);
                RecordRows rows = output.open(progress)) {
            scan.run(rows::add);
        }
        return ExitCode.OK;
    }
}
