/**
 * The command line: one binary, {@code ringmain}, with a subcommand for everything. Each command is a class of its own
 * that parses its options, does its work through the other modules, and answers with an exit code of
 * {@link io.ringmain.ops.ExitCode}.
 */
package io.ringmain.ops;
