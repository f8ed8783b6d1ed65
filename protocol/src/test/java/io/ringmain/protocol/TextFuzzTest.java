package io.ringmain.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** Texts under any bytes: well-formed is what the JDK says, and the rules of topics hold together. */
final class TextFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void utf8(final byte[] data) {
        boolean wellFormed;
        try {
            final var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data));
            wellFormed = text.chars().noneMatch(c -> c == 0);
        } catch (final CharacterCodingException illFormed) {
            wellFormed = false;
        }
        assertEquals(wellFormed, Utf8.validate(new UnsafeBuffer(data), 0, data.length));
    }

    @FuzzTest(maxDuration = "10m")
    void topic(final byte[] data) {
        final UnsafeBuffer buffer = new UnsafeBuffer(data);
        final boolean isName = TopicName.validate(buffer, 0, data.length);
        final boolean isFilter = TopicFilter.validate(buffer, 0, data.length);
        final boolean isShared = TopicFilter.isShared(buffer, 0, data.length);

        assertTrue(TopicName.levels(buffer, 0, data.length) >= 1);
        if (isName && !isShared) {
            assertTrue(isFilter);
            assertTrue(TopicFilter.matches(buffer, 0, data.length, buffer, 0, data.length));
        }
        if (isFilter && !isShared) {
            final UnsafeBuffer name = new UnsafeBuffer(new byte[] {'a', '/', 'b'});
            TopicFilter.matches(buffer, 0, data.length, name, 0, 3);
        }
        if (data.length == 0) {
            assertFalse(isName || isFilter || isShared);
        }
    }
}
