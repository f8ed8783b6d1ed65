package io.ringmain.engine.io.websocket;

import io.ringmain.engine.io.Channel;
import io.ringmain.protocol.websocket.FrameDecoder;
import io.ringmain.protocol.websocket.FrameEncoder;
import io.ringmain.protocol.websocket.Opcode;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The frames that a connection sends. Of a data frame that the network took in part nothing is kept but how much it took:
 * the rest of its payload is still where it was, and comes again with the next write. What we have to say ourselves waits
 * for the end of that frame; there are never more bytes of it than one control frame, or the answer to a request.
 */
final class FrameOutput {
    private final Channel lower;

    /** Bytes of payload of the frame that was begun, 0 if none was. */
    private int frameLength;
    /** How much of it, header included, has left. */
    private int frameSent;

    /** The rest of what we have to say ourselves, null if nothing was begun. */
    private ByteBuffer held;

    FrameOutput(final Channel lower) {
        this.lower = lower;
    }

    /** Whether bytes of our own wait for the network. */
    boolean isHolding() {
        return held != null;
    }

    /** Bytes that are kept until the network takes them. */
    int heldBytes() {
        return held == null ? 0 : held.capacity();
    }

    /** Whether something else than the rest of a frame may be written. */
    boolean isBetweenFrames() {
        return frameLength == 0 && held == null;
    }

    /**
     * Writes bytes of MQTT in frames.
     *
     * @param decoder knows the Ping that is to be answered.
     * @return bytes of MQTT that were taken.
     */
    int write(final ByteBuffer source, final FrameDecoder decoder) throws IOException {
        final int start = source.position();
        boolean goesOn = true;
        while (goesOn && source.hasRemaining()) {
            goesOn = (frameLength > 0 || flush(decoder)) && writeFrame(source);
        }
        return source.position() - start;
    }

    /** Goes on with a frame, or begins one; true if all of it has left. */
    private boolean writeFrame(final ByteBuffer source) throws IOException {
        if (frameLength == 0) {
            frameLength = Math.min(source.remaining(), Scratch.MAX_PAYLOAD);
            frameSent = 0;
        }
        final Scratch scratch = Scratch.get();
        final int headerLength = FrameEncoder.headerLength(frameLength);
        final int headerSent = Math.min(frameSent, headerLength);
        final int payloadSent = frameSent - headerSent;
        final int payloadLeft = Math.min(frameLength - payloadSent, source.remaining());
        FrameEncoder.encodeHeader(scratch.view, 0, Opcode.BINARY, frameLength);
        scratch.view.putBytes(headerLength, source, source.position(), payloadLeft);
        scratch.bytes.limit(headerLength + payloadLeft).position(headerSent);
        frameSent += lower.write(scratch.bytes);
        source.position(source.position() + Math.max(0, frameSent - headerLength) - payloadSent);
        if (frameSent < headerLength + frameLength) {
            return false;
        }
        frameLength = 0;
        return true;
    }

    /**
     * Writes what we have to say ourselves, as far as a frame that was begun lets us.
     *
     * @return true if nothing of it waits for the network.
     */
    boolean flush(final FrameDecoder decoder) throws IOException {
        if (held != null) {
            lower.write(held);
            if (held.hasRemaining()) {
                return false;
            }
            held = null;
        }
        if (frameLength > 0 || decoder.pingLength() == FrameDecoder.NONE) {
            return true;
        }
        final Scratch scratch = Scratch.get();
        final int length = FrameEncoder.encodePong(scratch.view, 0, decoder.ping(), decoder.pingLength());
        decoder.pingAnswered();
        return writeOwn(scratch, length);
    }

    /** Writes the answer to a request; true if all of it has left. */
    boolean answer(final byte[] answer) throws IOException {
        final Scratch scratch = Scratch.get();
        scratch.view.putBytes(0, answer);
        return writeOwn(scratch, answer.length);
    }

    /** Writes a Close frame where one may stand; what the network doesn't take is gone. */
    void close(final int code) throws IOException {
        if (isBetweenFrames()) {
            final Scratch scratch = Scratch.get();
            writeOwn(scratch, FrameEncoder.encodeClose(scratch.view, 0, code));
        }
    }

    private boolean writeOwn(final Scratch scratch, final int length) throws IOException {
        scratch.bytes.limit(length).position(0);
        lower.write(scratch.bytes);
        if (!scratch.bytes.hasRemaining()) {
            return true;
        }
        held = ByteBuffer.allocateDirect(scratch.bytes.remaining())
                .put(scratch.bytes)
                .flip();
        return false;
    }
}
