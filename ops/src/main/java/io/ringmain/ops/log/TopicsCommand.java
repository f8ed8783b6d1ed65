package io.ringmain.ops.log;

import picocli.CommandLine.Command;

/** {@code ringmain topics}. */
@Command(
        name = "topics",
        description = "Which topics exist, by the message log of a running broker or a stopped one.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {TopicsLsCommand.class},
        mixinStandardHelpOptions = true)
public final class TopicsCommand {}
