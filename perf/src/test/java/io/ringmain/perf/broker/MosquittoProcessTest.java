package io.ringmain.perf.broker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MosquittoProcessTest {
    private static final byte[] CONNECT = {0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 1, 'x'};

    @Test
    void shouldLetAnybodyInAndBeGoneAfterwards() throws IOException {
        Assumptions.assumeTrue(MosquittoProcess.isInstalled(), "mosquitto is not installed");
        final int port;
        try (MosquittoProcess mosquitto = MosquittoProcess.start()) {
            port = mosquitto.port();
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.getOutputStream().write(CONNECT);
                assertArrayEquals(
                        new byte[] {0x20, 2, 0, 0}, socket.getInputStream().readNBytes(4));
            }
        }
        assertThrows(ConnectException.class, () -> new Socket("127.0.0.1", port).close());
    }
}
