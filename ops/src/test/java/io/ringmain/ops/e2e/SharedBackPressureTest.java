package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Publishers with QoS 1 and 2 that are faster than all members of a shared subscription together. */
@Tag("e2e")
@Timeout(120)
class SharedBackPressureTest {
    private static final int PAYLOAD = 1000;
    private static final int WINDOW = 1024;

    /** A quarter of it is what may wait before somebody is held back; the rest has room for what is on its way then. */
    private static final int QUEUE = 40_000;

    private static final String LIMIT = "limits.queued_messages_per_session=" + QUEUE;
    private static final String FILTER = "$share/g/t";

    @TempDir
    private Path data;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private interface Action {
        void run() throws Exception;
    }

    /** Runs beside the test; what fails in it fails where it is joined. */
    private CompletableFuture<Void> start(final Action action) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        action.run();
                    } catch (final Exception ex) {
                        throw new IllegalStateException(ex);
                    }
                },
                threads);
    }

    private BrokerProcess broker(final String threading, final String wait) throws Exception {
        return BrokerProcess.startOwn(
                data,
                "--threading",
                threading,
                "--set",
                "ring.io_threads=2",
                "--set",
                "ring.size=4096",
                "--set",
                "limits.slow_consumer_wait=" + wait,
                "--set",
                LIMIT,
                "--durability",
                "append");
    }

    /** A client of MQTT 3.1.1 on a socket, that publishes without looking, or answers when it is told to. */
    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;
        private final OutputStream out;

        /** How many messages the broker has acknowledged, with QoS 2 by PUBREC. */
        final AtomicInteger acknowledged = new AtomicInteger();

        /** Of QoS 2 a client may have so many messages that it has not released. */
        private final Semaphore unreleased = new Semaphore(WINDOW / 2);

        /** How long it takes for a message, milliseconds. */
        private int pauseMs;

        Client(final BrokerProcess broker, final String id) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), broker.port());
            socket.setTcpNoDelay(true);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
            out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
            final byte[] name = id.getBytes(StandardCharsets.UTF_8);
            out.write(new byte[] {0x10, (byte) (12 + name.length), 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0});
            out.write(name.length);
            out.write(name);
            out.flush();
            in.readFully(new byte[4]);
        }

        Client subscribe(final String filter, final int qos) throws IOException {
            final byte[] bytes = filter.getBytes(StandardCharsets.UTF_8);
            out.write(new byte[] {(byte) 0x82, (byte) (5 + bytes.length), 0, 1, 0, (byte) bytes.length});
            out.write(bytes);
            out.write(qos);
            out.flush();
            in.readFully(new byte[5]);
            return this;
        }

        Client pause(final int ms) {
            pauseMs = ms;
            return this;
        }

        /** Publishes messages whose payloads begin with a number, as fast as the broker reads them. */
        void flood(final int count, final String topic, final int qos, final int payload) throws Exception {
            flood(0, count, topic, qos, payload);
        }

        /** As above, with the numbers from one to before another. */
        void flood(final int first, final int end, final String topic, final int qos, final int payload)
                throws Exception {
            final byte[] name = topic.getBytes(StandardCharsets.UTF_8);
            final int remaining = 2 + name.length + 2 + payload;
            for (int i = first; i < end; i++) {
                final byte[] packet = ByteBuffer.allocate(3 + remaining)
                        .put((byte) (0x30 | qos << 1))
                        .put((byte) (remaining & 0x7F | 0x80))
                        .put((byte) (remaining >> 7))
                        .putShort((short) name.length)
                        .put(name)
                        .putShort((short) (i % 0xFFFF + 1))
                        .putInt(i)
                        .array();
                if (qos == 2 && !unreleased.tryAcquire()) {
                    flush();
                    unreleased.acquire();
                }
                synchronized (out) {
                    out.write(packet);
                }
            }
            flush();
        }

        private void flush() throws IOException {
            synchronized (out) {
                out.flush();
            }
        }

        private void answer(final int type, final byte[] packet, final int idAt) throws IOException {
            synchronized (out) {
                out.write(new byte[] {(byte) type, 2, packet[idAt], packet[idAt + 1]});
                if (in.available() == 0) {
                    out.flush();
                }
            }
        }

        /** Answers what the broker sends until the connection ends. */
        void serve(final Received received) throws Exception {
            serve(received, Integer.MAX_VALUE);
        }

        /** As above, but stops when there are so many messages. */
        void serve(final Received received, final int most) throws Exception {
            for (int type = in.read(); type >= 0 && received.count() < most; type = in.read()) {
                int length = in.read();
                length = length < 0x80 ? length : length & 0x7F | in.read() << 7;
                final byte[] body = new byte[length];
                in.readFully(body);
                switch (type >> 4) {
                    case 3 -> onPublish(type, body, received);
                    case 4 -> acknowledged.incrementAndGet();
                    case 5 -> {
                        acknowledged.incrementAndGet();
                        answer(0x62, body, 0);
                    }
                    case 6 -> answer(0x70, body, 0);
                    case 7 -> unreleased.release();
                    default -> throw new IOException("packet of type " + (type >> 4));
                }
            }
        }

        private void onPublish(final int type, final byte[] body, final Received received) throws Exception {
            Thread.sleep(pauseMs);
            final int idAt = 2 + body[1];
            received.add(ByteBuffer.wrap(body).getInt(idAt + 2));
            answer((type & 6) == 2 ? 0x40 : 0x50, body, idAt);
        }

        void abort() throws IOException {
            socket.close();
        }

        @Override
        public void close() throws IOException {
            abort();
        }
    }

    /** What one client, or several together, have got. */
    private static final class Received {
        private final BitSet numbers = new BitSet();
        private int count;
        private String twice = "";

        synchronized void add(final int number) {
            twice += numbers.get(number) ? " " + number : "";
            count += numbers.get(number) ? 0 : 1;
            numbers.set(number);
        }

        synchronized int count() {
            return count;
        }

        void await(final int count) {
            Await.until(TimeUnit.SECONDS.toMillis(60), () -> count() >= count, () -> "got " + count() + " of " + count);
            assertEquals("", twice);
        }
    }

    /**
     * Nobody takes anything before more was acknowledged to the publisher than the members have room for and may wait in
     * the group, so it has been held back by then; and for as long as one that isn't needs to send all there is.
     */
    @ParameterizedTest
    @CsvSource({"shared, 1", "shared, 2", "dedicated, 1", "dedicated, 2"})
    void shouldSlowAPublisherDownThatOutrunsAGroupAndLoseNothing(final String threading, final int qos)
            throws Exception {
        final int count = 100_000;
        final Received received = new Received();
        try (BrokerProcess broker = broker(threading, "1m");
                Client publisher = new Client(broker, "publisher");
                Client one = new Client(broker, "one").subscribe(FILTER, qos);
                Client two = new Client(broker, "two").subscribe(FILTER, qos);
                Client three = new Client(broker, "three").subscribe(FILTER, qos)) {
            start(() -> publisher.serve(received));
            final CompletableFuture<Void> flow = start(() -> publisher.flood(count, "t", qos, PAYLOAD));
            Await.until(() -> publisher.acknowledged.get() > 3 * WINDOW + QUEUE / 4);
            Thread.sleep(1000);
            assertFalse(flow.isDone());
            start(() -> one.serve(received));
            start(() -> two.serve(received));
            start(() -> three.serve(received));
            received.await(count);
            flow.get();
            assertEquals(0, broker.terminate());
            assertTrue(broker.output().contains("publishers.paused "), broker::output);
            assertFalse(broker.output().contains("dropped."), broker::output);
        }
    }

    /**
     * One has taken what it has room for and hangs before anybody is held back: who has to wait waits for one that takes.
     * What the hanging one was given goes to the others when it has gone.
     */
    @Test
    void shouldLoseNothingWhenOneMemberHangs() throws Exception {
        final int payload = 16_000;
        final int before = 3 * WINDOW + WINDOW / 2;
        final int count = 12_000;
        final Received received = new Received();
        try (BrokerProcess broker = broker("shared", "10s");
                Client publisher = new Client(broker, "publisher");
                Client hanging = new Client(broker, "hanging").subscribe(FILTER, 1);
                Client two = new Client(broker, "two").subscribe(FILTER, 1).pause(1);
                Client three = new Client(broker, "three").subscribe(FILTER, 1).pause(1)) {
            start(() -> publisher.serve(received));
            start(() -> two.serve(received));
            start(() -> three.serve(received));
            publisher.flood(before, "t", 1, payload);
            received.await(before - WINDOW);
            publisher.flood(before, count, "t", 1, payload);
            received.await(count - WINDOW);
            hanging.abort();
            received.await(count);
            assertEquals(0, broker.terminate());
            assertTrue(broker.output().contains("publishers.paused "), broker::output);
            assertFalse(broker.output().contains("dropped."), broker::output);
        }
    }

    @Test
    void shouldGoOnForTheOthersWhenAllMembersHaveStoppedAcknowledging() throws Exception {
        final int count = 100_000;
        final Received received = new Received();
        try (BrokerProcess broker = broker("shared", "2s");
                Client publisher = new Client(broker, "publisher");
                Client one = new Client(broker, "one").subscribe(FILTER, 1);
                Client two = new Client(broker, "two").subscribe(FILTER, 1);
                Client other = new Client(broker, "other").subscribe("t", 1)) {
            start(() -> publisher.serve(received));
            start(() -> other.serve(received));
            start(() -> one.serve(new Received(), 5000));
            start(() -> two.serve(new Received(), 5000));
            final CompletableFuture<Void> flow = start(() -> publisher.flood(count, "t", 1, PAYLOAD));
            received.await(count);
            flow.get();
            assertEquals(0, broker.terminate());
            assertTrue(broker.output().contains("publishers.paused "), broker::output);
            assertTrue(broker.output().contains("dropped.queue-full.oldest "), broker::output);
        }
    }

    /** Each is the only member of the group that the other publishes to, and neither is read while the other is behind. */
    @Test
    void shouldPartClientsThatWaitForEachOther() throws Exception {
        final int count = 60_000;
        try (BrokerProcess broker = broker("shared", "500ms");
                Client one = new Client(broker, "one").subscribe("$share/g/1", 1);
                Client two = new Client(broker, "two").subscribe("$share/g/2", 1)) {
            final CompletableFuture<Void> first = start(() -> one.flood(count, "2", 1, PAYLOAD));
            final CompletableFuture<Void> second = start(() -> two.flood(count, "1", 1, PAYLOAD));
            Await.until(() -> first.isDone() && second.isDone());
            start(() -> one.serve(new Received()));
            start(() -> two.serve(new Received()));
            Await.until(() -> one.acknowledged.get() == count && two.acknowledged.get() == count);
            assertEquals(0, broker.terminate());
            assertTrue(broker.output().contains("publishers.paused "), broker::output);
        }
    }
}
