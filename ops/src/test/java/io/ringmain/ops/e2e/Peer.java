package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A connected client that somebody else wrote, reduced to what MQTT is about. */
abstract class Peer implements AutoCloseable {
    /** The connection is up. */
    static final int CONNECTED = -1;
    /** The connection ended without a reason code. */
    static final int NO_REASON = 0;

    private static final int TIMEOUT_S = 20;

    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private volatile int end = CONNECTED;

    /** Whether the broker had a session of this client. */
    abstract boolean sessionPresent();

    /** Subscribes, waits for the SUBACK, and returns the granted QoS. */
    abstract int subscribe(String filter, int qos) throws Exception;

    /** Publishes, and waits for the whole hand-shake. */
    abstract void publish(String topic, byte[] payload, int qos, boolean retain) throws Exception;

    /** Says goodbye. */
    abstract void disconnect() throws Exception;

    /** Frees what the client holds, connected or not. */
    @Override
    public abstract void close();

    final void publish(final String topic, final String payload, final int qos, final boolean retain) throws Exception {
        publish(topic, payload.getBytes(StandardCharsets.UTF_8), qos, retain);
    }

    protected final void onArrival(final String topic, final byte[] payload, final int qos, final boolean retained) {
        arrivals.add(new Arrival(topic, payload, qos, retained));
    }

    protected final void onEnd(final int reasonCode) {
        if (end <= NO_REASON) {
            end = reasonCode;
        }
    }

    /** {@link #CONNECTED}, {@link #NO_REASON}, or the reason code of the DISCONNECT. */
    final int end() {
        return end;
    }

    /** The next message; there must be one. */
    final Arrival next() throws InterruptedException {
        return nextWithin(TIMEOUT_S);
    }

    /** The next message; there must be one after so many seconds. */
    final Arrival nextWithin(final long timeoutS) throws InterruptedException {
        final Arrival arrival = arrivals.poll(timeoutS, TimeUnit.SECONDS);
        assertNotNull(arrival, "nothing came");
        return arrival;
    }

    /** What has come and was not asked for yet. */
    final List<Arrival> rest() {
        final List<Arrival> all = new ArrayList<>();
        arrivals.drainTo(all);
        return all;
    }

    final List<Arrival> next(final int count) throws InterruptedException {
        final List<Arrival> all = new ArrayList<>();
        while (all.size() < count) {
            all.add(next());
        }
        return all;
    }

    /** Nothing else may come before the message that this publishes on a topic that is subscribed. */
    final void expectNothingBefore(final Peer publisher, final String topic) throws Exception {
        publisher.publish(topic, "marker", 1, false);
        assertEquals("marker", next().text(), "something else came first");
    }
}
