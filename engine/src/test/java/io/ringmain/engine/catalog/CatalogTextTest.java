package io.ringmain.engine.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

class CatalogTextTest {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();

    private void check(final Instant instant) {
        final long ns = TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
        final int length = CatalogText.writeTime(buffer, 3, ns);
        assertEquals(TIME.format(instant), buffer.getStringWithoutLengthAscii(3, length));
    }

    @Test
    void shouldWriteTimesAsTheLibraryDoes() {
        check(Instant.EPOCH);
        check(Instant.parse("1969-12-31T23:59:59.999999999Z"));
        check(Instant.parse("2262-04-11T23:47:16.854775Z"));
        final SplittableRandom random = new SplittableRandom(1);
        for (LocalDate day = LocalDate.of(1970, 1, 1); day.getYear() < 2120; day = day.plusDays(1)) {
            check(day.atStartOfDay(ZoneOffset.UTC).toInstant().plusNanos(random.nextLong(TimeUnit.DAYS.toNanos(1))));
        }
    }

    @Test
    void shouldWriteWhatEveryReaderOfJsonTakes() {
        final TopicCatalog catalog = new TopicCatalog(10);
        TopicCatalogTest.add(catalog, 1_795_421_647_118_204_999L, "a", "say \"hi\" \\ \n \u00e4\ud83d\ude00", 12);
        final CatalogAnswer answer = TopicCatalogTest.answer(catalog, "#");
        final int length = CatalogText.writeTopic(buffer, 0, answer, 0);
        assertEquals(
                "{\"first\":\"2026-11-23T08:14:07.118204Z\",\"last\":\"2026-11-23T08:14:07.118204Z\",\"count\":1,"
                        + "\"bytes\":12,\"publisher\":\"say \\\"hi\\\" \\\\ \\u000a \u00e4\ud83d\ude00\"}",
                buffer.getStringWithoutLengthUtf8(0, length));
        final int end = CatalogText.writeEnd(buffer, 0, answer);
        assertEquals("{\"topics\":1,\"beyondCap\":0,\"asOf\":0}", buffer.getStringWithoutLengthAscii(0, end));
    }
}
