package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import io.ringmain.protocol.mqtt.Framing;
import io.ringmain.protocol.mqtt.PublishEncoder;
import io.ringmain.protocol.mqtt.SubscribeEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A million topics: how long the answer takes. It prints what it measured. */
@Tag("e2e")
@Tag("slow")
@Timeout(600)
class CatalogMillionTest {
    private static final ProtocolVersion V4 = ProtocolVersion.V3_1_1;
    private static final int TOPICS = 1_000_000;
    private static final int SITES = 10;
    private static final int WINDOW = 1000;
    private static final int PUBACK_LENGTH = 4;
    private static final String[] OPTIONS = {
        "--set", "catalog.enabled=true", "--set", "catalog.max_topics=2000000", "--durability", "append"
    };

    @TempDir
    private Path data;

    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[1 << 20]);

    private Socket connect(final BrokerProcess broker, final String id) throws IOException {
        final Socket socket = new Socket(BrokerProcess.HOST, broker.port());
        socket.setTcpNoDelay(true);
        send(
                socket.getOutputStream(),
                new ConnectEncoder().wrap(scratch, 0, V4).clientId(id).finish());
        socket.getInputStream().readNBytes(4);
        return socket;
    }

    private void send(final OutputStream out, final int length) throws IOException {
        out.write(scratch.byteArray(), 0, length);
    }

    private void publishAll(final BrokerProcess broker) throws IOException {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[16]);
        try (Socket socket = connect(broker, "million")) {
            int length = 0;
            for (int i = 0; i < TOPICS; i++) {
                final byte[] name = "site%d/line%d/sensor-%06d"
                        .formatted(i % SITES, i % 97, i)
                        .getBytes(StandardCharsets.UTF_8);
                length += PublishEncoder.encode(
                        scratch,
                        length,
                        V4,
                        2,
                        i % WINDOW + 1,
                        new UnsafeBuffer(name),
                        0,
                        name.length,
                        payload,
                        0,
                        0,
                        PublishEncoder.NO_EXPIRY,
                        payload,
                        0,
                        payload.capacity());
                if (i % WINDOW == WINDOW - 1) {
                    send(socket.getOutputStream(), length);
                    socket.getInputStream().readNBytes(WINDOW * PUBACK_LENGTH);
                    length = 0;
                }
            }
        }
    }

    /** Asks, and returns the milliseconds up to the end of the answer, which must have so many topics. */
    private long ask(final BrokerProcess broker, final String filter, final int expected) throws IOException {
        try (Socket socket = connect(broker, "asks")) {
            final long startNs = System.nanoTime();
            send(
                    socket.getOutputStream(),
                    new SubscribeEncoder()
                            .wrap(scratch, 0, V4, 1)
                            .add("$catalog/" + filter, 0)
                            .finish());
            final String end = lastOf(socket.getInputStream(), expected + 1);
            final long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
            assertTrue(end.contains("$catalog{\"topics\":" + expected + ",\"beyondCap\":0,"), end);
            return ms;
        }
    }

    /** The last of so many PUBLISH packets. */
    private static String lastOf(final InputStream in, final int count) throws IOException {
        byte[] bytes = new byte[1 << 20];
        final UnsafeBuffer view = new UnsafeBuffer(bytes);
        int filled = 0;
        int at = 0;
        for (int seen = 0; ; ) {
            final int length = Framing.packetLength(view, at, filled - at, Framing.MAX_VAR_INT);
            if (length > 0 && length <= filled - at) {
                seen += bytes[at] == 0x31 ? 1 : 0;
                if (seen == count) {
                    return new String(bytes, at, length, StandardCharsets.UTF_8);
                }
                at += length;
            } else {
                System.arraycopy(bytes, at, bytes, 0, filled - at);
                filled -= at;
                at = 0;
                final int read = in.read(bytes, filled, bytes.length - filled);
                if (read < 0) {
                    throw new IOException("closed after " + seen);
                }
                filled += read;
            }
        }
    }

    @Test
    void shouldAnswerAMillionTopicsByPrefixInASecond() throws Exception {
        final List<String> heap = List.of("-Xmx1g");
        try (BrokerProcess broker = BrokerProcess.start(heap, data, OPTIONS)) {
            publishAll(broker);
            final long sorted = ask(broker, "site7/#", TOPICS / SITES);
            final long prefix = ask(broker, "site7/#", TOPICS / SITES);
            final long all = ask(broker, "#", TOPICS);
            final long again = ask(broker, "#", TOPICS);
            final long one = ask(broker, "site3/line%d/sensor-000003".formatted(3), 1);
            System.out.printf(
                    Locale.ROOT,
                    "of 1,000,000 topics: site7/# (100,000) first %d ms, again %d ms; # (1,000,000) %d ms, again %d ms;"
                            + " one topic %d ms%n",
                    sorted,
                    prefix,
                    all,
                    again,
                    one);
            assertTrue(prefix < 1000, prefix + " ms");
            assertEquals(0, broker.terminate());
        }
        try (BrokerProcess broker = BrokerProcess.start(heap, data, OPTIONS)) {
            final long loaded = ask(broker, "site7/#", TOPICS / SITES);
            System.out.printf(Locale.ROOT, "after a start, from the file: site7/# %d ms%n", loaded);
        }
    }
}
