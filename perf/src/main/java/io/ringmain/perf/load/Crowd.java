package io.ringmain.perf.load;

import com.sun.management.OperatingSystemMXBean;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import io.ringmain.protocol.mqtt.DisconnectEncoder;
import io.ringmain.protocol.mqtt.Framing;
import io.ringmain.protocol.mqtt.PacketType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Thousands of MQTT 3.1.1 connections that take one step after the other: in each, every member sends one packet and waits
 * for one answer, a bounded number of them at a time. They share one thread, the caller's, and their buffers, and come
 * from several addresses of loopback, as one has too few ports for many crowds one after another.
 */
final class Crowd implements AutoCloseable {
    /**
     * Fewer than the 100 that Mosquitto lets wait for its accept: with more at a time, as when all come back at once, the
     * kernel's retries are part of what is measured.
     */
    static final int IN_FLIGHT = 64;

    private static final ProtocolVersion VERSION = ProtocolVersion.V3_1_1;
    private static final int BUFFER_LENGTH = 4096;
    private static final int ADDRESSES = 16;
    private static final int NO_ANSWER = 0;
    private static final long POLL_MS = 100;
    private static final long HIGHEST_NS = TimeUnit.MINUTES.toNanos(1);
    private static final long STALL_NS = TimeUnit.SECONDS.toNanos(30);

    /** Writes what a member sends, at the start of a buffer, and returns the length. */
    @FunctionalInterface
    interface Request {
        int encode(int member, MutableDirectBuffer buffer);
    }

    /**
     * What a step took.
     *
     * @param answerNs by member, from before it began to its answer.
     * @param generatorCpuS of this process.
     */
    record Step(int count, double seconds, Histogram answerNs, double generatorCpuS) {
        double perSecond() {
            return count / seconds;
        }
    }

    private final InetSocketAddress broker;
    private final boolean isLoopback;
    private final Member[] members;
    private final int inFlight;

