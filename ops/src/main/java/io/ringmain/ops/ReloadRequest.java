package io.ringmain.ops;

import io.ringmain.storage.DataFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How a tool asks the broker that uses a data directory to reload, and gets its answer: two files, so that only who may
 * write to that directory can ask. Each question has a number of its own, which its answer repeats.
 */
final class ReloadRequest {
    private final Path question;
    private final Path answer;

    ReloadRequest(final Path dataDir) {
        this.question = dataDir.resolve("RELOAD");
        this.answer = dataDir.resolve("RELOADED");
    }

    /** Asks; returns the number of the question. */
    String ask() throws IOException {
        final String number = UUID.randomUUID().toString();
        write(question, List.of(number));
        return number;
    }

    /** The number of a question that nobody has taken; it is taken now. */
    Optional<String> take() throws IOException {
        if (!Files.exists(question)) {
            return Optional.empty();
        }
        try {
            final String number = Files.readString(question).strip();
            Files.deleteIfExists(question);
            return Optional.of(number);
        } catch (final NoSuchFileException ex) {
            return Optional.empty();
        }
    }

    /** Takes a question back. */
    void withdraw() throws IOException {
        Files.deleteIfExists(question);
    }

    /** Answers a question with what is wrong, nothing if nothing is. */
    void answer(final String number, final List<String> errors) throws IOException {
        final List<String> lines = new ArrayList<>(List.of(number));
        lines.addAll(errors);
        write(answer, lines);
    }

    /** The answer to a question, empty while there is none. */
    Optional<List<String>> answerTo(final String number) throws IOException {
        try {
            final List<String> lines = Files.readAllLines(answer);
            if (lines.isEmpty() || !lines.get(0).equals(number)) {
                return Optional.empty();
            }
            Files.deleteIfExists(answer);
            return Optional.of(lines.subList(1, lines.size()));
        } catch (final NoSuchFileException ex) {
            return Optional.empty();
        }
    }

    /** Whole or not at all. */
    private static void write(final Path file, final List<String> lines) throws IOException {
        final Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
        try (FileChannel channel = DataFiles.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            final ByteBuffer bytes = StandardCharsets.UTF_8.encode(String.join("\n", lines) + "\n");
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
