package io.ringmain.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The JDK's decoder is the judge: it is strict about all but U+0000. */
final class Utf8Test {
    private static final int[] BORDERS = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF};

    private final CharsetDecoder judge = StandardCharsets.UTF_8.newDecoder();

    private boolean isWellFormed(final byte[] bytes) {
        try {
            return judge.decode(ByteBuffer.wrap(bytes)).chars().noneMatch(c -> c == 0);
        } catch (final CharacterCodingException illFormed) {
            return false;
        }
    }

    private static boolean validate(final byte[] bytes) {
        return Utf8.validate(new UnsafeBuffer(bytes), 0, bytes.length);
    }

    @Test
    void shouldAcceptEveryCodePointButZero() {
        for (int codePoint = 1; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                final byte[] bytes = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
                assertTrue(validate(bytes), () -> HexFormat.of().formatHex(bytes));
            }
        }
        assertFalse(validate(new byte[] {0}));
    }

    @Test
    void shouldRefuseEverySurrogate() {
        for (int surrogate = Character.MIN_SURROGATE; surrogate <= Character.MAX_SURROGATE; surrogate++) {
            final byte[] bytes = {
                (byte) (0xE0 | surrogate >> 12), (byte) (0x80 | surrogate >> 6 & 0x3F), (byte) (0x80 | surrogate & 0x3F)
            };
            assertFalse(validate(bytes));
        }
    }

    @Test
    void shouldAgreeOnEveryTwoBytes() {
        for (int i = 0; i < 1 << 16; i++) {
            final byte[] two = {(byte) (i >> 8), (byte) i};
            assertEquals(isWellFormed(two), validate(two), () -> HexFormat.of().formatHex(two));
        }
    }

    @Test
    void shouldAgreeOnThreeBytesAtTheBordersOfEveryRange() {
        for (int first = 0xC0; first <= 0xFF; first++) {
            for (int second = 0; second <= 0xFF; second++) {
                for (final int third : BORDERS) {
                    final byte[] three = {(byte) first, (byte) second, (byte) third};
                    assertEquals(
                            isWellFormed(three),
                            validate(three),
                            () -> HexFormat.of().formatHex(three));
                }
            }
        }
    }

    @Test
    void shouldAgreeOnFourBytesAtTheBordersOfEveryRange() {
        for (int first = 0xEF; first <= 0xFF; first++) {
            for (final int second : BORDERS) {
                for (final int third : BORDERS) {
                    for (final int fourth : BORDERS) {
                        final byte[] four = {(byte) first, (byte) second, (byte) third, (byte) fourth};
                        assertEquals(isWellFormed(four), validate(four));
                    }
                }
            }
        }
    }

    @Test
    void shouldAgreeWhereverTheFaultLies() {
        final Random random = new Random(1);
        final byte[] plain = "The quick brown fox jumps over it".getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at < plain.length; at++) {
            for (int i = 0; i < 200; i++) {
                final byte[] bytes = plain.clone();
                bytes[at] = (byte) random.nextInt(256);
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                assertEquals(isWellFormed(bytes), validate(bytes));
            }
            final byte[] zero = plain.clone();
            zero[at] = 0;
            assertFalse(validate(zero));
        }
    }

    @Test
    void shouldReadNothingOutsideOfTheText() {
        final byte[] bytes = {(byte) 0xFF, 'a', (byte) 0xC3, (byte) 0xA9, (byte) 0xA9};
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);

        assertTrue(Utf8.validate(buffer, 1, 3));
        assertFalse(Utf8.validate(buffer, 1, 2));
        assertTrue(Utf8.validate(buffer, 5, 0));
    }
}
