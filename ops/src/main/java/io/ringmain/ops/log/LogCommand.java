package io.ringmain.ops.log;

import picocli.CommandLine.Command;

/** {@code ringmain log}. */
@Command(
        name = "log",
        description = "Read the message log, of a running broker or a stopped one; nothing is changed but by seal.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            LogLsCommand.class,
            LogInfoCommand.class,
            LogStatsCommand.class,
            LogCatCommand.class,
            LogTailCommand.class,
            LogGrepCommand.class,
            LogGetCommand.class,
            LogVerifyCommand.class,
            LogExportCommand.class,
            LogImportCommand.class,
            LogReplayCommand.class,
            LogSealCommand.class,
            LogRetainCommand.class
        },
        mixinStandardHelpOptions = true)
public final class LogCommand {}
