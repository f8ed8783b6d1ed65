package io.ringmain.protocol.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameEncoderTest {
    private final byte[] bytes = new byte[FrameEncoder.MAX_CONTROL_LENGTH + 1];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);

    private String written(final int length) {
        return HexFormat.of().formatHex(Arrays.copyOfRange(bytes, 1, 1 + length));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 8200",
        "1, 8201",
        "125, 827d",
        "126, 827e007e",
        "65535, 827effff",
        "65536, 827f0000000000010000",
        "2147483647, 827f000000007fffffff",
    })
    void shouldWriteTheShortestHeader(final int length, final String expected) {
        assertEquals(expected, written(FrameEncoder.encodeHeader(buffer, 1, Opcode.BINARY, length)));
        assertEquals(expected.length() / 2, FrameEncoder.headerLength(length));
    }

    @Test
    void shouldWriteCloseFramesWithAndWithoutACode() {
        assertEquals("880203e8", written(FrameEncoder.encodeClose(buffer, 1, CloseCode.NORMAL)));
        assertEquals("8800", written(FrameEncoder.encodeClose(buffer, 1, CloseCode.NO_STATUS)));
    }

    @Test
    void shouldWritePongs() {
        assertEquals("8a026869", written(FrameEncoder.encodePong(buffer, 1, "hi!".getBytes(), 2)));
        assertEquals(
                FrameEncoder.MAX_CONTROL_LENGTH,
                FrameEncoder.encodePong(
                        buffer, 0, new byte[FrameDecoder.MAX_CONTROL_PAYLOAD], FrameDecoder.MAX_CONTROL_PAYLOAD));
    }
}
