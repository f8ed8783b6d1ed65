package io.ringmain.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StartProgressTest {
    private static final long MB = 1 << 20;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long nowNs;

    private StartProgress progress(final boolean terminal) {
        return new StartProgress(new PrintStream(out, true, StandardCharsets.UTF_8), () -> nowNs, terminal);
    }

    private void pass(final long millis) {
        nowNs += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void shouldSayNothingOfAQuickStart() {
        final StartProgress progress = progress(false);
        progress.show("reading the log", 0, 100, 0);
        pass(1999);
        progress.show("reading the log", 100, 100, 9);
        pass(1999);
        progress.show("replaying the log", 1, 100, 1);
        progress.end();
        assertEquals("", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldSayEveryTwoSecondsHowFarItIsAndHowLongItWillTake() {
        final StartProgress progress = progress(false);
        progress.show("reading the log", 0, 400 * MB, 0);
        pass(2000);
        progress.show("reading the log", 100 * MB, 400 * MB, 1234);
        pass(1000);
        progress.show("reading the log", 150 * MB, 400 * MB, 2000);
        pass(1000);
        progress.show("reading the log", 200 * MB, 400 * MB, 2468);
        progress.end();
        assertEquals(
                "reading the log   25%  100 MB/400 MB  eta 6 s   records 1,234\n"
                        + "reading the log   50%  200 MB/400 MB  eta 4 s   records 2,468\n",
                out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldWriteOverItsLineOnATerminalAndEndIt() {
        final StartProgress progress = progress(true);
        progress.show("replaying the log", 0, 4 * MB, 0);
        pass(4000);
        progress.show("replaying the log", 2 * MB, 4 * MB, 5);
        progress.end();
        progress.end();
        assertEquals(
                "\rreplaying the log   50%  2 MB/4 MB  eta 4 s   records 5 \n", out.toString(StandardCharsets.UTF_8));
    }
}
