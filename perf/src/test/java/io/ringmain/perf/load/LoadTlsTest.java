package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.perf.broker.TlsFiles;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadTlsTest {
    private static final int RECORD = 8 << 10;
    private static final int REST = 1000;
    private static final long WAIT_MS = TimeUnit.SECONDS.toMillis(5);

    /** The selector says nothing of what has left the socket already. */
    @Test
    void shouldSayThatThereIsMoreWhenTheLastRecordThatFittedFilledTheTarget() throws Exception {
        try (ServerSocket server =
                        context().getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Selector selector = Selector.open();
                SocketChannel socket = SocketChannel.open()) {
            final CompletableFuture<Socket> accepted = CompletableFuture.supplyAsync(() -> send(server));
            socket.connect(server.getLocalSocketAddress());
            final LoadTls tls = new LoadTls(socket);
            try (Socket sender = accepted.get()) {
                socket.configureBlocking(false);
                socket.register(selector, SelectionKey.OP_READ);
                final ByteBuffer target = ByteBuffer.allocateDirect(2 * RECORD);
                int received = 0;
                while (received < 2 * RECORD + REST) {
                    assertTrue(selector.select(WAIT_MS) > 0, "nothing more comes behind " + received + " bytes");
                    selector.selectedKeys().clear();
                    do {
                        received += tls.read(target.clear());
                    } while (tls.hasBuffered());
                }
                assertEquals(2 * RECORD + REST, received);
                assertFalse(sender.isClosed());
            }
        }
    }

    /** Three records; all of them are in the client's socket when this returns. */
    private static Socket send(final ServerSocket server) {
        try {
            final Socket sender = server.accept();
            sender.getOutputStream().write(new byte[RECORD]);
            sender.getOutputStream().write(new byte[RECORD]);
            sender.getOutputStream().write(new byte[REST]);
            return sender;
        } catch (final Exception ex) {
            throw new IllegalStateException(ex);
        }
    }

    private static SSLContext context() throws Exception {
        final KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(TlsFiles.newKeyStore(), TlsFiles.password());
        final SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
