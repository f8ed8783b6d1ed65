package io.ringmain.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.event.Identifiers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class OutboundQueueTest {
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    /** Takes as many bytes at a time as it is told. */
    private static final class Sink implements Channel {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int room = NO_LIMIT;

        @Override
        public int read(final ByteBuffer target) {
            return 0;
        }

        @Override
        public int write(final ByteBuffer source) {
            final int count = Math.min(room, source.remaining());
            for (int i = 0; i < count; i++) {
                bytes.write(source.get());
            }
            return count;
        }

        @Override
        public void interest(final boolean read, final boolean write) {}

        @Override
        public String address() {
            return null;
        }

        @Override
        public String peer() {
            return "sink";
        }

        @Override
        public void release() {}

        @Override
        public void close() {}
    }

    private final OutboundQueue queue = new OutboundQueue(new BufferPool());
    private final Sink sink = new Sink();
    private long commitPosition;

    private void put(final String text, final long requiredPosition) {
        final int at = queue.claim(text.length());
        queue.encodedView().putStringWithoutLengthAscii(at, text);
        queue.commit(text.length(), requiredPosition, commitPosition);
    }

    private String sent() {
        return sink.bytes.toString();
    }

    @Test
    void shouldHoldBackWhatIsNotCommittedAndAllBehindIt() throws IOException {
        put("a", 0);
        put("b", 100);
        put("c", 0);
        put("d", 50);
        put("e", 200);
        assertEquals(OutboundQueue.GATED, queue.write(sink, 99));
        assertEquals("a", sent());
        assertEquals(OutboundQueue.GATED, queue.write(sink, 100));
        assertEquals("abcd", sent());
        assertEquals(OutboundQueue.DONE, queue.write(sink, 200));
        assertEquals("abcde", sent());
        assertTrue(queue.isEmpty());
    }

    @Test
    void shouldGoOnWhereTheSocketWasFull() throws IOException {
        put("abcdef", 0);
        put("ghi", 10);
        sink.room = 4;
        assertEquals(OutboundQueue.BLOCKED, queue.write(sink, 0));
        assertEquals(OutboundQueue.GATED, queue.write(sink, 0));
        assertEquals(OutboundQueue.DONE, queue.write(sink, 10));
        assertEquals("abcdefghi", sent());
    }

    @Test
    void shouldKeepItsOrderOverHoles() throws IOException {
        put("a", 0);
        queue.deferHole(640, 0, 7, 2, Identifiers.NONE, 5);
        final UnsafeBuffer later = new UnsafeBuffer("later".getBytes());
        queue.defer(later, 0, 5, 0);
        queue.deferHole(720, 99, 8, 4, Identifiers.NONE, 6);
        assertTrue(queue.isDeferring());
        queue.moveDeferred(NO_LIMIT, 0);
        queue.write(sink, 0);
        assertEquals("a", sent());
        assertEquals(640, queue.nextToRequest());
        queue.requested();
        assertEquals(720, queue.nextToRequest());
        queue.requested();
        assertEquals(-1, queue.nextToRequest());
        assertEquals(2, queue.outstanding());
        final int hole = queue.answered();
        assertTrue(queue.isHole(hole));
        assertEquals(640, queue.holePosition(hole));
        assertEquals(7, queue.holePacketId(hole));
        put("first", queue.holeRequiredPosition(hole));
        queue.dropHole();
        queue.moveDeferred(NO_LIMIT, 0);
        final int second = queue.answered();
        assertEquals(99, queue.holeExpiryDeadlineNs(second));
        assertEquals(4, queue.holeFlags(second));
        put("second", queue.holeRequiredPosition(second));
        queue.dropHole();
        assertFalse(queue.isDeferring());
        assertEquals(OutboundQueue.GATED, queue.write(sink, 4));
        assertEquals("a", sent());
        assertEquals(OutboundQueue.DONE, queue.write(sink, 6));
        assertEquals("afirstlatersecond", sent());
    }

    @Test
    void shouldMoveDeferredPacketsOnlyWhileThereIsRoom() {
        final UnsafeBuffer packet = new UnsafeBuffer(new byte[100]);
        queue.deferHole(1, 0, 1, 2, Identifiers.NONE, 0);
        for (int i = 0; i < 10; i++) {
            queue.defer(packet, 0, 100, 0);
        }
        queue.dropHole();
        queue.moveDeferred(250, 0);
        assertEquals(300, queue.unsentBytes());
        assertTrue(queue.isDeferring());
    }

    @Test
    void shouldKeepEveryByteUnderRandomUse() throws IOException {
        final SplittableRandom random = new SplittableRandom(3);
        final StringBuilder expected = new StringBuilder();
        long position = 0;
        for (int i = 0; i < 20_000; i++) {
            final String text = "<" + i + "x".repeat(random.nextInt(300)) + ">";
            position += random.nextInt(3) == 0 ? 1 : 0;
            put(text, random.nextBoolean() ? position : 0);
            expected.append(text);
            if (random.nextInt(3) == 0) {
                commitPosition = Math.min(position, commitPosition + random.nextInt(4));
                sink.room = random.nextInt(2000);
                queue.write(sink, commitPosition);
            }
        }
        sink.room = NO_LIMIT;
        assertEquals(OutboundQueue.DONE, queue.write(sink, position));
        assertEquals(expected.toString(), sent());
    }
}
