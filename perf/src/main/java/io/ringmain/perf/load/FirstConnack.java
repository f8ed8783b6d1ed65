package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerProcess;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/** A client that knocks until it is let in: a broker is back in service when it acknowledges a CONNECT. */
final class FirstConnack {
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int ANSWER_LENGTH = 4;

    private FirstConnack() {}

    /** Returns the seconds from the start of the process. */
    static double await(final BrokerProcess broker, final int port, final long timeoutS) throws IOException {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutS);
        while (true) {
            try (Socket socket = new Socket(BrokerProcess.HOST, port)) {
                connect(socket);
                return (System.nanoTime() - broker.startedNs()) / 1e9;
            } catch (final ConnectException ex) {
                broker.checkAlive();
                if (System.nanoTime() > deadlineNs) {
                    throw new IOException("no CONNACK after " + timeoutS + " s:\n" + broker.output(), ex);
                }
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    private static void connect(final Socket socket) throws IOException {
        final byte[] packet = new byte[64];
        final int length = new ConnectEncoder()
                .wrap(new UnsafeBuffer(packet), 0, ProtocolVersion.V3_1_1)
                .clientId("bench-first")
                .cleanStart(true)
                .finish();
        socket.getOutputStream().write(packet, 0, length);
        final byte[] answer = socket.getInputStream().readNBytes(ANSWER_LENGTH);
        if (answer.length < ANSWER_LENGTH || answer[3] != 0) {
            throw new IOException("the broker refused the first client");
        }
    }
}
