package io.ringmain.engine.core.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.core.state.StateDigest;
import org.junit.jupiter.api.Test;

class InboundIdsTest {
    private final StateDigest digest = new StateDigest();
    private final InboundIds ids = new InboundIds(digest, 7);

    @Test
    void shouldHoldJustWhatWasAdded() {
        for (int id = 1; id <= 65535; id += 7) {
            ids.add(id);
        }
        for (int id = 1; id <= 65535; id++) {
            assertEquals(id % 7 == 1, ids.contains(id), "id " + id);
        }
        for (int id = 1; id <= 65535; id++) {
            assertEquals(id % 7 == 1, ids.remove(id), "id " + id);
        }
        assertEquals(0, ids.count());
        assertEquals(0, digest.value());
    }

    @Test
    void shouldGiveThemInAscendingOrder() {
        ids.add(65535);
        ids.add(1);
        ids.add(1024);
        assertEquals(1, ids.next(0));
        assertEquals(1024, ids.next(2));
        assertEquals(65535, ids.next(1025));
        assertEquals(-1, ids.next(65536));
        assertEquals(ids.contentHash(), digest.value());
    }

    @Test
    void shouldForgetAllWhenCleared() {
        ids.add(5);
        ids.trim();
        assertTrue(ids.contains(5));
        ids.clear();
        assertFalse(ids.contains(5));
        assertEquals(0, digest.value());
    }
}
