package io.ringmain.storage.log;

import io.ringmain.storage.DataFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/** One broker per data directory: a file lock, and in the file who holds it. The kernel frees it with the process. */
public final class DirectoryLock implements AutoCloseable {
    private final FileChannel channel;

    private DirectoryLock(final FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws LogException when another process (or this one) holds it, naming the holder.
     */
    static DirectoryLock acquire(final Path data) throws IOException {
        final Path file = data.resolve("LOCK");
        final FileChannel channel =
                DataFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            final FileLock lock = tryLock(channel);
            if (lock == null) {
                throw new LogException("the data directory " + data.toAbsolutePath() + " is in use by another broker: "
                        + Files.readString(file).strip());
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(holder().getBytes(StandardCharsets.UTF_8)), 0);
            return new DirectoryLock(channel);
        } catch (final IOException | RuntimeException ex) {
            channel.close();
            throw ex;
        }
    }

    /** Whether some process holds the lock, this one too; takes nothing and changes nothing. */
    public static boolean isHeld(final Path data) {
        try (FileChannel channel = FileChannel.open(data.resolve("LOCK"), StandardOpenOption.READ);
                FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return lock == null;
        } catch (final OverlappingFileLockException ex) {
            return true;
        } catch (final IOException ex) {
            return false;
        }
    }

    /** What the file says of who holds the lock; empty if nobody does. */
    static String holder(final Path data) {
        try {
            return isHeld(data) ? Files.readString(data.resolve("LOCK")).strip() : "";
        } catch (final IOException ex) {
            return "somebody: " + ex;
        }
    }

    private static FileLock tryLock(final FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (final OverlappingFileLockException ex) {
            return null;
        }
    }

    private static String holder() {
        return "pid " + ProcessHandle.current().pid() + " on " + host() + " since " + Instant.now() + "\n";
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (final UnknownHostException ex) {
            return "this host";
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (final IOException ex) {
            throw new LogException("can't release the lock of the data directory: " + ex, ex);
        }
    }
}
