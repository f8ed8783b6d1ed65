package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a broker that answers a SUBSCRIBE with messages of given numbers. */
@Timeout(60)
class MessageDrainTest {
    private final ServerSocket server;

    MessageDrainTest() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private double drain(final int count, final boolean isOrdered, final long... numbers) throws IOException {
        final Thread broker = new Thread(() -> serve(numbers), "broker");
        broker.setDaemon(true);
        broker.start();
        return MessageDrain.subscribe("127.0.0.1", server.getLocalPort(), "#", 0, count, isOrdered);
    }

    private void serve(final long... numbers) {
        try (Socket socket = server.accept()) {
            final DataInputStream in = new DataInputStream(socket.getInputStream());
            final OutputStream out = socket.getOutputStream();
            skipPacket(in);
            out.write(new byte[] {0x20, 2, 0, 0});
            skipPacket(in);
            out.write(new byte[] {(byte) 0x90, 3, 0, 1, 0});
            for (final long number : numbers) {
                final ByteBuffer packet = ByteBuffer.allocate(13).put(new byte[] {0x30, 11, 0, 1, 't'});
                out.write(packet.order(java.nio.ByteOrder.nativeOrder())
                        .putLong(number)
                        .array());
            }
            skipPacket(in);
            out.write(new byte[] {(byte) 0xD0, 0});
            in.read();
        } catch (final IOException ignored) {
            // The client has seen enough.
        }
    }

    private static void skipPacket(final DataInputStream in) throws IOException {
        in.readByte();
        in.readFully(new byte[in.readByte()]);
    }

    private String refusal(final int count, final boolean isOrdered, final long... numbers) {
        return assertThrows(IOException.class, () -> drain(count, isOrdered, numbers))
                .getMessage();
    }

    @Test
    void shouldTakeEachOnce() throws IOException {
        assertTrue(drain(3, true, 0, 1, 2) > 0);
    }

    @Test
    void shouldTakeThemInAnyOrderWhereThereIsNone() throws IOException {
        assertTrue(drain(3, false, 2, 0, 1) > 0);
    }

    @Test
    void shouldNotTakeADoubleForAnother() {
        assertEquals("message 1 of 3 came twice", refusal(3, false, 0, 1, 1));
    }

    @Test
    void shouldSeeADoubleBehindTheLast() {
        assertEquals("message 0 of 2 came twice", refusal(2, true, 0, 1, 0));
    }

    @Test
    void shouldRefuseAnotherOrder() {
        assertEquals("message 1 of 3 came behind 2", refusal(3, true, 0, 2, 1));
    }

    @Test
    void shouldRefuseWhatNobodyPublished() {
        assertEquals("the broker sent a message that is none of the 2", refusal(2, false, 0, 2));
    }
}
