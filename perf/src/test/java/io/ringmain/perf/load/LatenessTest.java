package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LatenessTest {
    private final Lateness lateness = new Lateness();

    @Test
    void shouldCountTheTimeBehindTurnsThatLeftSomethingToSend() {
        lateness.begin(0);
        lateness.onTurn(10, true);
        lateness.onTurn(15, true);
        lateness.onTurn(25, false);
        lateness.onTurn(100, false);
        assertEquals(15, lateness.behindNs());
    }

    @Test
    void shouldCountFromWhenItCounts() {
        lateness.onTurn(10, true);
        lateness.onTurn(20, true);
        lateness.begin(30);
        lateness.onTurn(32, true);
        lateness.onTurn(33, false);
        assertEquals(3, lateness.behindNs());
    }
}
