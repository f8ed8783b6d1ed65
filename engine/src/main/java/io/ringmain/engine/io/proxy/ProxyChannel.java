package io.ringmain.engine.io.proxy;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.io.Channel;
import io.ringmain.engine.io.ChannelException;
import io.ringmain.engine.io.LayeredChannel;
import io.ringmain.protocol.proxy.ProxyDecoder;
import io.ringmain.protocol.proxy.ProxySource;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A channel that begins with a preface of the PROXY protocol: who is at its end is who the preface says, and the bytes
 * are those behind it. Nobody who comes by a proxy counts as on this machine, not even when the proxy is, and says so:
 * the 127.0.0.1 of a proxy may be anybody's.
 */
final class ProxyChannel extends LayeredChannel {
    private static final int FIRST_CAPACITY = 256;

    private final boolean trusted;
    private final int maxLength;

    /** Null until the preface is complete. */
    private ProxyDecoder decoded;

    /** What was read and not handed on; null when that is nothing, and will be for ever. */
    private ByteBuffer buffer = ByteBuffer.allocate(FIRST_CAPACITY);

    private String address;

    ProxyChannel(final Channel lower, final boolean trusted, final int maxLength) {
        super(lower);
        this.trusted = trusted;
        this.maxLength = maxLength;
    }

    /** Who isn't trusted is closed now, and not when it says something. */
    @Override
    public void attach(final Runnable signal) {
        super.attach(signal);
        if (!trusted) {
            signal.run();
        }
    }

    @Override
    public int read(final ByteBuffer target) throws IOException {
        if (buffer == null) {
            return lower.read(target);
        }
        if (!trusted) {
            throw new ChannelException(
                    CounterId.CONNECTIONS_CLOSED_PROXY_UNTRUSTED, "the listener is for trusted proxies only");
        }
        if (decoded == null) {
            final int count = lower.read(buffer);
            if (count <= 0) {
                return count;
            }
            decode();
        }
        return decoded == null ? 0 : handOn(target);
    }

    @Override
    public int write(final ByteBuffer source) throws IOException {
        return lower.write(source);
    }

    private void decode() throws ChannelException {
        final ProxyDecoder decoder = new ProxyDecoder(maxLength);
        final int length = decoder.decode(new UnsafeBuffer(buffer.array()), 0, buffer.position());
        if (length == ProxyDecoder.MALFORMED) {
            throw new ChannelException(CounterId.CONNECTIONS_CLOSED_PROXY_PREFACE, decoder.fault());
        }
        if (length == ProxyDecoder.INCOMPLETE) {
            if (!buffer.hasRemaining()) {
                buffer = ByteBuffer.allocate(Math.min(2 * buffer.capacity(), maxLength))
                        .put(buffer.flip());
            }
            return;
        }
        decoded = decoder;
        address = clientAddress(decoder);
        buffer.flip().position(length);
    }

    private int handOn(final ByteBuffer target) {
        final int count = Math.min(buffer.remaining(), target.remaining());
        target.put(buffer.slice().limit(count));
        buffer.position(buffer.position() + count);
        if (!buffer.hasRemaining()) {
            buffer = null;
        }
        return count;
    }

    private String clientAddress(final ProxyDecoder decoder) {
        if (decoder.source() == ProxySource.PROXY) {
            return lower.address();
        }
        if (decoder.source() == ProxySource.INTERNET) {
            return decoder.address().getHostAddress();
        }
        return lower.inetAddress() == null ? "proxy" : lower.inetAddress().getHostAddress();
    }

    @Override
    public boolean hasBuffered() {
        return decoded != null && buffer != null || lower.hasBuffered();
    }

    @Override
    public int heldBytes() {
        return lower.heldBytes() + (buffer == null ? 0 : buffer.capacity());
    }

    @Override
    public String peer() {
        if (decoded == null) {
            return lower.peer();
        }
        return switch (decoded.source()) {
            case INTERNET -> decoded.address().getHostAddress() + ":" + decoded.port();
            case UNIX -> "unix:" + decoded.unixPath() + " by " + lower.peer();
            default -> lower.peer();
        };
    }

    @Override
    public String address() {
        return trusted ? address : lower.address();
    }

    @Override
    public InetAddress inetAddress() {
        if (!trusted) {
            return lower.inetAddress();
        }
        if (decoded == null) {
            return null;
        }
        return decoded.source() == ProxySource.INTERNET ? decoded.address() : lower.inetAddress();
    }
}
