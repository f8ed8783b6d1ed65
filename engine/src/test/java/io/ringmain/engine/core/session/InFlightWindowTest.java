package io.ringmain.engine.core.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.core.state.IdentifierSets;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.core.state.StateDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InFlightWindowTest {
    private final StateDigest digest = new StateDigest();
    private final InFlightWindow window = new InFlightWindow(digest, new IdentifierSets(digest), 42);
    private final MessageRef message = new MessageRef();

    @AfterEach
    void shouldHaveKeptTheDigest() {
        assertEquals(window.contentHash(), digest.value());
        window.clear();
        assertEquals(0, digest.value());
    }

    private int add(final long position) {
        return window.add(message.set(position, 0, 100, 10, 0).flags(2));
    }

    @Test
    void shouldGivePacketIdsInTurnAndNotUseOneAgainSoon() {
        assertEquals(1, add(10));
        assertEquals(2, add(20));
        window.remove(window.find(1));
        assertEquals(3, add(30));
    }

    @Test
    void shouldWrapPacketIdsAfter65535() {
        for (int i = 1; i <= 65535; i++) {
            assertEquals(i, add(i));
            window.remove(window.find(i));
        }
        assertEquals(1, add(7));
        assertEquals(7, window.get(window.find(1), message).position());
    }

    @Test
    void shouldStopBeforeAnIdComesTwice() {
        add(1);
        for (int i = 2; i <= 65535; i++) {
            assertTrue(window.hasRoom(10));
            window.remove(window.find(add(i)));
        }
        assertFalse(window.hasRoom(10));
        window.remove(window.find(1));
        assertTrue(window.hasRoom(10));
        assertEquals(1, add(99));
    }

    @Test
    void shouldNotFindWhatIsNotInFlight() {
        assertEquals(InFlightWindow.NOT_FOUND, window.find(1));
        add(1);
        add(2);
        window.remove(window.find(1));
        assertEquals(InFlightWindow.NOT_FOUND, window.find(0));
        assertEquals(InFlightWindow.NOT_FOUND, window.find(1));
        assertEquals(InFlightWindow.NOT_FOUND, window.find(3));
        assertEquals(InFlightWindow.NOT_FOUND, window.find(65535));
    }

    @Test
    void shouldHaveRoomUpToTheWindow() {
        assertTrue(window.hasRoom(2));
        add(1);
        add(2);
        assertFalse(window.hasRoom(2));
        window.release(window.find(1));
        assertFalse(window.hasRoom(2));
        window.remove(window.find(1));
        assertTrue(window.hasRoom(2));
    }

    @Test
    void shouldResendInOrderWithinTheWindow() {
        for (int i = 1; i <= 5; i++) {
            add(i);
        }
        window.remove(window.find(2));
        window.release(window.find(3));
        window.startResend();
        assertEquals(0, window.sentCount());
        assertEquals(List.of(1, 3), resend(2));
        window.remove(window.find(1));
        window.remove(window.find(4));
        assertEquals(List.of(5), resend(2));
        assertFalse(window.hasResend(10));
        assertFalse(window.hasRoom(2));
        assertTrue(window.hasRoom(3));
    }

    private List<Integer> resend(final int maximum) {
        final List<Integer> ids = new ArrayList<>();
        while (window.hasResend(maximum)) {
            ids.add(InFlightWindow.packetId(window.nextResend()));
        }
        return ids;
    }

    @Test
    void shouldNotTakeNewMessagesBeforeAllIsSentAgain() {
        add(1);
        add(2);
        window.startResend();
        window.nextResend();
        assertFalse(window.hasRoom(10));
        window.remove(window.find(2));
        assertTrue(window.hasRoom(10));
        assertEquals(3, add(3));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldBehaveLikeAList(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final List<long[]> model = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
            if (window.hasRoom(20) && random.nextBoolean()) {
                model.add(new long[] {add(i), i});
            } else if (!model.isEmpty()) {
                final long[] gone = model.remove(random.nextInt(model.size()));
                final long sequence = window.find((int) gone[0]);
                assertEquals(gone[1], window.get(sequence, message).position());
                window.remove(sequence);
            }
            assertEquals(model.size(), window.count());
        }
    }
}
