package io.ringmain.engine.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** A session belongs to the user that made it, and to nobody else who knows its client id. */
class SessionOwnerTest {
    private static final long[] REFUSING =
            new CoreLimits().takeoverByOtherUser(CoreLimits.REFUSE).values();

    private static final long[] ALLOWING =
            new CoreLimits().takeoverByOtherUser(CoreLimits.ALLOW).values();

    /** As a version without owners wrote them. */
    private static final long[] OLD = {1024, 100_000, 64L << 20, 0, 0, 10_000, 10_000_000, 512, 0, 64};

    private final CoreRig rig = new CoreRig();

    private static String owner(final BrokerCore core) {
        final List<String> owners = new ArrayList<>();
        core.describe(new StateVisitor() {
            @Override
            public void onSession(final SessionState session) {
                owners.add(session.clientId() + " " + session.owner());
            }

            @Override
            public void onSubscription(final SubscriptionState subscription) {}

            @Override
            public void onRetained(final RetainedState message) {}
        });
        return String.join(", ", owners);
    }

    private void assertUntouched(final long connection, final String user) {
        final long digest = rig.core.digest();
        assertEquals(
                List.of(connection + " connack 135"),
                rig.user(user).connect(connection, "a", null, CoreRig.CLEAN, CoreRig.NEVER));
        assertEquals(List.of(connection + " connack 135"), rig.connectKept(connection, "a"));
        assertEquals(digest, rig.core.digest());
        // What it sends before it knows means nothing.
        assertEquals(List.of(), rig.subscribe(connection, 1, "x", 0));
        assertEquals(List.of(), rig.lose(connection));
        assertEquals(digest, rig.core.digest());
    }

    @Test
    void shouldRefuseAnotherUserALiveSession() {
        rig.start(REFUSING);
        rig.user("anna").connectKept(1, "a");
        assertUntouched(2, "bert");
        assertUntouched(3, "");
        assertUntouched(4, "anna ");
        assertEquals(
                List.of("1 disconnect 0x8e", "5 connack 0 present"),
                rig.user("anna").connectKept(5, "a"));
    }

    @Test
    void shouldRefuseAnotherUserASessionThatIsAway() {
        rig.start(REFUSING);
        rig.user("").connect(1, "a", null, 0, 60);
        rig.lose(1);
        assertUntouched(2, "bert");
        rig.passSeconds(59);
        assertUntouched(3, "bert");
        rig.passSeconds(1);
        assertEquals(List.of("4 connack 0"), rig.user("bert").connectKept(4, "a"));
        assertEquals("a bert", owner(rig.core));
    }

    @Test
    void shouldLetAnotherUserTakeItWhereThatIsAllowed() {
        rig.start(ALLOWING);
        rig.user("anna").connectKept(1, "a");
        assertEquals(
                List.of("1 disconnect 0x8e", "2 connack 0 present"),
                rig.user("bert").connectKept(2, "a"));
        assertEquals("a bert", owner(rig.core));
        // A log from before there was this bound doesn't set it.
        rig.start(OLD);
        assertEquals(List.of("3 connack 0 present"), rig.user("").connectKept(3, "a"));
        assertEquals("a ", owner(rig.core));
        assertEquals(rig.core.digestFromScratch(), rig.core.digest());
    }

    @Test
    void shouldCountInTheDigestWhoseASessionIs() {
        final CoreRig other = new CoreRig();
        rig.start(ALLOWING);
        other.start(ALLOWING);
        rig.user("anna").connectKept(1, "a");
        other.user("bert").connectKept(1, "a");
        assertTrue(rig.core.digest() != other.core.digest());
        rig.user("bert").connectKept(2, "a");
        other.user("bert").connectKept(2, "a");
        assertEquals(rig.core.digest(), other.core.digest());
    }

    @Test
    void shouldKeepTheOwnerInASnapshot() {
        rig.start(REFUSING);
        rig.user("anna").connectKept(1, "a");
        rig.user("").connectKept(2, "b");
        final BrokerCore copy = new BrokerCore(new CoreLimits(), new OutputRecorder());
        rig.core.takeSnapshot(copy.loadSnapshot());
        assertEquals("a anna, b ", owner(copy));
        assertEquals(rig.core.digest(), copy.digest());
        assertEquals(copy.digestFromScratch(), copy.digest());
    }

