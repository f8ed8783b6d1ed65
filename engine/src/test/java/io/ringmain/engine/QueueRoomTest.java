package io.ringmain.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.core.CoreLimits;
import io.ringmain.engine.io.IoLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bounds with which a publisher may overrun a queue although it is held back are named at the start. */
class QueueRoomTest {
    private static List<String> shortages(final int ringSlots, final CoreLimits core) {
        final BrokerContext context = new BrokerContext().ringSlots(ringSlots);
        context.conclude();
        return QueueRoom.shortages(context, context.ioLimits(), core);
    }

    @Test
    void shouldFindRoomWithTheDefaults() {
        final BrokerContext context = new BrokerContext();
        context.conclude();
        assertEquals(List.of(), QueueRoom.shortages(context, context.ioLimits(), context.coreLimits()));
    }

    @Test
    void shouldNameTheLeastNumberOfMessagesThatIsEnough() {
        final int slots = 1 << 16;
        // A quarter of it and one, and 65,536 in the ring and 64 behind them.
        final int least = 87_467;
        assertEquals(List.of(), shortages(slots, new CoreLimits().queuedMessages(least)));
        final List<String> lines = shortages(slots, new CoreLimits().queuedMessages(least - 1));
        assertEquals(1, lines.size());
        assertTrue(lines.get(0).startsWith("limits.queued_messages_per_session: 87466 "), lines.get(0));
        assertTrue(lines.get(0).endsWith(" 87467 are enough"), lines.get(0));
    }

    @Test
    void shouldNameTheBytesThatAreEnough() {
        final int slots = 1 << 16;
        final List<String> lines = shortages(slots, new CoreLimits().queuedBytes(10 << 20));
        assertEquals(1, lines.size());
        final long enough = Long.parseLong(lines.get(0).replaceAll(".*; ([0-9]+) are enough", "$1"));
        assertTrue(lines.get(0).startsWith("limits.queued_bytes_per_session: 10485760 "), lines.get(0));
        assertEquals(List.of(), shortages(slots, new CoreLimits().queuedBytes(enough)));
        assertEquals(
                1, shortages(slots, new CoreLimits().queuedBytes(enough - 1)).size());
    }

    @Test
    void shouldSayNothingWhereNobodyIsHeldBack() {
        final BrokerContext context = new BrokerContext();
        context.conclude();
        final IoLimits nobody = new IoLimits().slowConsumerWaitNs(0);
        assertEquals(List.of(), QueueRoom.shortages(context, nobody, new CoreLimits().queuedMessages(10)));
    }

    @Test
    void shouldSayItAtTheStartAndWhenLimitsChange(@TempDir final Path dir) {
        final List<String> lines = new ArrayList<>();
        final BrokerContext context = new BrokerContext()
                .dataDir(dir)
                .segmentBytes(1 << 20)
                .threadingMode(ThreadingMode.INVOKER)
                .coreLimits(new CoreLimits().queuedMessages(10))
                .eventLog(lines::add);
        try (Broker broker = Broker.launch(context)) {
            assertEquals(1, countOf(lines, "queued_messages_per_session: 10 "));
            broker.reload(context.policy(), new CoreLimits().queuedMessages(11), "test");
            assertEquals(1, countOf(lines, "queued_messages_per_session: 11 "));
        }
    }

    private static long countOf(final List<String> lines, final String text) {
        return lines.stream().filter(line -> line.contains(text)).count();
    }
}
