package io.ringmain.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.HexFormat;

/** A client of hexadecimal bytes. */
final class HexClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    HexClient(final int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        in = socket.getInputStream();
    }

    HexClient send(final String hex) throws IOException {
        socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
        return this;
    }

    HexClient expect(final String hex) throws IOException {
        final byte[] expected = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertArrayEquals(expected, in.readNBytes(expected.length), () -> "expected " + hex + " in this order");
        return this;
    }

    /** The next bytes, in hexadecimal. */
    String read(final int count) throws IOException {
        return HexFormat.of().formatHex(in.readNBytes(count));
    }

    /** All bytes up to the end of the connection, in hexadecimal. */
    String untilClosed() throws IOException {
        return HexFormat.of().formatHex(in.readAllBytes());
    }

    /** Waits until the broker has ended the connection, with a reset where it left bytes unread. */
    void awaitEnd() throws IOException {
        try {
            in.readAllBytes();
        } catch (final SocketException ex) {
            return;
        }
    }

    /** As {@link #awaitEnd}, and true; or false if the broker answers with these bytes. */
    boolean awaitEndOr(final String hex) throws IOException {
        final byte[] expected = HexFormat.of().parseHex(hex.replace(" ", ""));
        try {
            final byte[] answer = in.readNBytes(expected.length);
            if (answer.length > 0) {
                assertArrayEquals(expected, answer);
            }
            return answer.length == 0;
        } catch (final SocketException ex) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
