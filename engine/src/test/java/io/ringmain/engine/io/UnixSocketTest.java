package io.ringmain.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class UnixSocketTest {
    private static final long WAIT_MS = 10;

    @TempDir
    private Path dir;

    private final NioTransport transport = new NioTransport();
    private Channel accepted;

    private final Transport.Handler handler = new Transport.Handler() {
        @Override
        public void onAccept(final Channel socket, final ListenerConfig listener) {
            accepted = socket;
        }

        @Override
        public void onReadable(final Connection connection) {}

        @Override
        public void onWritable(final Connection connection) {}
    };

    @AfterEach
    void close() {
        transport.close();
    }

    private Path path() {
        return dir.resolve("s");
    }

    private void listen(final int mode) {
        transport.listen(new ListenerConfig("test", UnixDomainSocketAddress.of(path()), mode, false, List.of()));
    }

    private SocketChannel connect() throws IOException {
        final SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path()));
        while (accepted == null) {
            transport.poll(handler, WAIT_MS);
        }
        return client;
    }

    @Test
    void shouldTakeBytesAndSayThatTheClientIsLocal() throws IOException {
        listen(0600);
        try (SocketChannel client = connect()) {
            client.write(ByteBuffer.wrap(new byte[] {'x'}));
            final ByteBuffer read = ByteBuffer.allocate(10);
            while (read.position() == 0) {
                accepted.read(read);
            }
            assertEquals('x', read.get(0));
            assertNull(accepted.address());
            assertNull(accepted.inetAddress());
            assertEquals("unix:" + path(), accepted.peer());
        }
    }

    @Test
    void shouldGiveTheFileItsModeAndLeaveNothingBeside() throws IOException {
        for (final int mode : new int[] {0600, 0660, 0666}) {
            listen(mode);
            assertEquals(
                    mode == 0600 ? "rw-------" : mode == 0660 ? "rw-rw----" : "rw-rw-rw-",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(path())));
            try (Stream<Path> files = Files.list(dir)) {
                assertEquals(List.of(path()), files.toList());
            }
            transport.stopAccepting();
            assertFalse(Files.exists(path()), "removed at the stop");
        }
    }

    @Test
    void shouldReplaceAFileThatNobodyListensOn() throws IOException {
        try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(path()));
        }
        assertTrue(Files.exists(path()), "as a process leaves it that is killed");
        listen(0600);
        connect().close();
    }

    @Test
    void shouldNotTakeThePlaceOfWhoListens() throws IOException {
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(path()));
            assertRefused("somebody listens there already");
        }
    }

    @Test
    void shouldNotReplaceAFileThatIsNoSocket() throws IOException {
        Files.writeString(path(), "precious");
        assertRefused("there is a file that is no socket");
        assertEquals("precious", Files.readString(path()));
        Files.delete(path());
        Files.createSymbolicLink(path(), dir.resolve("elsewhere"));
        assertRefused("there is a file that is no socket");
    }

    @Test
    void shouldNotRemoveTheFileOfAnother() throws IOException {
        listen(0600);
        Files.delete(path());
        Files.writeString(path(), "another's");
        transport.stopAccepting();
        assertEquals("another's", Files.readString(path()));
    }

    @Test
    void shouldNameListenerAndPathWhenItCantListen() {
        final Path missing = dir.resolve("missing/s");
        final Exception ex = assertThrows(
                UncheckedIOException.class,
                () -> transport.listen(new ListenerConfig("test", UnixDomainSocketAddress.of(missing))));
        assertTrue(
                ex.getCause().getMessage().contains("listener test: can't listen on unix:" + missing),
                () -> ex.getCause().getMessage());
    }

    private void assertRefused(final String why) {
        final Exception ex = assertThrows(UncheckedIOException.class, () -> listen(0600));
        assertTrue(
                ex.getCause().getMessage().endsWith("unix:" + path() + ": " + why),
                () -> ex.getCause().getMessage());
    }
}
