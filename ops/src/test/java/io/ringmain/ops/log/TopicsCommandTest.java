package io.ringmain.ops.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.catalog.CatalogFeed;
import io.ringmain.engine.catalog.CatalogFile;
import io.ringmain.engine.catalog.TopicCatalog;
import io.ringmain.ops.CommandRun;
import io.ringmain.ops.ExitCode;
import io.ringmain.storage.log.LogInspector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicsCommandTest {
    private static final long START_NS = 1_795_421_647_118_204_000L;
    private static final String TIME = "2026-11-23T08:14:07.118204Z";
    private static final String LATER = "2026-11-23T08:14:08.118204Z";

    @TempDir
    private Path dir;

    private SmallLog log;

    @BeforeEach
    void write() {
        log = new SmallLog(dir, START_NS);
        log.connect(7, "press-07");
        log.publish(7, "press-07", "plant/rpm", 1, false, "1473");
        log.publish(7, "press-07", "office/door", 1, true, "open");
        log.nextBlock(START_NS + 1_000_000_000L);
        log.publish(8, "other, \"one\"", "plant/rpm", 2, false, "14");
        log.disconnect(7, null);
    }

    private CommandRun ls(final String... options) {
        log.close();
        return CommandRun.of(Stream.concat(Stream.of("topics", "ls", "--data", dir.toString()), Stream.of(options))
                .toArray(String[]::new));
    }

    private void store(final int maxTopics) {
        log.close();
        final TopicCatalog catalog = new TopicCatalog(maxTopics);
        LogInspector.open(dir).scan(0, new CatalogFeed(catalog).slice(Long.MAX_VALUE, Long.MAX_VALUE));
        CatalogFile.write(catalog, CatalogFile.in(dir));
    }

    @Test
    void shouldListTopicsAsATable() {
        final CommandRun run = ls();
        assertEquals(ExitCode.OK, run.exitCode(), run.err());
        assertEquals("""
                topic        first                        last                         count  bytes  publisher
                office/door  2026-11-23T08:14:07.118204Z  2026-11-23T08:14:07.118204Z      1      4  press-07
                plant/rpm    2026-11-23T08:14:07.118204Z  2026-11-23T08:14:08.118204Z      2      6  other, "one"
                """, run.out());
        assertEquals("", run.err());
    }

    @Test
    void shouldListThemForPrograms() {
        assertEquals(
                "topic,first,last,count,bytes,publisher\n" + "office/door," + TIME + "," + TIME + ",1,4,press-07\n"
                        + "plant/rpm," + TIME + "," + LATER + ",2,6,\"other, \"\"one\"\"\"\n",
                ls("-o", "csv").out());
        final String door = "{\"topic\":\"office/door\",\"first\":\"" + TIME + "\",\"last\":\"" + TIME
                + "\",\"count\":1,\"bytes\":4,\"publisher\":\"press-07\"}";
        final String rpm = "{\"topic\":\"plant/rpm\",\"first\":\"" + TIME + "\",\"last\":\"" + LATER
                + "\",\"count\":2,\"bytes\":6,\"publisher\":\"other, \\\"one\\\"\"}";
        assertEquals(door + "\n" + rpm + "\n", ls("-o", "ndjson").out());
        assertEquals("[" + door + "," + rpm + "]\n", ls("-o", "json").out());
        assertEquals("[]\n", ls("-o", "json", "-t", "nothing").out());
        assertEquals("", ls("-o", "ndjson", "-t", "nothing").out());
    }

    @Test
    void shouldSelectByFilterAndCount() {
        assertEquals(2, ls("-t", "plant/#").out().lines().count());
        assertEquals(2, ls("-t", "+/door").out().lines().count());
        assertEquals(1, ls("-t", "+").out().lines().count());
        assertTrue(ls("-n", "1", "-o", "ndjson").out().contains("office/door"));
        assertEquals(1, ls("-n", "1", "-o", "ndjson").out().lines().count());
    }

    @Test
    void shouldLetNoTopicWriteToTheTerminal() {
        log.publish(7, "press-07", "red\u001b[31m", 1, false, "x");
        final CommandRun run = ls("-t", "+");
        assertTrue(run.out().contains("red\\u001b[31m  "), run.out());
    }

    @Test
    void shouldReadBehindWhatTheBrokerHasWritten() {
        store(10);
        log = new SmallLog(dir, START_NS + 1_000_000_000L);
        log.publish(8, "new", "plant/rpm", 2, false, "14");
        final CommandRun run = ls("-t", "plant/rpm", "-o", "csv");
        assertEquals(
                "plant/rpm," + TIME + "," + LATER + ",3,8,new",
                run.out().lines().skip(1).findFirst().orElseThrow());
        assertEquals("", run.err());
    }

    @Test
    void shouldUseWhatTheBrokerHasWritten() {
        store(1);
        final CommandRun run = ls("-o", "ndjson");
        assertTrue(run.out().startsWith("{\"topic\":\"plant/rpm\""), run.out());
        assertEquals(1, run.out().lines().count());
        assertEquals(
                "ringmain: 1 messages of further topics are not shown: the catalogue is full (catalog.max_topics);"
                        + " --scan reads the whole log\n",
                run.err());
        assertEquals(2, ls("-o", "ndjson", "--scan").out().lines().count());
    }

    @Test
    void shouldReadTheWholeLogWhenThatIsDamagedOrOfAnotherLog(@TempDir final Path other) throws IOException {
        store(10);
        final Path file = CatalogFile.in(dir);
        final byte[] bytes = Files.readAllBytes(file);
        bytes[60] ^= 1;
        Files.write(file, bytes);
        final CommandRun damaged = ls();
        assertEquals(3, damaged.out().lines().count());
        assertTrue(damaged.err().contains("damaged") && damaged.err().contains("the whole log is read"), damaged.err());
        bytes[60] ^= 1;
        Files.write(CatalogFile.in(other), bytes);
        try (SmallLog small = new SmallLog(other, START_NS + 5)) {
            small.publish(1, "a", "alone", 1, false, "x");
        }
        final CommandRun run = CommandRun.of("topics", "ls", "--data", other.toString(), "-o", "csv");
        assertEquals(2, run.out().lines().count(), run.out());
        assertTrue(run.err().contains("is not of this log"), run.err());
    }

    @Test
    void shouldSayWhatIsWrong(@TempDir final Path empty) throws IOException {
        assertEquals(ExitCode.USAGE, ls("-t", "a#").exitCode());
        assertEquals(ExitCode.USAGE, ls("-o", "xml").exitCode());
        assertEquals(
                ExitCode.NOT_FOUND,
                CommandRun.of("topics", "ls", "--data", empty.toString()).exitCode());
        final Path segment;
        try (Stream<Path> files = Files.walk(dir.resolve("log"))) {
            segment =
                    files.filter(f -> f.toString().endsWith(".cq4")).findFirst().orElseThrow();
        }
        final String text = new String(Files.readAllBytes(segment), StandardCharsets.ISO_8859_1);
        try (var raw = new java.io.RandomAccessFile(segment.toFile(), "rw")) {
            raw.seek(text.indexOf("other, "));
            raw.write('O');
        }
        final CommandRun run = ls("-o", "csv");
        assertEquals(ExitCode.DAMAGED, run.exitCode());
        assertTrue(run.err().contains("damaged record"), run.err());
        assertTrue(run.out().contains("plant/rpm," + TIME + "," + TIME + ",1,4,press-07"), run.out());
    }
}
