package io.ringmain.storage.log;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Reads kept records for one reader: it maps the files itself, when it needs them, and lets go of those that are not in
 * the set any more. Confined to one thread.
 */
final class KeptReader implements AutoCloseable {
    private final KeptFiles files;
    private final Map<KeptRange, KeptFile> mapped = new HashMap<>();
    private KeptRange[] seen = {};

    KeptReader(final KeptFiles files) {
        this.files = files;
    }

    /** As {@link LogReader#read}, among the kept records. */
    boolean read(final long position, final LogReader.RecordHandler handler) {
        letGo();
        final int index = KeptFiles.find(seen, position);
        if (index < 0) {
            return false;
        }
        final KeptFile file = map(seen[index]);
        if (file == null) {
            return read(position, handler);
        }
        final int record = file.find(position);
        if (record == KeptFile.NOT_FOUND || !file.isIntact(record)) {
            return false;
        }
        handler.onRecord(position, file.buffer(), file.offset(record), file.length(record));
        return true;
    }

    /** The mapping of a file of the set; null if the set has changed. */
    private KeptFile map(final KeptRange range) {
        KeptFile file = mapped.get(range);
        if (file != null) {
            return file;
        }
        try {
            file = KeptFile.open(range.file());
        } catch (final NoSuchFileException ex) {
            if (files.ranges() != seen) {
                return null;
            }
            throw new LogException("no file of kept records " + range.file(), ex);
        } catch (final IOException ex) {
            throw new LogException("can't map " + range.file() + ": " + ex, ex);
        }
        mapped.put(range, file);
        return file;
    }

    /** Unmaps what the set has lost: it holds its space on disk until then. */
    void letGo() {
        final KeptRange[] now = files.ranges();
        if (now == seen) {
            return;
        }
        seen = now;
        final List<KeptRange> there = List.of(now);
        final Iterator<Map.Entry<KeptRange, KeptFile>> iterator =
                mapped.entrySet().iterator();
        while (iterator.hasNext()) {
            final Map.Entry<KeptRange, KeptFile> entry = iterator.next();
            if (!there.contains(entry.getKey())) {
                entry.getValue().close();
                iterator.remove();
            }
        }
    }

    @Override
    public void close() {
        mapped.values().forEach(KeptFile::close);
        mapped.clear();
    }
}
