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
    /** Slots of an event with the largest packet, 1 MiB and what is beside it. */
    private static final int LONGEST = 8233;

    private static BrokerContext context(final CoreLimits core) {
        final BrokerContext context = new BrokerContext().coreLimits(core);
        context.conclude();
        return context;
    }

    private static List<String> shortages(final CoreLimits core) {
        final BrokerContext context = context(core);
        return QueueRoom.shortages(context, context.ioLimits(), core);
    }

    @Test
    void shouldFindRoomWithTheDefaultsAndALargerRing() {
        assertEquals(List.of(), shortages(new CoreLimits()));
        final BrokerContext large = new BrokerContext().ringSlots(1 << 20);
        large.conclude();
        assertEquals(List.of(), QueueRoom.shortages(large, large.ioLimits(), large.coreLimits()));
    }

    @Test
    void shouldLeaveMessagesAQuarterOfAQueueInTheRingAndRoomForTheLongest() {
        assertEquals(25_000, QueueRoom.messageSlots(context(new CoreLimits())));
        assertEquals(1 << 16, QueueRoom.messageSlots(context(new CoreLimits().queuedMessages(1_000_000))));
        assertEquals(LONGEST, QueueRoom.messageSlots(context(new CoreLimits().queuedMessages(100))));
    }

    @Test
    void shouldNameTheLeastNumberOfMessagesThatIsEnough() {
        // A quarter of it and one, and those in the ring and 64 behind them.
        final int least = 11_063;
        assertEquals(least - least / 4 - 1, LONGEST + 64);
        assertEquals(List.of(), shortages(new CoreLimits().queuedMessages(least)));
        final List<String> lines = shortages(new CoreLimits().queuedMessages(least - 1));
        assertEquals(1, lines.size());
        assertTrue(lines.get(0).startsWith("limits.queued_messages_per_session: 11062 "), lines.get(0));
        assertTrue(lines.get(0).endsWith(" 11063 are enough"), lines.get(0));
    }

    @Test
    void shouldNameTheBytesThatAreEnough() {
        final List<String> lines = shortages(new CoreLimits().queuedBytes(4 << 20));
        assertEquals(1, lines.size());
        final long enough = Long.parseLong(lines.get(0).replaceAll(".*; ([0-9]+) are enough", "$1"));
        assertTrue(lines.get(0).startsWith("limits.queued_bytes_per_session: 4194304 "), lines.get(0));
        assertEquals(List.of(), shortages(new CoreLimits().queuedBytes(enough)));
        assertEquals(1, shortages(new CoreLimits().queuedBytes(enough - 1)).size());
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
