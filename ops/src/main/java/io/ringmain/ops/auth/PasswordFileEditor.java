package io.ringmain.ops.auth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Changes a password file as a whole: whoever reads it meanwhile sees the old one or the new one, a crash leaves one of
 * them, and of two that change it at once one waits. Lines that aren't concerned, comments too, stay as they are.
 */
final class PasswordFileEditor {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<?> CREATED = PosixFilePermissions.asFileAttribute(OWNER_ONLY);

    private final Path file;

    PasswordFileEditor(final Path file) {
        this.file = file;
    }

    /** Replaces what is there, if anything is, by nothing, then goes on as {@link #edit}. */
    void create(final UnaryOperator<List<String>> change) throws IOException {
        locked(() -> write(change.apply(new ArrayList<>())));
    }

    /**
     * Changes the lines of the file.
     *
     * @param change gets the lines, which it may alter, and answers the new ones.
     * @throws NoSuchFileException if there is no such file.
     */
    void edit(final UnaryOperator<List<String>> change) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        locked(() -> write(change.apply(new ArrayList<>(Files.readAllLines(file)))));
    }

    private interface Action {
        void run() throws IOException;
    }

    /** The lock is a file beside it: the password file itself is replaced, and a lock on it would go with it. */
    private void locked(final Action action) throws IOException {
        final Path lock = sibling(".lock");
        try (FileChannel channel =
                        FileChannel.open(lock, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), CREATED);
                FileLock held = channel.lock()) {
            if (held.isValid()) {
                action.run();
            }
        }
    }

    private Path sibling(final String suffix) {
        return file.toAbsolutePath().resolveSibling("." + file.getFileName() + suffix);
    }

    private void write(final List<String> lines) throws IOException {
        final Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        final Path temporary = sibling(".new");
        Files.deleteIfExists(temporary);
        try (FileChannel channel =
                FileChannel.open(temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), CREATED)) {
            final String text = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
            final ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        keepAttributes(target, temporary);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** Owner, group and what the group may stay as they were, so that a broker of another user can go on reading it. */
    private static void keepAttributes(final Path target, final Path temporary) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        final Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(target);
        permissions.remove(PosixFilePermission.OTHERS_READ);
        permissions.remove(PosixFilePermission.OTHERS_WRITE);
        permissions.remove(PosixFilePermission.OTHERS_EXECUTE);
        final int owner = (Integer) Files.getAttribute(target, "unix:uid");
        final int group = (Integer) Files.getAttribute(target, "unix:gid");
        if (owner != (Integer) Files.getAttribute(temporary, "unix:uid")) {
            Files.setAttribute(temporary, "unix:uid", owner);
        }
        if (group != (Integer) Files.getAttribute(temporary, "unix:gid")) {
            Files.setAttribute(temporary, "unix:gid", group);
        }
        Files.setPosixFilePermissions(temporary, permissions);
    }

    /** Index of the line of a user. */
    static Optional<Integer> find(final List<String> lines, final String username) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(username + ":")) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }
}
