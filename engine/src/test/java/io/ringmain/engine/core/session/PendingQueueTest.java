package io.ringmain.engine.core.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.core.state.IdentifierSets;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.core.state.StateDigest;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PendingQueueTest {
    private final StateDigest digest = new StateDigest();
    private final PendingQueue queue = new PendingQueue(digest, new IdentifierSets(digest), 7);
    private final MessageRef message = new MessageRef();

    private void add(final long position) {
        queue.add(message.set(position, position + 1, 100, 10, 3).flags(4));
    }

    @Test
    void shouldGiveBackWhatWasPutInOldestFirst() {
        final ArrayDeque<Long> model = new ArrayDeque<>();
        final SplittableRandom random = new SplittableRandom(1);
        for (long i = 0; i < 100_000; i++) {
            if (random.nextInt(100) < (i < 50_000 ? 55 : 45)) {
                add(i);
                model.add(i);
            } else if (!queue.isEmpty()) {
                assertEquals(model.poll(), queue.poll(message).position());
                assertEquals(message.position() + 1, message.expiryDeadlineNs());
            }
            assertEquals(model.size(), queue.count());
            assertEquals(100L * model.size(), queue.bytes());
        }
        assertEquals(queue.contentHash(), digest.value());
    }

    @Test
    void shouldKeepEverythingOfAMessage() {
        queue.add(message.set(1L << 40, 2L << 50, 300, 200, 100).flags(15));
        message.set(0, 0, 0, 0, 0).flags(0);
        queue.poll(message);
        assertEquals(1L << 40, message.position());
        assertEquals(2L << 50, message.expiryDeadlineNs());
        assertEquals(300, message.length());
        assertEquals(200, message.contentLength());
        assertEquals(100, message.propertiesLength());
        assertEquals(15, message.flags());
    }

    @Test
    void shouldTellOrdersApartInTheDigest() {
        add(1);
        add(2);
        final long oneTwo = digest.value();
        queue.clear();
        assertEquals(0, digest.value());
        add(2);
        add(1);
        assertNotEquals(oneTwo, digest.value());
    }

    @Test
    void shouldNumberAnewWhenEmpty() {
        add(1);
        queue.poll(message);
        assertTrue(queue.isEmpty());
        assertEquals(0, queue.tailSequence());
        queue.trim();
        add(2);
        assertEquals(2, queue.poll(message).position());
    }
}
