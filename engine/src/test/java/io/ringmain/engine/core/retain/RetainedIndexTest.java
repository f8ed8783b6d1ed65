package io.ringmain.engine.core.retain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.core.state.StateDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class RetainedIndexTest {
    private final StateDigest digest = new StateDigest();
    private final RetainedIndex index = new RetainedIndex(digest);
    private final MessageRef message = new MessageRef();

    private static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(UTF_8));
    }

    private void set(final String topic, final long position) {
        final UnsafeBuffer buffer = bytes(topic);
        index.set(buffer, 0, buffer.capacity(), message.set(position, 0, 50, 10, 0));
    }

    private RetainedMessage find(final String topic) {
        final UnsafeBuffer buffer = bytes(topic);
        return index.find(buffer, 0, buffer.capacity());
    }

    private List<Long> positionsFrom(final long sequence) {
        final List<Long> positions = new ArrayList<>();
        for (int place = index.nextPlace(sequence); place < index.places(); place = index.nextPlaceFrom(place + 1)) {
            positions.add(index.at(place).get(message).position());
        }
        return positions;
    }

    @Test
    void shouldKeepTheLastMessageOfATopicAtTheEnd() {
        set("a", 1);
        set("b", 2);
        set("a", 3);
        assertEquals(2, index.count());
        assertEquals(List.of(2L, 3L), positionsFrom(0));
        assertEquals(List.of(3L), positionsFrom(2));
        assertEquals(List.of(), positionsFrom(3));
    }

    @Test
    void shouldForgetARemovedTopic() {
        set("a", 1);
        set("b", 2);
        index.remove(find("a"));
        assertNull(find("a"));
        assertEquals(List.of(2L), positionsFrom(0));
    }

    @Test
    void shouldKeepTheOrderOverManyChanges() {
        final SplittableRandom random = new SplittableRandom(1);
        final Map<String, Long> model = new LinkedHashMap<>();
        for (long i = 0; i < 50_000; i++) {
            final String topic = "t/" + random.nextInt(300);
            if (random.nextInt(4) > 0) {
                set(topic, i);
                model.remove(topic);
                model.put(topic, i);
            } else if (model.remove(topic) != null) {
                index.remove(find(topic));
            }
        }
        assertEquals(new ArrayList<>(model.values()), positionsFrom(0));
        assertEquals(index.digestFromScratch(), digest.value());
        assertEquals(model.size(), index.count());
    }
}
