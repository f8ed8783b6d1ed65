package io.ringmain.engine.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HashedTableTest {
    private static final class Entry extends HashedEntry {
        final int key;

        Entry(final int key, final int hash) {
            super(hash);
            this.key = key;
        }
    }

    private final HashedTable<Entry> table = new HashedTable<>();

    private Entry find(final int key, final int hash) {
        Entry entry;
        for (int i = table.first(hash); (entry = table.at(i)) != null; i = table.next(i)) {
            if (entry.key == key) {
                return entry;
            }
        }
        return null;
    }

    @Test
    void shouldFindAllThroughCollisionsAndRemovals() {
        final SplittableRandom random = new SplittableRandom(1);
        final List<Entry> in = new ArrayList<>();
        for (int key = 0; key < 20_000; key++) {
            final Entry entry = new Entry(key, random.nextInt(500));
            table.add(entry);
            in.add(entry);
            if (random.nextInt(3) > 0) {
                table.remove(in.remove(random.nextInt(in.size())));
            }
            if (key % 1000 == 0) {
                in.forEach(kept -> assertEquals(kept, find(kept.key, kept.hash())));
            }
        }
        assertEquals(in.size(), table.size());
        in.forEach(kept -> assertEquals(kept, find(kept.key, kept.hash())));
    }

    @Test
    void shouldRefuseToRemoveWhatIsNotIn() {
        table.add(new Entry(1, 5));
        assertThrows(IllegalStateException.class, () -> table.remove(new Entry(1, 5)));
    }
}
