package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.tls.TlsClient;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A subscriber that takes less than is published to it. */
@Tag("e2e")
@Timeout(120)
class BackPressureTest {
    private static final int PAYLOAD = 16 << 10;
    private static final String TOPIC = "t";

    @TempDir
    private Path data;

    private static Socket connect(final BrokerProcess broker, final String id) throws Exception {
        return connect(broker, id, null);
    }

    /** @param tls null for a plain connection. */
    private static Socket connect(final BrokerProcess broker, final String id, final TlsClient tls) throws Exception {
        final Socket plain = new Socket();
        plain.setReceiveBufferSize(32 << 10);
        plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), broker.port()));
        final Socket socket = tls == null ? plain : tls.over(plain, "localhost", broker.port());
        final byte[] name = id.getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream()
                .write(ByteBuffer.allocate(14 + name.length)
                        .put((byte) 0x10)
                        .put((byte) (12 + name.length))
                        .put(new byte[] {0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, (byte) name.length})
                        .put(name)
                        .array());
        assertEquals(4, socket.getInputStream().readNBytes(4).length);
        return socket;
    }

    private static void subscribe(final Socket socket) throws Exception {
        socket.getOutputStream().write(new byte[] {(byte) 0x82, 6, 0, 1, 0, 1, 't', 0});
        assertEquals(5, socket.getInputStream().readNBytes(5).length);
    }

    /** A PUBLISH with QoS 0 whose payload begins with a number. */
    private static byte[] publish(final int number) {
        final int remaining = 2 + TOPIC.length() + PAYLOAD;
        return ByteBuffer.allocate(4 + remaining)
                .put((byte) 0x30)
                .put((byte) (remaining & 0x7F | 0x80))
                .put((byte) (remaining >> 7 & 0x7F | 0x80))
                .put((byte) (remaining >> 14))
                .putShort((short) 1)
                .put((byte) 't')
                .putInt(number)
                .array();
    }

    private static int next(final InputStream in) throws Exception {
        final byte[] packet = in.readNBytes(4 + 3 + PAYLOAD);
        return ByteBuffer.wrap(packet).getInt(7);
    }

    @ParameterizedTest
    @CsvSource({
        "shared, none",
        "dedicated, none",
        "shared, jdk",
        "dedicated, jdk",
        "shared, conscrypt",
        "dedicated, conscrypt"
    })
    void shouldSlowThePublisherDownAndLoseNothing(final String threading, final String provider) throws Exception {
        final int count = 3000;
        final List<String> options = new ArrayList<>(List.of("--threading", threading));
        options.addAll(List.of("--set", "ring.io_threads=2", "--set", "limits.slow_consumer_wait=1m"));
        TlsClient tls = null;
        if (!provider.equals("none")) {
            final TestCertificates certificates = new TestCertificates(data);
            certificates.server("server", "localhost");
            tls = new TlsClient(data.resolve("ca.pem"), null, null, false, null, null);
            options.addAll(List.of(
                    "--set",
                    "listeners.t.bind=127.0.0.1:0",
                    "--set",
                    "listeners.t.tls.provider=" + provider,
                    "--set",
                    "listeners.t.tls.cert=" + certificates.path("server.pem"),
                    "--set",
                    "listeners.t.tls.key=" + certificates.path("server.key")));
        }
        try (BrokerProcess broker = BrokerProcess.startOwn(data.resolve("data"), options.toArray(String[]::new));
                Socket publisher = connect(broker, "publisher", tls);
                Socket subscriber = connect(broker, "subscriber", tls)) {
            subscribe(subscriber);
            final Thread flow = start(() -> {
                final OutputStream out = publisher.getOutputStream();
                for (int i = 0; i < count; i++) {
                    out.write(publish(i));
                }
            });
            for (int i = 0; i < count; i++) {
                if (i % 500 == 0) {
                    Thread.sleep(100);
                }
                assertEquals(i, next(subscriber.getInputStream()));
            }
            flow.join();
            assertEquals(0, broker.terminate());
            assertTrue(broker.output().contains("publishers.paused "), broker::output);
            assertTrue(!broker.output().contains("dropped.qos0"), broker::output);
        }
    }

    /**
     * A publisher that waits for no PUBACK, and says goodbye behind its last message; a subscriber that takes nothing until
     * its queue is almost long, and then acknowledges more slowly than the other publishes.
     *
     * @param taken from the publisher by then: a window of 1,024 and most of a quarter of the queue, by messages or by bytes.
     */
    @ParameterizedTest
    @CsvSource({
        "shared, 996, 70000, 15000",
        "dedicated, 996, 70000, 15000",
        "shared, 4, 150000, 26000",
        "dedicated, 4, 150000, 26000"
    })
    void shouldSlowAPublisherWithQos1DownAndLoseNothing(
            final String threading, final int payload, final int count, final int taken) throws Exception {
        final String[] options = {
            "--threading",
            threading,
            "--set",
            "ring.io_threads=2",
            "--set",
            "limits.slow_consumer_wait=1m",
            "--durability",
            "append"
        };
        final byte[] head = qos1Head(payload);
        final int length = head.length + 2 + payload;
        try (BrokerProcess broker = BrokerProcess.startOwn(data, options);
                Socket publisher = connect(broker, "publisher");
                Socket subscriber = connect(broker, "subscriber")) {
            subscriber.setTcpNoDelay(true);
            subscriber.getOutputStream().write(new byte[] {(byte) 0x82, 6, 0, 1, 0, 1, 't', 1});
            assertEquals(5, subscriber.getInputStream().readNBytes(5).length);
            final Thread flow = start(() -> {
                final OutputStream messages = new BufferedOutputStream(publisher.getOutputStream(), 1 << 16);
                for (int i = 0; i < count; i++) {
                    messages.write(ByteBuffer.allocate(length)
                            .put(head)
                            .putShort((short) (i % 0xFFFF + 1))
                            .putInt(i)
                            .array());
                }
                messages.write(new byte[] {(byte) 0xE0, 0});
                messages.flush();
            });
            final CountDownLatch almostLong = new CountDownLatch(1);
            final Thread acks = start(() -> {
                publisher.getInputStream().readNBytes(4 * taken);
                almostLong.countDown();
                publisher.getInputStream().readNBytes(4 * (count - taken));
            });
            final DataInputStream in = new DataInputStream(new BufferedInputStream(subscriber.getInputStream()));
            final OutputStream out = new BufferedOutputStream(subscriber.getOutputStream());
            almostLong.await();
            for (int i = 0; i < count; i++) {
                final byte[] packet = in.readNBytes(length);
                assertEquals(i, ByteBuffer.wrap(packet).getInt(head.length + 2));
                out.write(new byte[] {0x40, 2, packet[head.length], packet[head.length + 1]});
                if (in.available() == 0) {
                    out.flush();
                }
                if (i % 1000 == 0) {
                    Thread.sleep(10);
                }
            }
            out.flush();
            flow.join();
            acks.join();
            assertEquals(0, broker.terminate());
            assertTrue(broker.output().contains("publishers.paused "), broker::output);
            assertTrue(!broker.output().contains("dropped."), broker::output);
        }
    }

    /** A PUBLISH with QoS 1 up to its packet id. */
    private static byte[] qos1Head(final int payload) {
        final int remaining = 2 + TOPIC.length() + 2 + payload;
        return remaining < 128
                ? new byte[] {0x32, (byte) remaining, 0, 1, 't'}
                : new byte[] {0x32, (byte) (remaining & 0x7F | 0x80), (byte) (remaining >> 7), 0, 1, 't'};
    }

    private interface Action {
        void run() throws Exception;
    }

    private static Thread start(final Action action) {
        final Thread thread = new Thread(() -> {
            try {
                action.run();
            } catch (final Exception ex) {
                throw new IllegalStateException(ex);
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void shouldLeaveASubscriberBehindThatTakesNothingAndGoOnForTheOthers() throws Exception {
        final int count = 3000;
        try (BrokerProcess broker = BrokerProcess.startOwn(data, "--set", "limits.slow_consumer_wait=200ms");
                Socket publisher = connect(broker, "publisher");
                Socket dead = connect(broker, "dead");
                Socket subscriber = connect(broker, "subscriber")) {
            subscribe(dead);
            subscribe(subscriber);
            final AtomicLong written = new AtomicLong();
            final Thread flow = start(() -> {
                for (int i = 0; i < count; i++) {
                    publisher.getOutputStream().write(publish(i));
                    written.incrementAndGet();
                }
            });
            for (int i = 0; i < count; i++) {
                assertEquals(i, next(subscriber.getInputStream()));
            }
            flow.join();
            assertEquals(count, written.get());
            assertEquals(0, broker.terminate());
            assertTrue(broker.output().contains("dropped.qos0.slow-consumer "), broker::output);
        }
    }
}
