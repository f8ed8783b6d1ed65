package io.ringmain.ops.log;

import picocli.CommandLine.Command;

/** {@code ringmain state}. */
@Command(
        name = "state",
        description = "Rebuild the state that the broker had once; nothing is changed.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = StateAtCommand.class,
        mixinStandardHelpOptions = true)
public final class StateCommand {}
