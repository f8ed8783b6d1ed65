package io.ringmain.engine.io;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/**
 * The file of a Unix domain socket: who may open it may connect. It is made in a directory that nobody else may enter,
 * given its mode there, and then moved to its place: there is no moment at which it is open to others. One that a broker
 * left behind which was killed is replaced; one that somebody listens on isn't, nor is any other file.
 */
final class UnixSocketFile {
    private static final int FILE_TYPE = 0170000;
    private static final int SOCKET = 0140000;

    private final Path path;
    private final Object key;

    private UnixSocketFile(final Path path, final Object key) {
        this.path = path;
        this.key = key;
    }

    /**
     * Binds the channel and puts the file in its place.
     *
     * @param mode of the file: the nine bits of chmod.
     */
    static UnixSocketFile bind(
            final ServerSocketChannel channel, final UnixDomainSocketAddress address, final int mode, final int backlog)
            throws IOException {
        final Path path = address.getPath().toAbsolutePath();
        checkPlace(path);
        final Path dir = Files.createTempDirectory(path.getParent(), ".rm");
        final Path file = dir.resolve("s");
        try {
            channel.bind(UnixDomainSocketAddress.of(file), backlog);
            Files.setPosixFilePermissions(file, permissions(mode));
            final Object key = key(file);
            Files.move(file, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return new UnixSocketFile(path, key);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(dir);
        }
    }

    private static void checkPlace(final Path path) throws IOException {
        final int type;
        try {
            type = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & FILE_TYPE;
        } catch (final NoSuchFileException ex) {
            return;
        }
        if (type != SOCKET) {
            throw new IOException("there is a file that is no socket");
        }
        if (hasListener(path)) {
            throw new IOException("somebody listens there already");
        }
    }

    /** Nobody does if we are refused: whoever made the file has gone without removing it. */
    private static boolean hasListener(final Path path) throws IOException {
        try {
            SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
            return true;
        } catch (final ConnectException ex) {
            return false;
        }
    }

    private static Set<PosixFilePermission> permissions(final int mode) {
        final Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (final PosixFilePermission permission : PosixFilePermission.values()) {
            // The constants stand in the order of the bits, the highest first.
            if ((mode & 0400 >> permission.ordinal()) != 0) {
                permissions.add(permission);
            }
        }
        return permissions;
    }

    private static Object key(final Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    /** Removes the file, unless another has come into its place. */
    void remove() {
        try {
            if (key.equals(key(path))) {
                Files.delete(path);
            }
        } catch (final IOException ex) {
            // It is gone, or stays and is replaced by the next that listens there.
            return;
        }
    }
}
