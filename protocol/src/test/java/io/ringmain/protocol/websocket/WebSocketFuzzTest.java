package io.ringmain.protocol.websocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Requests and frames under any bytes: the same comes out however the network splits them. */
final class WebSocketFuzzTest {
    private static final int MAX_FRAME = 1000;
    private static final int MAX_EMPTY = 3;

    @FuzzTest(maxDuration = "10m")
    void upgrade(final byte[] data) {
        final UpgradeRequest whole = Requests.request();
        final UpgradeResult result = Requests.read(whole, data);
        final UpgradeRequest pieces = Requests.request();
        final UnsafeBuffer buffer = new UnsafeBuffer(data);
        UpgradeResult last = UpgradeResult.INCOMPLETE;
        for (int length = 1; length <= data.length && last == UpgradeResult.INCOMPLETE; length++) {
            last = pieces.read(buffer, 0, length);
        }
        // What comes behind a good request is refused if it is there in time.
        assertTrue(result == last || result == UpgradeResult.MALFORMED && last == UpgradeResult.ACCEPTED);
        assertEquals(
                result == UpgradeResult.INCOMPLETE || result == UpgradeResult.ACCEPTED,
                whole.fault().isEmpty());
        if (last == UpgradeResult.ACCEPTED) {
            final UpgradeRules rules = new UpgradeRules("/mqtt", new AllowedOrigins(List.of("https://a.b")));
            final UpgradeResult decision = rules.check(pieces);
            final String answer = new String(UpgradeAnswer.encode(decision, pieces));
            assertTrue(answer.startsWith("HTTP/1.1 " + decision.status() + " "));
            assertEquals(answer.indexOf("\r\n\r\n") + 4 < answer.length(), decision != UpgradeResult.ACCEPTED);
        }
    }

    @FuzzTest(maxDuration = "10m")
    void frames(final byte[] data) {
        final FrameDecoder whole = new FrameDecoder(MAX_FRAME, MAX_EMPTY);
        final byte[] payload = decode(whole, data, 0, data.length);
        assertTrue(payload.length <= data.length);
        for (int step = 1; step <= 3; step++) {
            final FrameDecoder pieces = new FrameDecoder(MAX_FRAME, MAX_EMPTY);
            final ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int at = 0; at < data.length; at += step) {
                out.writeBytes(decode(pieces, data, at, Math.min(data.length, at + step)));
            }
            assertArrayEquals(payload, out.toByteArray());
            assertEquals(whole.fault(), pieces.fault());
            assertEquals(whole.closeCode(), pieces.closeCode());
            assertEquals(whole.pingLength(), pieces.pingLength());
        }
    }

    private static byte[] decode(final FrameDecoder decoder, final byte[] data, final int from, final int to) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[to - from]);
        buffer.putBytes(0, data, from, to - from);
        final byte[] payload = new byte[decoder.decode(buffer, 0, to - from)];
        buffer.getBytes(0, payload);
        return payload;
    }
}
