package io.ringmain.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Makes files and directories that nobody but their owner can read, as payloads are in them, and whose names survive the
 * loss of power.
 */
public final class DataFiles {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<?> OWNER_FILE = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
    private static final FileAttribute<?> OWNER_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?>[] NONE = {};

    private DataFiles() {}

    /** Opens a file; one that it makes has mode 0600. */
    public static FileChannel open(final Path file, final OpenOption... options) throws IOException {
        return FileChannel.open(file, Set.of(options), attributes(file, OWNER_FILE));
    }

    /** Makes a directory with mode 0700, and those above it. One that is there already stays as it is. */
    public static void createDirectories(final Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        final Path parent = directory.toAbsolutePath().getParent();
        createDirectories(parent);
        Files.createDirectory(directory, attributes(directory, OWNER_DIRECTORY));
        forceDirectory(parent);
    }

    /** Takes a file that somebody else has made from everybody but its owner. */
    public static void restrict(final Path file) throws IOException {
        if (isPosix(file)) {
            Files.setPosixFilePermissions(file, OWNER_ONLY);
        }
    }

    /** Makes the names in a directory durable. */
    public static void forceDirectory(final Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static FileAttribute<?>[] attributes(final Path path, final FileAttribute<?> attribute) {
        return isPosix(path) ? new FileAttribute<?>[] {attribute} : NONE;
    }

    private static boolean isPosix(final Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
