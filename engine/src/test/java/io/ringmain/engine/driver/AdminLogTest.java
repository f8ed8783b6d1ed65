package io.ringmain.engine.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.event.AdminEvent;
import io.ringmain.engine.ring.SlotRing;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminLogTest {
    private static final int FIRST = 0;

    private final SlotRing ring = new SlotRing(1024, 128, 4096);
    private final AdminLog log = new AdminLog(ring, new Counters());

    /** Who records something is in the middle of doing it. */
    @ParameterizedTest
    @CsvSource({"a, 1024, 1024, ''", "a, 1025, 1021, ...", "ä, 1000, 510, ...", "€, 400, 340, ...", "😀, 300, 255, ..."
    })
    void shouldCutATextThatIsTooLongAtACharacter(
            final String character, final int count, final int kept, final String mark) {
        log.record(AdminLog.OPERATOR, character.repeat(count));
        assertEquals(AdminLog.OPERATOR, AdminEvent.actor(ring.buffer(), ring.offset(FIRST)));
        assertEquals(character.repeat(kept) + mark, AdminEvent.action(ring.buffer(), ring.offset(FIRST)));
    }
}
