package io.ringmain.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a data directory out of an archive: one that every reading tool takes for a log, and that no broker starts on.
 * The records keep their bytes and positions, with the gaps between them; so they become files of kept records, which are
 * for just that, and not segments, which have no gaps.
 */
public final class ArchiveImport {
    /** So that a file of kept records stays below the 2 GiB that can be mapped, its table included. */
    private static final long BYTES_PER_FILE = 1 << 30;

    private final ArchiveReader archive;
    private final LogDirectory directory;
    private final long bytesPerFile;

    private ArchiveImport(final ArchiveReader archive, final LogDirectory directory, final long bytesPerFile) {
        this.archive = archive;
        this.directory = directory;
        this.bytesPerFile = bytesPerFile;
    }

    /** Why nothing may be imported into a directory, null if it may. */
    public static String obstacle(final Path dataDir) {
        if (DirectoryLock.isHeld(dataDir)) {
            return dataDir + " is in use by a broker";
        }
        final Path log = new LogDirectory(dataDir).sealed();
        if (!Files.exists(log)) {
            return Files.exists(dataDir) && !Files.isDirectory(dataDir) ? dataDir + " is not a directory" : null;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(log)) {
            return files.iterator().hasNext() ? "there is a log in " + dataDir + " already" : null;
        } catch (final IOException ex) {
            return "can't list " + log + ": " + ex;
        }
    }

    /**
     * Verifies an archive and makes a data directory of it. There must be no {@link #obstacle}.
     *
     * @throws LogException when the archive is damaged, or the directory can't be used.
     */
    public static ArchiveSummary run(final Path file, final Path dataDir, final LogInspector.Progress progress) {
        return run(file, dataDir, BYTES_PER_FILE, progress);
    }

    static ArchiveSummary run(
            final Path file, final Path dataDir, final long bytesPerFile, final LogInspector.Progress progress) {
        final LogDirectory directory = new LogDirectory(dataDir);
        try (ArchiveReader archive = ArchiveReader.open(file)) {
            archive.verify(progress);
            Files.createDirectories(directory.sealed());
            final DirectoryLock lock = DirectoryLock.acquire(dataDir);
            try {
                mark(directory, archive.summary());
                new ArchiveImport(archive, directory, bytesPerFile).write();
            } finally {
                lock.close();
            }
            return archive.summary();
        } catch (final IOException ex) {
            throw new LogException("can't import into " + dataDir + ": " + ex, ex);
        }
    }

    /** Says where the records are from, for people, and for a broker that it is not to start here. */
    private static void mark(final LogDirectory directory, final ArchiveSummary summary) throws IOException {
        final String text = "imported from " + summary.file() + "\nsha256: " + summary.sha256() + "\n" + summary.text();
        try (FileChannel channel =
                FileChannel.open(directory.imported(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            final ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        LogDirectory.force(directory.sealed());
    }

    private void write() throws IOException {
        final List<Long> starts = starts();
        for (int i = 0; i < starts.size(); i++) {
            final long next = i + 1 < starts.size()
                    ? starts.get(i + 1)
                    : archive.summary().nextPosition();
            write(starts.get(i), next);
        }
    }

    /** Position of the first record of each file. */
    private List<Long> starts() {
        final List<Long> starts = new ArrayList<>();
        final long[] fileBytes = {bytesPerFile};
        archive.scan(0, (position, buffer, offset, length) -> {
            if (fileBytes[0] >= bytesPerFile) {
                starts.add(position);
                fileBytes[0] = 0;
            }
            fileBytes[0] += length;
            return true;
        });
        return starts;
    }

    private void write(final long firstPosition, final long nextPosition) throws IOException {
        final IOException[] failure = {null};
        try (KeptWriter writer = new KeptWriter(directory, firstPosition, nextPosition, step -> {})) {
            archive.scan(firstPosition, (position, buffer, offset, length) -> {
                if (position >= nextPosition) {
                    return false;
                }
                try {
                    writer.add(position, buffer, offset, length);
                    return true;
                } catch (final IOException ex) {
                    failure[0] = ex;
                    return false;
                }
            });
            if (failure[0] != null) {
                throw failure[0];
            }
            writer.finish();
        }
    }
}