    /** Whether a connection that isn't accepted yet holds up no other. */
    private final boolean isConcurrent;

    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_LENGTH);
    private final UnsafeBuffer view = new UnsafeBuffer(buffer);
    private Histogram answerNs;
    private int answerType;
    private int done;

    Crowd(final String host, final int port, final int count, final int inFlight) throws IOException {
        this.broker = new InetSocketAddress(host, port);
        this.isLoopback = broker.getAddress().isLoopbackAddress();
        this.members = new Member[count];
        this.inFlight = inFlight;
        this.isConcurrent = inFlight > IN_FLIGHT;
        for (int i = 0; i < count; i++) {
            members[i] = new Member();
        }
    }

    /** Everybody connects over TCP and sends CONNECT; the answer is CONNACK. */
    Step connect(final boolean cleanStart) throws IOException {
        final ConnectEncoder connect = new ConnectEncoder();
        final Request request = (member, out) -> connect.wrap(out, 0, VERSION)
                .clientId("bench-crowd-" + member)
                .cleanStart(cleanStart)
                .finish();
        return run(member -> members[member].open(member, request), PacketType.CONNACK);
    }

    /** Everybody sends a packet and gets one of this type. */
    Step exchange(final Request request, final int type) throws IOException {
        return run(member -> send(member, request), type);
    }

    /** Everybody sends DISCONNECT; the broker closes. */
    Step disconnect() throws IOException {
        final Request request = (member, out) -> DisconnectEncoder.encode(out, 0, VERSION, 0);
        return run(member -> send(member, request), NO_ANSWER);
    }

    /** What a member does at the beginning of a step. */
    @FunctionalInterface
    private interface Beginning {
        void begin(int member) throws IOException;
    }

    private Step run(final Beginning beginning, final int type) throws IOException {
        final OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        answerNs = new Histogram(HIGHEST_NS, 3);
        answerType = type;
        done = 0;
        int begun = 0;
        final long cpuNs = process.getProcessCpuTime();
        final long startNs = System.nanoTime();
        long lastNs = startNs;
        while (done < members.length) {
            final int before = done;
            while (begun < members.length && begun - done < inFlight) {
                members[begun].begunNs = System.nanoTime();
                beginning.begin(begun++);
            }
            poll();
            lastNs = done > before ? System.nanoTime() : lastNs;
            if (System.nanoTime() - lastNs > STALL_NS) {
                throw new IOException("no answer for " + STALL_NS / 1_000_000_000 + " s, after " + done + " clients");
            }
        }
        final double seconds = (System.nanoTime() - startNs) / 1e9;
        return new Step(members.length, seconds, answerNs, (process.getProcessCpuTime() - cpuNs) / 1e9);
    }

    private void send(final int member, final Request request) throws IOException {
        buffer.clear().limit(request.encode(member, view));
        members[member].channel.write(buffer);
        if (buffer.hasRemaining()) {
            throw new IOException("the broker takes no packet of " + buffer.limit() + " bytes");
        }
    }

    private void poll() throws IOException {
        selector.select(POLL_MS);
        for (final SelectionKey key : selector.selectedKeys()) {
            final Member member = (Member) key.attachment();
            if (key.isConnectable()) {
                member.onConnected(key);
            } else {
                member.read();
            }
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
        for (final Member member : members) {
            member.close();
        }
        selector.close();
    }

    private final class Member {
        private SocketChannel channel;
        private int number;
        private long begunNs;

        /** What to send once a connection is there that took its time. */
        private Request first;

        /** Bytes of a packet whose end has not come yet; rarely any. */
        private byte[] rest = {};

        void open(final int number, final Request request) throws IOException {
            this.number = number;
            channel = SocketChannel.open(StandardProtocolFamily.INET);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (isLoopback) {
                channel.bind(new InetSocketAddress("127.0.0." + (2 + number % ADDRESSES), 0));
            }
            // On loopback the kernel answers at once, and a connect that waits is fewer system calls than one that
            // doesn't.
            channel.configureBlocking(!isConcurrent);
            final boolean isConnected = Wire.connect(channel, broker) || channel.finishConnect();
            channel.configureBlocking(false);
            if (isConnected) {
                channel.register(selector, SelectionKey.OP_READ, this);
                send(number, request);
            } else {
                first = request;
                channel.register(selector, SelectionKey.OP_CONNECT, this);
            }
        }

        void onConnected(final SelectionKey key) throws IOException {
            channel.finishConnect();
            key.interestOps(SelectionKey.OP_READ);
            send(number, first);
        }

        void read() throws IOException {
            buffer.clear().put(rest);
            if (channel.read(buffer) < 0) {
                onClosed();
                return;
            }
            final int length = Framing.packetLength(view, 0, buffer.position(), BUFFER_LENGTH);
            if (length == Framing.INCOMPLETE || length > buffer.position()) {
                rest = new byte[buffer.position()];
                view.getBytes(0, rest);
                return;
            }
            rest = new byte[0];
            check(length);
            onDone();
        }

        private void check(final int length) throws IOException {
            final int type = Framing.packetType(view.getByte(0));
            if (type != answerType || length != buffer.position()) {
                throw new IOException("packet of type " + type + " and " + length + " bytes, instead of type "
                        + answerType + " and " + buffer.position() + " bytes");
            }
            // The last byte is the return code of both.
            final int code = view.getByte(length - 1) & 0xFF;
            if (type == PacketType.CONNACK && code != 0 || type == PacketType.SUBACK && code >= 0x80) {
                throw new IOException("the broker refused with " + code);
            }
        }

        private void onClosed() throws IOException {
            if (answerType != NO_ANSWER) {
                throw new IOException("the broker has closed the connection");
            }
            close();
            onDone();
        }

        private void onDone() {
            answerNs.recordValue(Math.min(HIGHEST_NS, System.nanoTime() - begunNs));
            done++;
        }

        void close() throws IOException {
            if (channel != null) {
                channel.close();
            }
        }
    }
}
