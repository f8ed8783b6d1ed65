package io.ringmain.storage.log;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Looks at kept records from outside, beside a broker that may merge or delete the files meanwhile. Confined to one
 * thread.
 */
final class KeptInspection {
    private final LogDirectory directory;
    private long reached;
    private boolean stopped;
    private long records;
    private long findings;

    KeptInspection(final LogDirectory directory) {
        this.directory = directory;
    }

    /**
     * Hands out the kept records of a range in the order of their positions.
     *
     * @return false if the handler stopped; {@link #reached()} is behind the last record then.
     * @throws LogException at a damaged file or record, naming its place.
     */
    boolean scan(final long fromPosition, final long limitPosition, final LogReader.RecordHandler handler) {
        reached = fromPosition;
        stopped = false;
        boolean changed;
        do {
            changed = false;
            for (final Path file : directory.keptFiles()) {
                try (KeptFile kept = KeptFile.open(file)) {
                    scan(kept, limitPosition, handler);
                } catch (final NoSuchFileException ex) {
                    // Merged into another, which a new look at the directory shows; or gone, being dead.
                    changed = true;
                    break;
                } catch (final IOException ex) {
                    throw new LogException("can't read " + file + ": " + ex, ex);
                }
            }
        } while (changed && !stopped);
        return !stopped;
    }

    /** Where files overlap, as a crash may leave them, each record comes once: positions only ascend. */
    private void scan(final KeptFile kept, final long limitPosition, final LogReader.RecordHandler handler) {
        for (int i = kept.firstNotBefore(reached); i < kept.count() && !stopped; i++) {
            final long position = kept.position(i);
            if (position >= limitPosition) {
                return;
            }
            if (!kept.isIntact(i)) {
                throw LogException.damaged("damaged record in " + kept.file() + " at byte " + kept.offset(i)
                        + ", position " + position + ": run 'ringmain log verify'");
            }
            stopped = !handler.onRecord(position, kept.buffer(), kept.offset(i), kept.length(i));
            reached = position + RecordDescriptor.alignedLength(kept.length(i));
        }
    }

    /** Position behind the last record that was handed out. */
    long reached() {
        return reached;
    }

    /** Checks the table and every record of a file; one that is gone meanwhile is no finding. */
    void verify(final Path file, final Consumer<LogFinding> handler) {
        try (KeptFile kept = KeptFile.map(file)) {
            final String damage = kept.damage();
            if (damage != null) {
                found(new LogFinding(file, 0, -1, damage), handler);
                return;
            }
            for (int i = 0; i < kept.count(); i++) {
                records++;
                if (!kept.isIntact(i)) {
                    found(new LogFinding(file, kept.offset(i), kept.position(i), "record CRC"), handler);
                }
            }
        } catch (final NoSuchFileException ignored) {
            // Merged or dead, and so replaced or deleted.
        } catch (final IOException ex) {
            throw new LogException("can't read " + file + ": " + ex, ex);
        }
    }

    private void found(final LogFinding finding, final Consumer<LogFinding> handler) {
        findings++;
        handler.accept(finding);
    }

    /** Records that were checked. */
    long records() {
        return records;
    }

    long findings() {
        return findings;
    }

    /** What the files hold, by their tables. */
    List<KeptRange> ranges() {
        final List<KeptRange> ranges = new ArrayList<>();
        for (final Path file : directory.keptFiles()) {
            try (KeptFile kept = KeptFile.open(file)) {
                ranges.add(kept.range());
            } catch (final NoSuchFileException ignored) {
                // Gone meanwhile.
            } catch (final IOException ex) {
                throw new LogException("can't read " + file + ": " + ex, ex);
            }
        }
        return ranges;
    }
}
