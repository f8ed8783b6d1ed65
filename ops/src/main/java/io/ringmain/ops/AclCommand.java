package io.ringmain.ops;

import io.ringmain.engine.auth.Acl;
import io.ringmain.engine.auth.AclRule;
import io.ringmain.engine.auth.ClientIdentity;
import io.ringmain.ops.config.AclFile;
import io.ringmain.ops.config.Config;
import io.ringmain.protocol.TopicFilter;
import io.ringmain.protocol.TopicName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ringmain acl}: what an access control list says. */
@Command(
        name = "acl",
        description = "Work with access control lists.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = AclCommand.Test.class,
        mixinStandardHelpOptions = true)
public final class AclCommand {
    private static final String CATALOG = "$catalog/";

    private AclCommand() {}

    /** {@code ringmain acl test}. */
    @Command(
            name = "test",
            description = {
                "Say whether a client may do something, and which line decides.",
                "Ends with 0 if it may, with 5 if it may not, with 3 if the list can't be used."
            },
            mixinStandardHelpOptions = true)
    public static final class Test implements Callable<Integer> {
        /** What is asked. */
        static final class Question {
            @Option(
                    names = "--publish",
                    required = true,
                    paramLabel = "TOPIC",
                    description = "May it publish to this topic, by itself or by its will?")
            private String publish;

            @Option(
                    names = "--subscribe",
                    required = true,
                    paramLabel = "FILTER",
                    description = "May it subscribe to this filter?")
            private String subscribe;

            @Option(
                    names = "--receive",
                    required = true,
                    paramLabel = "TOPIC",
                    description = "May it be sent messages of this topic?")
            private String receive;

            private Acl.Action action() {
                return publish != null
                        ? Acl.Action.PUBLISH
                        : subscribe == null
                                ? Acl.Action.RECEIVE
                                : isShared(subscribe) ? Acl.Action.SHARE : Acl.Action.SUBSCRIBE;
            }

            private static boolean isShared(final String filter) {
                final UnsafeBuffer bytes = new UnsafeBuffer(filter.getBytes(StandardCharsets.UTF_8));
                return TopicFilter.isShared(bytes, 0, bytes.capacity());
            }

            private String topic() {
                return publish != null ? publish : subscribe != null ? subscribe : receive;
            }
        }

        @Spec
        private CommandSpec command;

        @Mixin
        private ConfigOptions options;

        @Option(
                names = "--acl",
                paramLabel = "FILE",
                description = "The list; without one, auth.acl_file of the configuration.")
        private Path file;

        @Option(names = "--user", paramLabel = "NAME", description = "User of the client; without one, it has none.")
        private String user;

        @Option(names = "--client", paramLabel = "ID", description = "Client id, default 'client'.")
        private String client = "client";

        @Option(
                names = "--role",
                paramLabel = "NAME",
                description = "A role that its authentication gave it; may be repeated.")
        private List<String> roles = new ArrayList<>();

        @ArgGroup(multiplicity = "1")
        private Question question;

        @Override
        public Integer call() {
            final String topic = topicsOf(question.topic());
            final List<String> errors = new ArrayList<>();
            final Acl acl = load(errors);
            if (!errors.isEmpty()) {
                errors.forEach(System.err::println);
                return ExitCode.CONFIGURATION;
            }
            if (acl == null) {
                System.out.println("allowed\nno auth.acl_file is configured");
                return ExitCode.OK;
            }
            final Set<String> names = new HashSet<>(roles);
            final Acl.Decision decision =
                    acl.explain(new ClientIdentity("", "", client, user, names), question.action(), topic);
            System.out.println(decision.isAllowed() ? "allowed" : "denied");
            System.out.println(decision.rule() == null ? "no rule allows it" : place(decision.rule()));
            return decision.isAllowed() ? ExitCode.OK : ExitCode.NOT_AUTHORIZED;
        }

        private String place(final AclRule rule) {
            return file + ":" + rule.line() + ": " + rule.text();
        }

        /** Null, and no error, if there is no list. */
        private Acl load(final List<String> errors) {
            if (file != null) {
                return AclFile.read(file, Acl.MAX_RULES, errors);
            }
            final Config config = ConfigOptions.loadOrReport(options.loader());
            if (config == null) {
                errors.add("ringmain: the configuration can't be used");
                return null;
            }
            file = config.section("auth").path("acl_file");
            return config.acl();
        }

        /** What of a filter says which topics it is about; a topic or filter that can't be is a mistake in the command. */
        private String topicsOf(final String given) {
            final UnsafeBuffer bytes = new UnsafeBuffer(given.getBytes(StandardCharsets.UTF_8));
            final int length = bytes.capacity();
            if (question.subscribe == null) {
                if (!TopicName.validate(bytes, 0, length)) {
                    throw new ParameterException(command.commandLine(), "'" + given + "' is no topic name");
                }
                return given;
            }
            if (!TopicFilter.validate(bytes, 0, length)) {
                throw new ParameterException(command.commandLine(), "'" + given + "' is no topic filter");
            }
            final boolean isTravel = TopicFilter.isReplay(bytes, 0, length);
            if (!isTravel && !TopicFilter.isShared(bytes, 0, length)) {
                return given.startsWith(CATALOG) && given.length() > CATALOG.length()
                        ? given.substring(CATALOG.length())
                        : given;
            }
            final int start = TopicFilter.unsharedOffset(bytes, 0, length);
            if (start >= length) {
                throw new ParameterException(command.commandLine(), "'" + given + "' is no topic filter");
            }
            return bytes.getStringWithoutLengthUtf8(start, length - start);
        }
    }
}
