package io.ringmain.engine.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.storage.snapshot.SnapshotException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogFileTest {
    @TempDir
    private Path data;

    private static TopicCatalog filled(final int maxTopics, final int topics) {
        final TopicCatalog catalog = new TopicCatalog(maxTopics);
        for (int i = 0; i < topics; i++) {
            TopicCatalogTest.add(catalog, 1000 + i, "site/" + i * 7919 % topics, "p" + i % 3, i);
        }
        catalog.advance(640, 704, 5000);
        return catalog;
    }

    private static String text(final TopicCatalog catalog) {
        final StringBuilder text = new StringBuilder();
        final CatalogAnswer answer = TopicCatalogTest.answer(catalog, "#");
        for (int i = 0; i < answer.size(); i++) {
            text.append(new String(answer.topic(i), StandardCharsets.UTF_8))
                    .append(' ')
                    .append(new String(answer.publisher(i), StandardCharsets.UTF_8))
                    .append(Arrays.toString(
                            new long[] {answer.firstNs(i), answer.lastNs(i), answer.messages(i), answer.bytes(i)}))
                    .append('\n');
        }
        return text.toString();
    }

    @Test
    void shouldReadBackWhatItWrote() {
        final TopicCatalog catalog = filled(40_000, 30_000);
        final Path file = CatalogFile.in(data);
        assertEquals(CatalogFile.write(catalog, file), file.toFile().length());
        final TopicCatalog read = CatalogFile.read(file, 40_000);
        assertEquals(text(catalog), text(read));
        assertEquals(640, read.position());
        assertEquals(704, read.nextPosition());
        assertEquals(5000, read.timestampNs());
        TopicCatalogTest.add(read, 9000, "site/5", "late", 1);
        TopicCatalogTest.add(read, 9000, "site/", "late", 1);
        assertEquals(30_001, read.size());
        assertEquals(
                "site/",
                TopicCatalogTest.topics(TopicCatalogTest.answer(read, "#")).get(0));
        CatalogFile.write(read, file);
        assertEquals(text(read), text(CatalogFile.read(file, 40_000)));
    }

    @Test
    void shouldBeEmptyWithoutAFile() {
        final TopicCatalog catalog = CatalogFile.read(CatalogFile.in(data), 10);
        assertEquals(0, catalog.size());
        assertEquals(-1, catalog.position());
        assertEquals(0, catalog.nextPosition());
    }

    @Test
    void shouldCountWhatASmallerBoundHasNoRoomFor() {
        final TopicCatalog catalog = filled(3, 5);
        assertEquals(2, catalog.messagesBeyondCap());
        CatalogFile.write(catalog, CatalogFile.in(data));
        final TopicCatalog smaller = CatalogFile.read(CatalogFile.in(data), 2);
        assertEquals(2, smaller.size());
        assertEquals(3, smaller.messagesBeyondCap());
    }

    @Test
    void shouldRefuseAFileWithAnyByteChangedOrMissing() throws IOException {
        final Path file = CatalogFile.in(data);
        CatalogFile.write(filled(100, 20), file);
        final byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < bytes.length; i++) {
            final byte[] damaged = bytes.clone();
            damaged[i] ^= 0x10;
            Files.write(file, damaged);
            assertThrows(SnapshotException.class, () -> CatalogFile.read(file, 100), "byte " + i);
            Files.write(file, Arrays.copyOf(bytes, i));
            assertThrows(SnapshotException.class, () -> CatalogFile.read(file, 100), "length " + i);
        }
    }

    @Test
    void shouldKeepTheOldFileWhenTheNewOneCantBeWritten() throws IOException {
        final Path file = CatalogFile.in(data);
        CatalogFile.write(filled(100, 20), file);
        Files.createDirectory(data.resolve("catalog.tmp"));
        final SnapshotException refused =
                assertThrows(SnapshotException.class, () -> CatalogFile.write(filled(100, 30), file));
        assertTrue(refused.getMessage().contains("catalog.tmp"), refused.getMessage());
        assertEquals(20, CatalogFile.read(file, 100).size());
        assertEquals(
                List.of("catalog", "catalog.tmp"),
                Arrays.asList(data.toFile().list()).stream().sorted().toList());
    }
}
