package io.ringmain.engine.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.event.EventHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same events make the same state and the same outputs, replayed or on top of a snapshot. */
class CoreDeterminismTest {
    private static final int EVENTS = 6000;

    private static CoreLimits limits() {
        return new CoreLimits()
                .receiveMaximum(4)
                .queuedMessages(6)
                .queuedBytes(2000)
                .subscriptionsPerSession(5)
                .retainedMessages(12)
                .retainedPerSlice(3);
    }

    /** Bounds of one more run of the broker: they change what the same events do. */
    private static long[] otherLimits(final SplittableRandom random) {
        return limits().queuedSeconds(random.nextInt(3) * 20L)
                .overflow(random.nextInt(3))
                .sharedStrategy(random.nextInt(3))
                .values();
    }

    /** A section of a snapshot, copied. */
    private record Section(int type, byte[] bytes) {}

    /** A core with the lines that it said. */
    private static final class Run {
        final OutputRecorder output = new OutputRecorder();
        final BrokerCore core = new BrokerCore(limits(), output);

        List<String> apply(final byte[] event) {
            core.onEvent(new UnsafeBuffer(event), 0);
            return output.take();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void shouldComeToTheSameStateByReplayAndBySnapshot(final long seed) {
        final List<byte[]> log = new ArrayList<>();
        final Run live = new Run();
        final Run twin = new Run();
        final List<Run> loaded = new ArrayList<>();
        final RandomEvents events = new RandomEvents(seed, live, (event, lines) -> {
            assertEquals(lines, twin.apply(event));
            if (!EventHeader.isTransient(new UnsafeBuffer(event), 0)) {
                log.add(event);
            }
            for (final Run run : loaded) {
                assertEquals(
                        stateOnly(lines),
                        stateOnly(run.apply(event)),
                        () -> "seed " + seed + ", position " + live.core.position());
                assertEquals(live.core.digest(), run.core.digest());
            }
        });
        for (int i = 0; i < EVENTS; i++) {
            events.next();
            if (i % 50 == 0) {
                assertEquals(live.core.digestFromScratch(), live.core.digest(), "seed " + seed + ", event " + i);
            }
            if (i % (EVENTS / 4) == EVENTS / 8) {
                loaded.add(load(snapshot(live.core)));
                assertEquals(
                        live.core.digest(), loaded.get(loaded.size() - 1).core.digest());
            }
        }
        final Run replayed = new Run();
        log.forEach(replayed::apply);
        assertEquals(live.core.digest(), replayed.core.digest());
        assertEquals(snapshotText(live.core), snapshotText(replayed.core));
        for (final Run run : loaded) {
            assertEquals(snapshotText(live.core), snapshotText(run.core));
        }
    }

    /**
     * Whose turn it is in a group is no state where QoS 0 is concerned: any member may get such a message. Nor is it
     * who is held back for whom: that is about connections, which end where a snapshot is used.
     */
    private static List<String> stateOnly(final List<String> lines) {
        return lines.stream()
                .filter(line -> !line.startsWith("behind ") && !line.startsWith("caught up "))
                .map(line -> line.replaceFirst("^\\d+ live \\d+ q0.*", "somebody gets it with QoS 0"))
                .toList();
    }

    /** A log that has lost some of its records is replayed without them, and nothing refers to them any more. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void shouldReplayOverAGapAndForgetWhatLayInIt(final long seed) {
        final List<byte[]> log = new ArrayList<>();
        final Run live = new Run();
        final RandomEvents events = new RandomEvents(seed, live, (event, lines) -> {
            if (!EventHeader.isTransient(new UnsafeBuffer(event), 0)) {
                log.add(event);
            }
        });
        for (int i = 0; i < EVENTS; i++) {
            events.next();
            if (i % 500 == 499) {
                events.loseRecords();
                assertEquals(live.core.digestFromScratch(), live.core.digest());
                assertEquals(load(snapshot(live.core)).core.digest(), live.core.digest());
            }
        }
        final SplittableRandom random = new SplittableRandom(seed);
        for (int trial = 0; trial < 8; trial++) {
            final int from = random.nextInt(log.size() - 1);
            final int to = Math.min(log.size(), from + 1 + random.nextInt(2000));
            final List<byte[]> left = new ArrayList<>(log.subList(0, from));
            left.addAll(log.subList(to, log.size()));
            final long toPosition = to == log.size() ? Long.MAX_VALUE : position(log.get(to));
            final Run whole = new Run();
            log.forEach(whole::apply);
            final List<Run> runs = List.of(new Run(), new Run(), whole);
            left.forEach(runs.get(0)::apply);
            left.forEach(runs.get(1)::apply);
            for (final Run run : runs) {
                forget(run, position(log.get(from)), toPosition, live);
            }
            assertEquals(runs.get(0).core.digest(), runs.get(1).core.digest());
        }
    }

    private static long position(final byte[] event) {
        return EventHeader.position(new UnsafeBuffer(event), 0);
    }

    private static void forget(final Run run, final long from, final long to, final Run live) {
        final CoreRig end = new CoreRig((buffer, offset) -> {
            EventHeader.stamp(
                    buffer,
                    offset,
                    Math.max(live.core.position(), run.core.position()) + 1000,
                    live.core.timestampNs());
            run.core.onEvent(buffer, offset);
            assertEquals(run.core.digestFromScratch(), run.core.digest());
        });
        end.recordsLost(from, to);
        run.core.forEachReference(position -> assertTrue(
                position < from || position >= to, "still referred to: " + position + " of " + from + " to " + to));
        end.start(limits().values());
        assertEquals(load(snapshot(run.core)).core.digest(), run.core.digest());
    }

    @Test
    void shouldRefuseASnapshotThatWasChanged() {
        final CoreRig rig = new CoreRig(limits());
        rig.connectKept(1, "a");
        rig.subscribe(1, 1, "t", 1);
        final List<Section> sections = snapshot(rig.core);
        final byte[] session = sections.get(1).bytes();
        session[session.length - 5] ^= 1;
        assertThrows(IllegalArgumentException.class, () -> load(sections));
    }

    private static List<Section> snapshot(final BrokerCore core) {
        final List<Section> sections = new ArrayList<>();
        core.takeSnapshot((type, buffer, offset, length) -> {
            final byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            sections.add(new Section(type, bytes));
        });
        return sections;
    }

    /** What a snapshot says, but for the time of the last event, which a transient one moves. */
    private static List<String> snapshotText(final BrokerCore core) {
        final List<String> text = new ArrayList<>();
        core.takeSnapshot((type, buffer, offset, length) -> {
            final StringBuilder line = new StringBuilder().append(type);
            for (int i = type == CoreSnapshot.START ? 20 : 0; i < length; i++) {
                line.append(' ').append(buffer.getByte(offset + i));
            }
            text.add(line.toString());
        });
        return text;
    }

    private static Run load(final List<Section> sections) {
        final Run run = new Run();
        final SnapshotSink loader = run.core.loadSnapshot();
        for (final Section section : sections) {
            loader.onSection(section.type(), new UnsafeBuffer(section.bytes()), 0, section.bytes().length);
        }
        return run;
    }

    /** Random events that a broker could see, small enough a world that everything meets everything. */
    private static final class RandomEvents {
        private static final String[] CLIENTS = {"a", "b", "c", "d", "e"};
        private static final String[] LEVELS = {"x", "y", "$z", ""};
        private static final String[] FILTER_LEVELS = {"x", "y", "+", "$z"};

        /** Sees each event and what the live core said to it. */
        @FunctionalInterface
        interface Observer {
            void onEvent(byte[] event, List<String> lines);
        }

        private final SplittableRandom random;
        private final Run live;
        private final CoreRig writer;
        private long connections;

        RandomEvents(final long seed, final Run live, final Observer observer) {
            this.random = new SplittableRandom(seed);
            this.live = live;
            this.writer = new CoreRig((buffer, offset) -> {
                final byte[] event = new byte[EventHeader.length(buffer, offset)];
                buffer.getBytes(offset, event);
                observer.onEvent(event, live.apply(event));
            });
        }

        void next() {
            writer.passNanos(random.nextInt(20) == 0 ? random.nextLong(20_000_000_000L) : random.nextInt(1000));
            if (live.core.nextDeadlineNs() <= writer.nowNs() && random.nextInt(3) > 0) {
                writer.tick();
                return;
            }
            final int dice = random.nextInt(100);
            if (dice < 12) {
                connect();
            } else if (dice < 16) {
                writer.lose(connection());
            } else if (dice < 20) {
                disconnect();
            } else if (dice < 32) {
                subscribe();
            } else if (dice < 36) {
                writer.unsubscribe(connection(), id(), filter());
            } else if (dice < 70) {
                publish();
            } else if (dice < 97) {
                acknowledge();
            } else if (dice < 99) {
                writer.drained(connection());
            } else if (random.nextInt(10) == 0) {
                writer.start(otherLimits(random));
            } else if (random.nextInt(3) == 0) {
                writer.changeLimits(otherLimits(random));
            }
        }

        /** What a start after a salvage does. */
        void loseRecords() {
            final long from = random.nextLong(1 + Math.max(1, live.core.position()));
            writer.recordsLost(from, from + random.nextInt(20_000));
            writer.start(otherLimits(random));
        }

        private void connect() {
            final CoreRig.Will will = random.nextBoolean()
                    ? null
                    : new CoreRig.Will(
                            topic(),
                            random.nextBoolean() ? "" : "will",
                            qos(),
                            random.nextBoolean(),
                            random.nextInt(20));
            writer.receiveMaximum(1 + random.nextInt(5))
                    .protocolLevel(3 + random.nextInt(3))
                    .maximumPacketSize(random.nextInt(4) == 0 ? 12 + random.nextInt(20) : Integer.MAX_VALUE);
            final int[] expiries = {0, 10, 60, CoreRig.NEVER};
            writer.connect(
                    ++connections,
                    CLIENTS[random.nextInt(CLIENTS.length)],
                    will,
                    random.nextInt(4) == 0 ? CoreRig.CLEAN : 0,
                    expiries[random.nextInt(4)]);
        }

        private void disconnect() {
            if (random.nextBoolean()) {
                writer.disconnect(connection(), random.nextBoolean() ? 0 : 4);
            } else {
                writer.disconnectWithExpiry(connection(), random.nextInt(3) * 10);
            }
        }

        private void subscribe() {
            final int count = 1 + random.nextInt(3);
            final String[] filters = new String[count];
            final int[] options = new int[count];
            final int[] verdicts = new int[count];
            for (int i = 0; i < count; i++) {
                filters[i] = filter();
                options[i] = qos() | random.nextInt(4) << 2 | random.nextInt(3) << 4;
                verdicts[i] = random.nextInt(10) == 0 ? 0x87 : 0;
            }
            writer.subscriptionIdentifier(random.nextInt(4)).subscribe(connection(), id(), filters, options, verdicts);
        }

        private void publish() {
            final int qos = qos();
            writer.publish(
                    connection(),
                    qos,
                    qos == 0 ? 0 : id(),
                    random.nextInt(3) == 0 ? 1 : 0,
                    random.nextInt(20) == 0 ? 0x87 : 0,
                    random.nextInt(4) == 0 ? random.nextInt(20) : -1,
                    topic(),
                    "payload".substring(random.nextInt(8)));
        }

        private void acknowledge() {
            final int[] types = {CoreRig.PUBACK, CoreRig.PUBREC, CoreRig.PUBREL, CoreRig.PUBCOMP};
            final int type = types[random.nextInt(4)];
            for (int packetId = 1; packetId < 12; packetId++) {
                if (random.nextInt(4) == 0) {
                    writer.ack(connection(), type, packetId, random.nextInt(20) == 0 ? 0x80 : 0);
                }
            }
        }

        /** One of the last few connections, so that some are stale. */
        private long connection() {
            return Math.max(1, connections - random.nextInt(6));
        }

        private int id() {
            return 1 + random.nextInt(10);
        }

        private int qos() {
            return random.nextInt(3);
        }

        private String topic() {
            final StringBuilder topic = new StringBuilder(LEVELS[random.nextInt(LEVELS.length)]);
            for (int i = random.nextInt(3); i > 0; i--) {
                topic.append('/').append(LEVELS[random.nextInt(LEVELS.length)]);
            }
            return topic.length() == 0 ? "x" : topic.toString();
        }

        private String filter() {
            final StringBuilder filter = new StringBuilder(FILTER_LEVELS[random.nextInt(FILTER_LEVELS.length)]);
            for (int i = random.nextInt(3); i > 0; i--) {
                filter.append('/').append(FILTER_LEVELS[random.nextInt(FILTER_LEVELS.length)]);
            }
            return switch (random.nextInt(8)) {
                case 0 -> filter.append("/#").toString();
                case 2 -> "$share/g/" + filter;
                case 3 -> "$share/g/#";
                case 1 -> "#";
                default -> filter.toString();
            };
        }
    }
}
