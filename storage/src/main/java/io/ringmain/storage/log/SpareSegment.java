package io.ringmain.storage.log;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The file of zeroes that a clean stop leaves behind unused: the next start takes it and needn't fill one before it can
 * serve. Its name has the number of its inode: a copy, which may have holes where the device has no room for it, has
 * another one and isn't taken.
 */
final class SpareSegment {
    private static final String SUFFIX = ".spare";

    private SpareSegment() {}

    static boolean isOne(final Path file) {
        return file.getFileName().toString().endsWith(SUFFIX);
    }

    /** Keeps a file that is whole and durable. */
    static void keep(final Path file) throws IOException {
        Files.move(file, file.resolveSibling(inode(file) + SUFFIX), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Gives the spare file another name, if there is one of this length; any other is removed.
     *
     * @return whether there was one.
     */
    static boolean take(final Path folder, final Path file, final long length) throws IOException {
        boolean taken = false;
        try (DirectoryStream<Path> spares = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (final Path spare : spares) {
                final boolean fits = spare.getFileName().toString().equals(inode(spare) + SUFFIX);
                if (!taken && fits && Files.size(spare) == length) {
                    Files.move(spare, file, StandardCopyOption.ATOMIC_MOVE);
                    taken = true;
                } else {
                    Files.delete(spare);
                }
            }
        }
        return taken;
    }

    private static String inode(final Path file) throws IOException {
        try {
            return String.valueOf(Files.getAttribute(file, "unix:ino"));
        } catch (final UnsupportedOperationException ex) {
            throw new IOException("no inodes here", ex);
        }
    }
}
