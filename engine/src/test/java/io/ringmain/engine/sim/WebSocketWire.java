package io.ringmain.engine.sim;

import io.ringmain.protocol.websocket.CloseCode;
import io.ringmain.protocol.websocket.Opcode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A client's end that speaks through a WebSocket: frames that split and merge packets anywhere, and Pings between them. */
final class WebSocketWire implements Wire {
    private static final byte[] REQUEST = """
            GET /mqtt HTTP/1.1
            Host: sim
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Protocol: mqtt
            Sec-WebSocket-Version: 13

            """.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    private static final String END_OF_ANSWER = "\r\n\r\n";
    private static final int BUFFER_LENGTH = 64 << 10;
    private static final int LONGEST_FRAME = 700;
    private static final int FIN = 0x80;

    private final Wire socket;
    private final SimRandom random;
    private final SimPipe beforeAnswer = new SimPipe();
    private final SimPipe payload = new SimPipe();
    private final byte[] in = new byte[BUFFER_LENGTH];
    private int inLength;
    private boolean answered;
    private boolean inMessage;

    WebSocketWire(final Wire socket, final SimRandom random) {
        this.socket = socket;
        this.random = random;
        socket.send(new UnsafeBuffer(REQUEST), 0, REQUEST.length);
    }

    @Override
    public void send(final DirectBuffer buffer, final int offset, final int length) {
        if (!answered) {
            beforeAnswer.put(buffer, offset, length);
            return;
        }
        for (int at = 0; at < length; ) {
            final int count = Math.min(length - at, random.between(random.oneIn(20) ? 0 : 1, LONGEST_FRAME));
            final boolean isLast = random.oneIn(2);
            sendFrame((isLast ? FIN : 0) | (inMessage ? 0 : Opcode.BINARY), buffer, offset + at, count);
            inMessage = !isLast;
            at += count;
            if (random.oneIn(10)) {
                sendFrame(FIN | Opcode.PING, new UnsafeBuffer(new byte[20]), 0, random.below(20));
            }
        }
    }

    private void sendFrame(final int firstByte, final DirectBuffer buffer, final int offset, final int length) {
        final ByteBuffer frame = ByteBuffer.allocate(length + 8).put((byte) firstByte);
        if (length < 126) {
            frame.put((byte) (0x80 | length));
        } else {
            frame.put((byte) (0x80 | 126)).putShort((short) length);
        }
        final byte[] key = {(byte) random.below(256), (byte) random.below(256), (byte) random.below(256), 7};
        frame.put(key);
        for (int i = 0; i < length; i++) {
            frame.put((byte) (buffer.getByte(offset + i) ^ key[i % key.length]));
        }
        socket.send(new UnsafeBuffer(frame.array()), 0, frame.position());
    }

    @Override
    public int receive(final byte[] target, final int offset, final int max) {
        inLength += socket.receive(in, inLength, BUFFER_LENGTH - inLength);
        if (!answered) {
            takeAnswer();
        }
        if (answered) {
            takeFrames();
        }
        final int count = Math.min(max, payload.length());
        payload.take(target, offset, count);
        return count;
    }

    private void takeAnswer() {
        final String text = new String(in, 0, inLength, StandardCharsets.US_ASCII);
        final int end = text.indexOf(END_OF_ANSWER);
        if (end < 0) {
            return;
        }
        if (!text.startsWith("HTTP/1.1 101 ")) {
            throw new AssertionError("no WebSocket: " + text);
        }
        drop(end + END_OF_ANSWER.length());
        answered = true;
        final byte[] waiting = new byte[beforeAnswer.length()];
        beforeAnswer.take(waiting, 0, waiting.length);
        send(new UnsafeBuffer(waiting), 0, waiting.length);
    }

    private void takeFrames() {
        int at = 0;
        while (inLength - at >= 2) {
            final boolean isLong = in[at + 1] == 126;
            if (in[at + 1] < 0 || in[at + 1] == 127 || (in[at] & FIN) == 0) {
                throw new AssertionError("a frame that the broker doesn't send");
            }
            final int start = at + (isLong ? 4 : 2);
            if (start > inLength) {
                break;
            }
            final int length = isLong ? (in[at + 2] & 0xFF) << 8 | in[at + 3] & 0xFF : in[at + 1];
            if (start + length > inLength) {
                break;
            }
            onFrame(in[at] & 0x0F, start, length);
            at = start + length;
        }
        drop(at);
    }

    private void onFrame(final int opcode, final int offset, final int length) {
        if (opcode == Opcode.BINARY) {
            payload.put(new UnsafeBuffer(in), offset, length);
        } else if (opcode == Opcode.CLOSE) {
            final int code = (in[offset] & 0xFF) << 8 | in[offset + 1] & 0xFF;
            if (code != CloseCode.NORMAL) {
                throw new AssertionError("closed with " + code);
            }
        } else if (opcode != Opcode.PONG) {
            throw new AssertionError("a frame with opcode " + opcode);
        }
    }

    private void drop(final int count) {
        System.arraycopy(in, count, in, 0, inLength - count);
        inLength -= count;
    }

    @Override
    public boolean isClosed() {
        return socket.isClosed() && payload.length() == 0;
    }

    @Override
    public void reset() {
        socket.reset();
    }
}