    /** Written by a broker that knew no owners: a client with a will, one that is away, and a retained message. */
    @Test
    void shouldGiveASessionOfAnOlderSnapshotToWhoComesFirst() throws IOException {
        final OutputRecorder output = new OutputRecorder();
        final BrokerCore core = new BrokerCore(new CoreLimits(), output);
        final SnapshotSink loader = core.loadSnapshot();
        try (BufferedReader sections = new BufferedReader(new InputStreamReader(
                SessionOwnerTest.class.getResourceAsStream("snapshot-v2.txt"), StandardCharsets.US_ASCII))) {
            sections.lines().forEach(line -> {
                final String[] parts = line.split(" ");
                final byte[] bytes = HexFormat.of().parseHex(parts[1]);
                loader.onSection(Integer.parseInt(parts[0]), new UnsafeBuffer(bytes), 0, bytes.length);
            });
        }
        assertEquals("kept null, away null", owner(core));
        assertEquals(core.digestFromScratch(), core.digest());
        final CoreRig next = new CoreRig(core::onEvent);
        next.passSeconds(1);
        next.skipTo(core.position() + 4096);
        next.start(REFUSING);
        next.user("bert").connectKept(5, "away");
        next.user("anna").connectKept(6, "away");
        assertEquals("kept null, away bert", owner(core));
        assertTrue(output.take().contains("6 connack 135"));
    }

    /** A section of a snapshot as version 2 had it: without the last bound, and without the owner of its session. */
    private static void withoutOwners(
            final SnapshotSink sink, final int type, final DirectBuffer section, final int offset, final int length) {
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
        copy.putBytes(0, section, offset, length);
        final int removed;
        final int removedLength;
        if (type == CoreSnapshot.START) {
            removed = 24 + OLD.length * Long.BYTES;
            removedLength = Long.BYTES;
            copy.putInt(0, 2);
            copy.putInt(20, OLD.length);
        } else if (type == CoreSnapshot.SESSION) {
            removed = 60 + copy.getInt(4);
            removedLength = Integer.BYTES;
            assertEquals(0, copy.getInt(removed - 4), "the session has no will");
            assertEquals(0, copy.getInt(removed), "nor is it known whose it is");
        } else {
            removed = length;
            removedLength = 0;
        }
        copy.putBytes(removed, section, offset + removed + removedLength, length - removed - removedLength);
        sink.onSection(type, copy, 0, length - removedLength);
    }

    @Test
    void shouldAnswerAlikeAfterALogAndAfterASnapshotOfAVersionWithoutOwners() {
        rig.start(OLD);
        rig.user("anna").connectKept(1, "a");
        assertEquals("a null", owner(rig.core));
        final OutputRecorder output = new OutputRecorder();
        final BrokerCore restored = new BrokerCore(new CoreLimits(), output);
        final SnapshotSink loader = restored.loadSnapshot();
        rig.core.takeSnapshot((type, section, offset, length) -> withoutOwners(loader, type, section, offset, length));
        assertEquals(rig.core.digest(), restored.digest());
        final CoreRig other = new CoreRig(restored::onEvent);
        other.skipTo(rig.nextPosition());
        // The rest of the old log, and then the first start of a version that knows owners.
        other.user("bert").connectKept(2, "a");
        assertEquals(rig.user("bert").connectKept(2, "a"), output.take());
        other.start(REFUSING);
        rig.start(REFUSING);
        output.take();
        other.user("carl").connectKept(3, "a");
        assertEquals(List.of("3 connack 0 present"), rig.user("carl").connectKept(3, "a"));
        assertEquals(List.of("3 connack 0 present"), output.take());
        other.user("anna").connectKept(4, "a");
        assertEquals(List.of("4 connack 135"), rig.user("anna").connectKept(4, "a"));
        assertEquals(List.of("4 connack 135"), output.take());
        assertEquals(rig.core.digest(), restored.digest());
    }
}
