package io.ringmain.engine.driver;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.ring.SlotRing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The names under {@code $SYS} and how their values are written. The names of the standard figures, and what they count,
 * are those of Mosquitto's manual page mosquitto(8), section "Broker Status"; those of ours are the labels of the
 * counters.
 */
final class SysTopics {
    static final int MAX_VALUE_LENGTH = 64;

    private static final CounterId[] DROPPED = Arrays.stream(CounterId.values())
            .filter(id -> id.label().startsWith("dropped."))
            .toArray(CounterId[]::new);
    private static final String ROOT = "$SYS/broker/";

    /** Writes a value as text and returns its length. */
    @FunctionalInterface
    private interface Value {
        int write(MutableDirectBuffer buffer);
    }

    private record Topic(UnsafeBuffer name, Value value) {}

    private final Counters counters;
    private final long startNs;
    private final List<Topic> topics = new ArrayList<>();
    private final List<LoadAverage> loads = new ArrayList<>();
    private long nowNs;
    private long mostConnected;

    SysTopics(final SlotRing ring, final Counters counters, final String version, final long nowNs) {
        this.counters = counters;
        this.startNs = nowNs;
        this.nowNs = nowNs;
        final UnsafeBuffer versionText = SysTopicsAgent.utf8("ringmain " + version);
        add("version", buffer -> {
            buffer.putBytes(0, versionText, 0, versionText.capacity());
            return versionText.capacity();
        });
        add("uptime", this::uptime);
        addClients();
        addTraffic();
        number(
                "heap/current",
                () -> Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        number("heap/maximum", () -> Runtime.getRuntime().maxMemory());
        addLoads();
        number("ringmain/ring/capacity", ring::capacity);
        number("ringmain/ring/remaining", ring::remaining);
        for (final CounterId id : CounterId.values()) {
            number("ringmain/" + id.label().replace('.', '/'), () -> counters.get(id));
        }
    }

    private void addClients() {
        number("clients/total", () -> counters.get(CounterId.SESSIONS));
        number("clients/connected", this::connected);
        number("clients/active", this::connected);
        number("clients/disconnected", this::disconnected);
        number("clients/inactive", this::disconnected);
        number("clients/expired", () -> counters.get(CounterId.SESSIONS_EXPIRED));
        number("clients/maximum", () -> mostConnected);
        number("subscriptions/count", () -> counters.get(CounterId.SUBSCRIPTIONS));
        number("shared_subscriptions/count", () -> counters.get(CounterId.SUBSCRIPTIONS_SHARED));
        number("retained messages/count", () -> counters.get(CounterId.RETAINED));
    }

    private void addTraffic() {
        number("messages/received", () -> counters.get(CounterId.PACKETS_RECEIVED));
        number("messages/sent", () -> counters.get(CounterId.PACKETS_SENT));
        number("publish/messages/received", () -> counters.get(CounterId.PUBLISH_RECEIVED));
        number("publish/messages/sent", () -> counters.get(CounterId.PUBLISH_SENT));
        number("publish/messages/dropped", this::dropped);
        number("publish/bytes/received", () -> counters.get(CounterId.PUBLISH_BYTES_RECEIVED));
        number("publish/bytes/sent", () -> counters.get(CounterId.PUBLISH_BYTES_SENT));
        number("bytes/received", () -> counters.get(CounterId.BYTES_RECEIVED));
        number("bytes/sent", () -> counters.get(CounterId.BYTES_SENT));
    }

    private void addLoads() {
        load("messages/received", () -> counters.get(CounterId.PACKETS_RECEIVED));
        load("messages/sent", () -> counters.get(CounterId.PACKETS_SENT));
        load("publish/received", () -> counters.get(CounterId.PUBLISH_RECEIVED));
        load("publish/sent", () -> counters.get(CounterId.PUBLISH_SENT));
        load("publish/dropped", this::dropped);
        load("bytes/received", () -> counters.get(CounterId.BYTES_RECEIVED));
        load("bytes/sent", () -> counters.get(CounterId.BYTES_SENT));
        load("connections", () -> counters.get(CounterId.CONNECTS_ACCEPTED));
        load("sockets", () -> counters.get(CounterId.CONNECTIONS_ACCEPTED));
    }

    private long connected() {
        return counters.get(CounterId.SESSIONS_CONNECTED);
    }

    private long disconnected() {
        return Math.max(0, counters.get(CounterId.SESSIONS) - connected());
    }

    /** Messages that some subscriber didn't get. */
    private long dropped() {
        long sum = 0;
        for (final CounterId id : DROPPED) {
            sum += counters.get(id);
        }
        return sum;
    }

    private int uptime(final MutableDirectBuffer buffer) {
        final int length = buffer.putLongAscii(0, TimeUnit.NANOSECONDS.toSeconds(Math.max(0, nowNs - startNs)));
        return length + buffer.putStringWithoutLengthAscii(length, " seconds");
    }

    private void number(final String name, final LoadAverage.Source source) {
        add(name, buffer -> buffer.putLongAscii(0, source.get()));
    }

    private void load(final String name, final LoadAverage.Source source) {
        for (final int minutes : new int[] {1, 5, 15}) {
            final LoadAverage load = new LoadAverage(source, minutes, startNs);
            loads.add(load);
            add("load/" + name + "/" + minutes + "min", load::write);
        }
    }

    private void add(final String name, final Value value) {
        topics.add(new Topic(SysTopicsAgent.utf8(ROOT + name), value));
    }

    int count() {
        return topics.size();
    }

    UnsafeBuffer name(final int index) {
        return topics.get(index).name;
    }

    /** Writes a value at the start of a buffer and returns its length. */
    int value(final int index, final MutableDirectBuffer buffer) {
        return topics.get(index).value.write(buffer);
    }

    /** A round begins. */
    void update(final long now) {
        nowNs = now;
        mostConnected = Math.max(mostConnected, connected());
        for (int i = 0; i < loads.size(); i++) {
            loads.get(i).update(now);
        }
    }
}
