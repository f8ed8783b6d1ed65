package io.ringmain.protocol.websocket;

import static io.ringmain.protocol.websocket.ClientFrames.FIN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameDecoderTest {
    private static final int MAX_FRAME = 64 << 10;
    private static final int MAX_EMPTY = 10;
    private static final int BINARY = FIN | Opcode.BINARY;

    private final FrameDecoder decoder = new FrameDecoder(MAX_FRAME, MAX_EMPTY);

    /** Decodes what comes in one piece. */
    private byte[] decode(final byte[] bytes) {
        return decode(decoder, bytes, 0, bytes.length);
    }

    private static byte[] decode(final FrameDecoder decoder, final byte[] bytes, final int from, final int to) {
        // Something lies before and behind it, as in the buffer of a connection.
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[3 + to - from + 5]);
        buffer.putBytes(3, bytes, from, to - from);
        final int length = decoder.decode(buffer, 3, 3 + to - from);
        assertEquals(0, buffer.getByte(2));
        assertEquals(0, buffer.getInt(3 + to - from));
        final byte[] payload = new byte[length];
        buffer.getBytes(3, payload);
        return payload;
    }

    private static byte[] sequence(final int length) {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + 7);
        }
        return bytes;
    }

    @Test
    void shouldUnmaskTheExampleOfTheRfc() {
        // RFC 6455, section 5.7, with the opcode of a binary frame.
        assertArrayEquals("Hello".getBytes(), decode(HexFormat.of().parseHex("828537fa213d7f9f4d5158")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 125, 126, 127, 1000, 65_535, 65_536})
    void shouldDecodeEveryKindOfLength(final int length) {
        assertArrayEquals(
                sequence(length),
                decode(new ClientFrames().add(BINARY, sequence(length)).bytes()));
        assertFalse(decoder.isEnded());
    }

    @Test
    void shouldGiveTheSameForEveryTwoSplits() {
        final byte[] frames = new ClientFrames()
                .add(Opcode.BINARY, "one")
                .add(FIN | Opcode.PING, "ping")
                .add(Opcode.CONTINUATION, "")
                .add(FIN | Opcode.CONTINUATION, "two and more")
                .add(FIN | Opcode.PONG, "nobody asked")
                .add(BINARY, sequence(130))
                .add(FIN | Opcode.CLOSE, new byte[] {3, (byte) 0xE8, 'b', 'y', 'e'})
                .bytes();
        final byte[] expected = decode(frames);
        for (int first = 0; first <= frames.length; first++) {
            for (int second = first; second <= frames.length; second++) {
                final FrameDecoder split = new FrameDecoder(MAX_FRAME, MAX_EMPTY);
                final ByteArrayOutputStream out = new ByteArrayOutputStream();
                out.writeBytes(decode(split, frames, 0, first));
                out.writeBytes(decode(split, frames, first, second));
                out.writeBytes(decode(split, frames, second, frames.length));
                assertArrayEquals(expected, out.toByteArray());
                assertTrue(split.isClosed());
                assertEquals(CloseCode.NORMAL, split.closeCode());
                assertEquals("ping", new String(split.ping(), 0, split.pingLength()));
            }
        }
    }

    @Test
    void shouldGiveWhatWasSentForRandomFramesInRandomPieces() {
        for (int seed = 0; seed < 200; seed++) {
            final Random random = new Random(seed);
            final byte[] sent = new byte[random.nextInt(3000)];
            random.nextBytes(sent);
            final byte[] frames = randomFrames(random, sent);
            final FrameDecoder fresh = new FrameDecoder(MAX_FRAME, MAX_EMPTY);
            final ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int at = 0; at < frames.length; ) {
                final int end = Math.min(frames.length, at + 1 + random.nextInt(200));
                out.writeBytes(decode(fresh, frames, at, end));
                at = end;
            }
            assertArrayEquals(sent, out.toByteArray(), "seed " + seed);
            assertNull(fresh.fault(), "seed " + seed);
        }
    }

    private static byte[] randomFrames(final Random random, final byte[] sent) {
        final ClientFrames frames = new ClientFrames();
        boolean inMessage = false;
        for (int at = 0; at < sent.length; ) {
            final int length = Math.min(sent.length - at, random.nextInt(random.nextBoolean() ? 8 : 500));
            final boolean isLast = random.nextBoolean();
            frames.add(
                    (isLast ? FIN : 0) | (inMessage ? Opcode.CONTINUATION : Opcode.BINARY),
                    Arrays.copyOfRange(sent, at, at + length));
            inMessage = !isLast;
            at += length;
            if (random.nextInt(4) == 0) {
                frames.add(FIN | Opcode.PING, new byte[random.nextInt(126)]);
            }
        }
        return frames.bytes();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "82 05                            | 1002 | a frame without a mask",
                "89 00                            | 1002 | a frame without a mask",
                "81                               | 1003 | a text frame, and MQTT is binary",
                "01                               | 1003 | a text frame, and MQTT is binary",
                "c2                               | 1002 | reserved bits are set, and no extension was agreed on",
                "a2                               | 1002 | reserved bits are set, and no extension was agreed on",
                "92                               | 1002 | reserved bits are set, and no extension was agreed on",
                "83                               | 1002 | opcode 3 is reserved",
                "87                               | 1002 | opcode 7 is reserved",
                "8b                               | 1002 | opcode 11 is reserved",
                "8f                               | 1002 | opcode 15 is reserved",
                "80                               | 1002 | a continuation of nothing",
                "00                               | 1002 | a continuation of nothing",
                "82 80 00000000 80                | 1002 | a continuation of nothing",
                "02 80 00000000 82                | 1002 | a new message within another one",
                "02 80 00000000 81                | 1003 | a text frame, and MQTT is binary",
                "09                               | 1002 | a fragmented control frame",
                "08                               | 1002 | a fragmented control frame",
                "89 fe                            | 1002 | a control frame of more than 125 bytes",
                "8a ff                            | 1002 | a control frame of more than 125 bytes",
                "88 fe                            | 1002 | a control frame of more than 125 bytes",
                "82 fe 0000                       | 1002 | length 0 in more bytes than it needs",
                "82 fe 007d                       | 1002 | length 125 in more bytes than it needs",
                "82 ff 000000000000ffff           | 1002 | length 65535 in more bytes than it needs",
                "82 ff 8000000000000000           | 1002 | the highest bit of a length is set",
                "82 ff ffffffffffffffff           | 1002 | the highest bit of a length is set",
                "82 ff 7fffffffffffffff           | 1009 | a frame of 9223372036854775807 bytes, where 65536 are the most",
                "82 ff 0000000100000000           | 1009 | a frame of 4294967296 bytes, where 65536 are the most",
                "82 ff 0000000000010001           | 1009 | a frame of 65537 bytes, where 65536 are the most",
                "88 81 00000000 03                | 1002 | a Close frame without a valid code",
                "88 82 00000000 03e7              | 1002 | a Close frame without a valid code",
                "88 82 00000000 03ec              | 1002 | a Close frame without a valid code",
                "88 82 00000000 03ed              | 1002 | a Close frame without a valid code",
                "88 82 00000000 03ee              | 1002 | a Close frame without a valid code",
                "88 82 00000000 03f7              | 1002 | a Close frame without a valid code",
                "88 82 00000000 1388              | 1002 | a Close frame without a valid code",
                "88 84 00000000 03e8c328          | 1007 | the reason of a Close frame is no UTF-8",
            })
    void shouldRefuse(final String hex, final int code, final String why) {
        final byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        for (int at = 0; at < bytes.length - 1; at++) {
            decode(decoder, bytes, at, at + 1);
            assertNull(decoder.fault(), "at byte " + at + " of " + hex);
        }
        decode(decoder, bytes, bytes.length - 1, bytes.length);
        assertEquals(why, decoder.fault());
        assertEquals(code, decoder.closeCode());
        assertEquals(0, decode(new ClientFrames().add(BINARY, "more").bytes()).length);
    }

    @Test
    void shouldGiveWhatCameBeforeAFault() {
        final byte[] frames =
                new ClientFrames().add(BINARY, "good").raw(0x82, 0x05, 1).bytes();
        assertArrayEquals("good".getBytes(), decode(frames));
        assertNotNull(decoder.fault());
    }

    @Test
    void shouldTakeTheLimitThatIsSetForTheNextFrame() {
        decoder.maxFrameLength(4);
        assertArrayEquals(
                "four".getBytes(), decode(new ClientFrames().add(BINARY, "four").bytes()));
        decode(new ClientFrames().add(BINARY, "fives").bytes());
        assertEquals(CloseCode.MESSAGE_TOO_BIG, decoder.closeCode());
    }

    @Test
    void shouldBoundFramesWithoutPayloadThatFollowEachOther() {
        final ClientFrames frames = new ClientFrames().add(Opcode.BINARY, "");
        for (int i = 0; i < MAX_EMPTY; i++) {
            frames.add(FIN | Opcode.PING, "x").add(Opcode.CONTINUATION, i == MAX_EMPTY - 2 ? "y" : "");
        }
        decode(frames.bytes());
        assertFalse(decoder.isEnded());
        for (int i = 0; i < MAX_EMPTY; i++) {
            assertFalse(decoder.isEnded());
            decode(new ClientFrames().add(Opcode.CONTINUATION, "").bytes());
        }
        assertEquals(CloseCode.POLICY_VIOLATION, decoder.closeCode());
    }

    @Test
    void shouldKeepTheLastPingAlone() {
        final ClientFrames frames = new ClientFrames();
        for (int i = 0; i < 100; i++) {
            frames.add(FIN | Opcode.PING, "ping " + i);
        }
        decode(frames.header(FIN | Opcode.PONG, 5).bytes());
        assertEquals("ping 99", new String(decoder.ping(), 0, decoder.pingLength()));
        decoder.pingAnswered();
        assertEquals(FrameDecoder.NONE, decoder.pingLength());
    }

    @Test
    void shouldTakeAPingWithoutPayload() {
        decode(new ClientFrames().add(FIN | Opcode.PING, "").bytes());
        assertEquals(0, decoder.pingLength());
    }

    @Test
    void shouldTakeACloseWithoutACode() {
        decode(new ClientFrames()
                .add(FIN | Opcode.CLOSE, "")
                .add(BINARY, "late")
                .bytes());
        assertTrue(decoder.isClosed());
        assertEquals(CloseCode.NO_STATUS, decoder.closeCode());
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4999})
    void shouldTakeEveryCodeThatMayBeSent(final int code) {
        decode(new ClientFrames()
                .add(FIN | Opcode.CLOSE, new byte[] {(byte) (code >> 8), (byte) code})
                .bytes());
        assertTrue(decoder.isClosed());
        assertEquals(code, decoder.closeCode());
    }
}
