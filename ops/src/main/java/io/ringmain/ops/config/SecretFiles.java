package io.ringmain.ops.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Files that hold what nobody else must know. */
public final class SecretFiles {
    private SecretFiles() {}

    /**
     * Why such a file isn't read: it isn't there, is too long, or others can read or write it.
     *
     * @return a sentence with the name of the file; null if nothing is wrong.
     */
    public static String problem(final Path file, final long maxBytes) {
        try {
            if (!Files.isRegularFile(file)) {
                return file + (Files.exists(file) ? ": not a file" : ": there is no such file");
            }
            if (!Files.isReadable(file)) {
                return file + ": can't be read: not permitted";
            }
            if (Files.size(file) > maxBytes) {
                return file + ": longer than " + maxBytes + " bytes";
            }
            final Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            return permissions.contains(PosixFilePermission.OTHERS_READ)
                            || permissions.contains(PosixFilePermission.OTHERS_WRITE)
                    ? file + ": everybody on this machine can read or write it: chmod 600 " + file
                    : null;
        } catch (final UnsupportedOperationException ex) {
            // A file system without such permissions.
            return null;
        } catch (final IOException ex) {
            return file + ": can't be read: " + ex.getMessage();
        }
    }
}
