package io.ringmain.engine.catalog;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringmain.storage.snapshot.SnapshotException;
import io.ringmain.storage.snapshot.SnapshotReader;
import io.ringmain.storage.snapshot.SnapshotWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * The catalogue on disk, {@code data/catalog}: a snapshot file, whose position and time are those of the last record
 * that was looked at, with two kinds of sections, little-endian.
 *
 * <pre>
 *  SUMMARY, the first:   version i32 | topics i32 | messages beyond the cap i64 | next position i64
 *  TOPIC, in topic order:
 *    0          8         16          24             32                 34             36
 *    +----------+---------+-----------+--------------+------------------+--------------+-------+-----------+
 *    | first ns | last ns | messages  | payload bytes| publisher length | topic length | topic | publisher |
 *    +----------+---------+-----------+--------------+------------------+--------------+-------+-----------+
 * </pre>
 */
public final class CatalogFile {
    private static final int VERSION = 1;
    private static final int SUMMARY = 1;
    private static final int TOPIC = 2;

    private static final int SUMMARY_TOPICS_OFFSET = 4;
    private static final int SUMMARY_BEYOND_CAP_OFFSET = 8;
    private static final int SUMMARY_NEXT_POSITION_OFFSET = 16;
    private static final int SUMMARY_LENGTH = 24;

    private static final int LAST_OFFSET = 8;
    private static final int MESSAGES_OFFSET = 16;
    private static final int BYTES_OFFSET = 24;
    private static final int PUBLISHER_LENGTH_OFFSET = 32;
    private static final int TOPIC_LENGTH_OFFSET = 34;
    private static final int NAMES_OFFSET = 36;

    private final Path file;
    private final TopicCatalog catalog;
    private int topics = -1;
    private long nextPosition;
    private int seen;

    private CatalogFile(final Path file, final TopicCatalog catalog) {
        this.file = file;
        this.catalog = catalog;
    }

    /** Where it lies. */
    public static Path in(final Path dataDir) {
        return dataDir.resolve("catalog");
    }

    /**
     * Replaces the file.
     *
     * @return its length in bytes.
     * @throws SnapshotException when it can't be written; the old one stays.
     */
    public static long write(final TopicCatalog catalog, final Path file) {
        catalog.sort();
        final ExpandableArrayBuffer section = new ExpandableArrayBuffer();
        try (SnapshotWriter writer = SnapshotWriter.of(file, catalog.position(), catalog.timestampNs())) {
            section.putInt(0, VERSION, LITTLE_ENDIAN);
            section.putInt(SUMMARY_TOPICS_OFFSET, catalog.size(), LITTLE_ENDIAN);
            section.putLong(SUMMARY_BEYOND_CAP_OFFSET, catalog.messagesBeyondCap(), LITTLE_ENDIAN);
            section.putLong(SUMMARY_NEXT_POSITION_OFFSET, catalog.nextPosition(), LITTLE_ENDIAN);
            writer.section(SUMMARY, section, 0, SUMMARY_LENGTH);
            for (int i = 0; i < catalog.size(); i++) {
                writer.section(TOPIC, section, 0, writeTopic(section, catalog.entry(i)));
            }
            return writer.finish();
        }
    }

    private static int writeTopic(final ExpandableArrayBuffer section, final CatalogEntry entry) {
        section.putLong(0, entry.firstNs, LITTLE_ENDIAN);
        section.putLong(LAST_OFFSET, entry.lastNs, LITTLE_ENDIAN);
        section.putLong(MESSAGES_OFFSET, entry.messages, LITTLE_ENDIAN);
        section.putLong(BYTES_OFFSET, entry.bytes, LITTLE_ENDIAN);
        section.putShort(PUBLISHER_LENGTH_OFFSET, (short) entry.publisher.length, LITTLE_ENDIAN);
        section.putShort(TOPIC_LENGTH_OFFSET, (short) entry.topic.length, LITTLE_ENDIAN);
        section.putBytes(NAMES_OFFSET, entry.topic);
        section.putBytes(NAMES_OFFSET + entry.topic.length, entry.publisher);
        return NAMES_OFFSET + entry.topic.length + entry.publisher.length;
    }

    /**
     * Reads the file, or makes an empty catalogue if there is none.
     *
     * @throws SnapshotException when it is not intact.
     */
    public static TopicCatalog read(final Path file, final int maxTopics) {
        final TopicCatalog catalog = new TopicCatalog(maxTopics);
        if (Files.exists(file)) {
            new CatalogFile(file, catalog).read();
        }
        return catalog;
    }

    private void read() {
        final SnapshotReader.Summary summary = SnapshotReader.read(file, this::onSection);
        if (topics != seen) {
            throw new SnapshotException(file + " has " + seen + " topics, and says " + topics);
        }
        catalog.advance(summary.position(), nextPosition, summary.timestampNs());
    }

    private void onSection(final int type, final DirectBuffer buffer, final int offset, final int length) {
        if (type == SUMMARY && length == SUMMARY_LENGTH && buffer.getInt(offset, LITTLE_ENDIAN) == VERSION) {
            topics = buffer.getInt(offset + SUMMARY_TOPICS_OFFSET, LITTLE_ENDIAN);
            nextPosition = buffer.getLong(offset + SUMMARY_NEXT_POSITION_OFFSET, LITTLE_ENDIAN);
            catalog.restoreMessagesBeyondCap(buffer.getLong(offset + SUMMARY_BEYOND_CAP_OFFSET, LITTLE_ENDIAN));
        } else if (type == TOPIC && topics >= 0 && length >= NAMES_OFFSET) {
            onTopic(buffer, offset, length);
        } else {
            throw new SnapshotException(file + " is no catalogue of version " + VERSION);
        }
    }

    private void onTopic(final DirectBuffer buffer, final int offset, final int length) {
        final int publisherLength = buffer.getShort(offset + PUBLISHER_LENGTH_OFFSET, LITTLE_ENDIAN) & 0xFFFF;
        final int topicLength = buffer.getShort(offset + TOPIC_LENGTH_OFFSET, LITTLE_ENDIAN) & 0xFFFF;
        if (NAMES_OFFSET + topicLength + publisherLength != length) {
            throw new SnapshotException(file + " has a topic of " + length + " bytes, and it says "
                    + (NAMES_OFFSET + topicLength + publisherLength));
        }
        seen++;
        catalog.restore(
                buffer,
                offset + NAMES_OFFSET,
                topicLength,
                offset + NAMES_OFFSET + topicLength,
                publisherLength,
                buffer.getLong(offset, LITTLE_ENDIAN),
                buffer.getLong(offset + LAST_OFFSET, LITTLE_ENDIAN),
                buffer.getLong(offset + MESSAGES_OFFSET, LITTLE_ENDIAN),
                buffer.getLong(offset + BYTES_OFFSET, LITTLE_ENDIAN));
    }
}
