package io.ringmain.ops.auth;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code ringmain passwd}: what mosquitto_passwd does, with its options and its exit codes. */
@Command(
        name = "passwd",
        description = "Write a password file, which mosquitto reads as well.",
        customSynopsis = {
            "ringmain passwd [-H KIND] [-c | -D] FILE USER",
            "ringmain passwd [-H KIND] [-c] -b FILE USER PASSWORD",
            "ringmain passwd [-H KIND] -U FILE"
        },
        exitCodeOnInvalidInput = 1,
        mixinStandardHelpOptions = true)
public final class PasswdCommand implements Callable<Integer> {
    /** mosquitto_passwd's only one beside 0. */
    private static final int FAILED = 1;

    private static final int MAX_PASSWORD_BYTES = 65_535;

    private static final class KindConverter implements ITypeConverter<HashKind> {
        @Override
        public HashKind convert(final String text) {
            return Arrays.stream(HashKind.values())
                    .filter(kind -> kind.toString().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + text + "', expected one of " + Arrays.toString(HashKind.values())));
        }
    }

    /** Something that the user has to hear, and no stack of ours. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refusal(final String message) {
            super(message);
        }
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "-b", description = "The password is on the command line, where others on this machine can see it.")
    private boolean batch;

    @Option(names = "-c", description = "Make a new file; one that is there is overwritten.")
    private boolean create;

    @Option(names = "-D", description = "Remove the user.")
    private boolean delete;

    @Option(names = "-U", description = "Hash the passwords of a file in which they are plain text.")
    private boolean upgrade;

    @Option(
            names = "-H",
            paramLabel = "KIND",
            converter = KindConverter.class,
            defaultValue = "sha512-pbkdf2",
            description =
                    "sha512-pbkdf2 (mosquitto 2.0 reads it), argon2id (2.1), scram-sha-256 (Ringmain), sha512 (1.x).")
    private HashKind kind;

    @Option(names = "-I", paramLabel = "N", description = "Iterations of sha512-pbkdf2 and scram-sha-256.")
    private int iterations;

    @Parameters(paramLabel = "FILE USER PASSWORD", arity = "0..3", hidden = true)
    private List<String> arguments = List.of();

    @Override
    public Integer call() {
        final int expected = upgrade ? 1 : batch ? 3 : 2;
        if (arguments.size() != expected) {
            throw new ParameterException(
                    spec.commandLine(), "expected " + (upgrade ? "FILE" : batch ? "FILE USER PASSWORD" : "FILE USER"));
        }
        if (create && delete) {
            throw new ParameterException(spec.commandLine(), "-c and -D cannot be used together");
        }
        if (iterations < 0 || iterations > PasswordHashParser.MAX_ITERATIONS) {
            throw new ParameterException(
                    spec.commandLine(), "-I: expected a number from 1 to " + PasswordHashParser.MAX_ITERATIONS);
        }
        try {
            return upgrade ? upgrade() : changeUser(arguments.get(1));
        } catch (final NoSuchFileException ex) {
            return fail("no such file: " + ex.getMessage() + " (-c makes it)");
        } catch (final IOException ex) {
            return fail(ex.getMessage() == null ? ex.toString() : ex.getMessage());
        } catch (final Refusal ex) {
            return fail(ex.getMessage());
        }
    }

    private static int fail(final String message) {
        System.err.println("Error: " + message);
        return FAILED;
    }

    private PasswordFileEditor editor() {
        return new PasswordFileEditor(Path.of(arguments.get(0)));
    }

    private int changeUser(final String username) throws IOException {
        final String fault = PasswordFile.nameFault(username);
        if (fault != null) {
            throw new Refusal(fault);
        }
        if (delete) {
            editor().edit(lines -> without(lines, username));
            return 0;
        }
        if (!create && !Files.exists(Path.of(arguments.get(0)))) {
            throw new NoSuchFileException(arguments.get(0));
        }
        final byte[] password = batch ? utf8(arguments.get(2)) : ask();
        final String line = username + ":" + kind.hash(password, iterations).text();
        if (create) {
            editor().create(lines -> List.of(line));
        } else {
            editor().edit(lines -> with(lines, username, line));
        }
        return 0;
    }

    private static List<String> with(final List<String> lines, final String username, final String line) {
        PasswordFileEditor.find(lines, username)
                .ifPresentOrElse(index -> lines.set(index, line), () -> lines.add(line));
        return lines;
    }

    private static List<String> without(final List<String> lines, final String username) {
        final int index = PasswordFileEditor.find(lines, username)
                .orElseThrow(() -> new Refusal("user " + username + " not found in password file"));
        lines.remove(index);
        return lines;
    }

    /** Lines whose password is hashed already stay as they are. */
    private int upgrade() throws IOException {
        editor().edit(lines -> {
            for (int i = 0; i < lines.size(); i++) {
                lines.set(i, hashed(i + 1, lines.get(i)));
            }
            return lines;
        });
        return 0;
    }

    private String hashed(final int number, final String line) {
        if (line.isEmpty() || line.startsWith("#")) {
            return line;
        }
        final int colon = line.indexOf(':');
        final String fault = colon < 0 ? "expected name:password" : PasswordFile.nameFault(line.substring(0, colon));
        if (fault != null) {
            throw new Refusal(arguments.get(0) + ":" + number + ": " + fault);
        }
        final String password = line.substring(colon + 1);
        return isHash(password)
                ? line
                : line.substring(0, colon + 1)
                        + kind.hash(utf8(password), iterations).text();
    }

    private static boolean isHash(final String text) {
        try {
            PasswordHashParser.parse(text);
            return true;
        } catch (final IllegalArgumentException ex) {
            return false;
        }
    }

    private static byte[] utf8(final String password) {
        final byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_PASSWORD_BYTES || password.indexOf('\0') >= 0) {
            throw new Refusal("a password has at most " + MAX_PASSWORD_BYTES + " bytes, none of them zero");
        }
        return bytes;
    }

    /** Twice; without a terminal, from two lines of the input. */
    private static byte[] ask() throws IOException {
        final Console console = System.console();
        final BufferedReader input =
                console == null ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)) : null;
        final String first = prompt(console, input, "Password: ");
        final String second = prompt(console, input, "Reenter password: ");
        if (first == null || first.isEmpty()) {
            throw new Refusal("empty password");
        }
        if (!first.equals(second)) {
            throw new Refusal("passwords do not match");
        }
        return utf8(first);
    }

    private static String prompt(final Console console, final BufferedReader input, final String prompt)
            throws IOException {
        if (console == null) {
            System.err.print(prompt);
            final String line = input.readLine();
            System.err.println();
            return line;
        }
        final char[] typed = console.readPassword("%s", prompt);
        return typed == null ? null : new String(typed);
    }
}
