package io.ringmain.engine.core;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringmain.engine.core.retain.RetainedIndex;
import io.ringmain.engine.core.retain.RetainedMessage;
import io.ringmain.engine.core.retain.RetainedScan;
import io.ringmain.engine.core.session.InFlightWindow;
import io.ringmain.engine.core.session.PendingQueue;
import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.session.SessionStore;
import io.ringmain.engine.core.session.Will;
import io.ringmain.engine.core.state.Deadlines;
import io.ringmain.engine.core.state.DenseIds;
import io.ringmain.engine.core.state.IdentifierSets;
import io.ringmain.engine.core.state.Invariant;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.core.state.StateDigest;
import io.ringmain.engine.core.topic.Replay;
import io.ringmain.engine.core.topic.ShareGroup;
import io.ringmain.engine.core.topic.Subscription;
import io.ringmain.engine.core.topic.TopicIndex;
import io.ringmain.engine.event.Identifiers;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The state as sections, written and read in this order. All numbers are little-endian; a text is u32 length and bytes;
 * a reference is the four words of {@link MessageRef}, i64 each.
 *
 * <pre>
 *  START    version i32 | position i64 | timestamp ns i64 | limits: count i32, i64... |
 *           next retained sequence i64 | free ids of sessions, groups, identifier sets, replays: count i32, i32...
 *  IDENTIFIERS number i32 | count i32 | identifiers i32...
 *  GROUP    number i32 | place i32 | filter | connected i32 | turn i64 | queue
 *  SESSION  id i32 | client id | connection id i64 | lane i32 | level i32 | receive maximum i32 | packet size i32 |
 *           expiry s i64 | expiry deadline i64 or -1 | will deadline i64 or -1 | has will i32 | will |
 *           since version 3: has owner i32 | owner | unreported i32 | in flight: first i64, resend i64, next i64, count i32,
 *           { sequence i64, state i32, group i32, reference }... | queue | inbound: count i32, ids i32... |
 *           subscriptions: count i32, { filter, options i32, identifier i32, place i32 }...
 *    queue: head i64, count i32, references... | age marks: count i32, { sequence i64, time i64 }...
 *    will:  topic | position i64 | length i32 | payload i32 | properties i32 | qos i32 | retain i32 | delay i64 | expiry i64
 *  RETAINED topic | sequence i64 | reference
 *  SCAN     session id i32 | filter | qos i32 | identifier i32 | next i64 | end i64 | number i64
 *  REPLAY   session id i32 | filter | number i32 | next i64 | join i64 | asked at i64 | delivered i64 | found: queue | joined: queue
 *  END      whose turn it is among the scans i32 | how many wait i32 | digest i64
 * </pre>
 *
 * Subscriptions keep their place among those with the same filter, so that the loaded core says everything in the same
 * order as the one that was written.
 */
final class CoreSnapshot {
    static final int VERSION = 3;

    /** Of sessions it isn't known whose they are. */
    private static final int VERSION_WITHOUT_OWNERS = 2;

    static final int START = 1;
    static final int SESSION = 2;
    static final int RETAINED = 3;
    static final int SCAN = 4;
    static final int END = 5;
    static final int IDENTIFIERS = 6;
    static final int GROUP = 7;
    static final int REPLAY = 8;

    private static final long NOT_WAITING = -1;

    private final CoreLimits limits;
    private final IdentifierSets identifierSets;
    private final SessionStore sessions;
    private final TopicIndex topics;
    private final RetainedIndex retained;
    private final RetainedScans scans;
    private final Replays replays;
    private final Deadlines<Session> deadlines;
    private final Invariant invariant;
    private final StateDigest digest;
    private final MessageRef message = new MessageRef();
    private final Identifiers identifiers = new Identifiers();
    private final SectionWriter out = new SectionWriter();
    private final SectionReader in = new SectionReader();
    private boolean hasOwners = true;

    CoreSnapshot(
            final CoreLimits limits,
            final IdentifierSets identifierSets,
            final SessionStore sessions,
            final TopicIndex topics,
            final RetainedIndex retained,
            final RetainedScans scans,
            final Replays replays,
            final Deadlines<Session> deadlines,
            final Invariant invariant,
            final StateDigest digest) {
        this.limits = limits;
        this.identifierSets = identifierSets;
        this.sessions = sessions;
        this.topics = topics;
        this.retained = retained;
        this.scans = scans;
        this.replays = replays;
        this.deadlines = deadlines;
        this.invariant = invariant;
        this.digest = digest;
    }

    void write(final SnapshotSink sink, final long digest) {
        writeStart(sink);
        writeIdentifiers(sink);
        writeGroups(sink);
        for (int id = 0; id < sessions.idLimit(); id++) {
            final Session session = sessions.get(id);
            if (session != null) {
                writeSession(session, sink);
            }
        }
        for (int place = 0; place < retained.places(); place++) {
            final RetainedMessage kept = retained.at(place);
            if (kept != null) {
                out.begin().text(kept.topic()).i64(kept.sequence()).reference(kept.get(message));
                out.end(RETAINED, sink);
            }
        }
        for (int i = 0; i < scans.count(); i++) {
            final RetainedScan scan = scans.get(i);
            out.begin()
                    .i32(scan.session().id())
                    .text(scan.filter())
                    .i32(scan.qos())
                    .i32(scan.identifier());
            out.i64(scan.nextSequence())
                    .i64(scan.endSequence())
                    .i64(scan.number())
                    .end(SCAN, sink);
        }
        writeReplays(sink);
        out.begin().i32(scans.cursor()).i32(scans.waiting()).i64(digest).end(END, sink);
    }

    private void writeReplays(final SnapshotSink sink) {
        for (int number = 1; number < replays.numberLimit(); number++) {
            final Replay replay = replays.get(number);
            if (replay != null) {
                out.begin()
                        .i32(replay.session().id())
                        .text(replay.subscription().filter())
                        .i32(number);
                out.i64(replay.nextPosition())
                        .i64(replay.joinPosition())
                        .i64(replay.askedAt())
                        .i64(replay.deliveredPosition());
                writeQueue(replay.found());
                writeQueue(replay.joined());
                out.end(REPLAY, sink);
            }
        }
    }

    private void writeStart(final SnapshotSink sink) {
        out.begin().i32(VERSION).i64(invariant.position()).i64(invariant.nowNs());
        out.i32(limits.count());
        for (int i = 0; i < limits.count(); i++) {
            out.i64(limits.get(i));
        }
        out.i64(retained.nextSequence());
        writeFree(sessions.ids());
        writeFree(topics.groupIds());
        writeFree(identifierSets.ids());
        writeFree(replays.ids());
        out.end(START, sink);
    }

    private void writeFree(final DenseIds ids) {
        out.i32(ids.freeCount());
        for (int i = 0; i < ids.freeCount(); i++) {
            out.i32(ids.free(i));
        }
    }

    private void writeIdentifiers(final SnapshotSink sink) {
        for (int number = 1; number < identifierSets.numberLimit(); number++) {
            if (identifierSets.has(number)) {
                identifierSets.get(number, identifiers);
                out.begin().i32(number).i32(identifiers.count());
                for (int i = 0; i < identifiers.count(); i++) {
                    out.i32(identifiers.get(i));
                }
                out.end(IDENTIFIERS, sink);
            }
        }
    }

    private void writeGroups(final SnapshotSink sink) {
        for (int number = 1; number < topics.groupNumberLimit(); number++) {
            final ShareGroup group = topics.group(number);
            if (group != null) {
                out.begin().i32(number).i32(group.place()).text(group.filter());
                out.i32(group.connectedCount()).i64(group.turn());
                writeQueue(group.waiting());
                out.end(GROUP, sink);
            }
        }
    }

    private void writeSession(final Session session, final SnapshotSink sink) {
        out.begin().i32(session.id()).text(session.clientId()).i64(session.connectionId());
        out.i32(session.lane()).i32(session.protocolLevel()).i32(session.receiveMaximum());
        out.i32(session.maximumPacketSize()).i64(session.expirySeconds());
        out.i64(session.expiryDeadlineNs());
        out.i64(session.willDeadlineNs());
        writeWill(session.will());
        out.i32(session.owner() == null ? 0 : 1);
        if (session.owner() != null) {
            out.text(session.owner());
        }
        out.i32(session.unreported());
        writeInFlight(session.inFlight());
        writeQueue(session.pending());
        out.i32(session.inbound().count());
        for (int id = session.inbound().next(0); id >= 0; id = session.inbound().next(id + 1)) {
            out.i32(id);
        }
        out.i32(session.subscriptions().size());
        for (int i = 0; i < session.subscriptions().size(); i++) {
            final Subscription subscription = session.subscriptions().get(i);
            out.text(subscription.filter()).i32(subscription.options());
            out.i32(subscription.identifier()).i32(subscription.place());
        }
        out.end(SESSION, sink);
    }

    private void writeWill(final Will will) {
        out.i32(will == null ? 0 : 1);
        if (will != null) {
            out.text(will.topic()).i64(will.position()).i32(will.length()).i32(will.payloadLength());
            out.i32(will.propertiesLength()).i32(will.qos()).i32(will.retain() ? 1 : 0);
            out.i64(will.delaySeconds()).i64(will.expirySeconds());
        }
    }

    private void writeInFlight(final InFlightWindow inFlight) {
        out.i64(inFlight.firstSequence()).i64(inFlight.resendSequence()).i64(inFlight.nextSequence());
        out.i32(inFlight.count());
        for (long sequence = inFlight.firstSequence(); sequence < inFlight.nextSequence(); sequence++) {
            if (inFlight.state(sequence) != 0) {
                out.i64(sequence).i32(inFlight.state(sequence)).i32(inFlight.group(sequence));
                out.reference(inFlight.get(sequence, message));
            }
        }
    }

    private void writeQueue(final PendingQueue pending) {
        out.i64(pending.headSequence()).i32(pending.count());
        for (long sequence = pending.headSequence(); sequence < pending.tailSequence(); sequence++) {
            out.reference(pending.get(sequence, message));
        }
        out.i32(pending.ageMarkCount());
        for (int i = 0; i < pending.ageMarkCount(); i++) {
            out.i64(pending.ageMarkSequence(i)).i64(pending.ageMarkTimeNs(i));
        }
    }

    /** Loads sections; at the last one, compares the digest with what was loaded. */
    SnapshotSink reader(final LongSupplier digest) {
        return (type, buffer, offset, length) -> {
            in.wrap(buffer, offset, length);
            switch (type) {
                case START -> readStart();
                case IDENTIFIERS -> readIdentifiers();
                case GROUP -> readGroup();
                case SESSION -> readSession();
                case RETAINED -> readRetained();
                case SCAN -> readScan();
                case REPLAY -> readReplay();
                case END -> readEnd(digest);
                default -> throw new IllegalArgumentException("snapshot section of type " + type);
            }
        };
    }

    private void readStart() {
        final int version = in.i32();
        hasOwners = version > VERSION_WITHOUT_OWNERS;
        if (version != VERSION && version != VERSION_WITHOUT_OWNERS) {
            throw new IllegalArgumentException(
                    "snapshot of version " + version + ", expected " + VERSION + " or " + VERSION_WITHOUT_OWNERS);
        }
        invariant.restore(in.i64(), in.i64());
        digest.remove(limits.hash());
        for (int i = 0, count = in.i32(); i < count; i++) {
            limits.set(i, in.i64());
        }
        digest.add(limits.hash());
        retained.nextSequence(in.i64());
        readFree(sessions.ids());
        readFree(topics.groupIds());
        readFree(identifierSets.ids());
        readFree(replays.ids());
    }

    private void readFree(final DenseIds ids) {
        for (int count = in.i32(); count > 0; count--) {
            ids.restoreFree(in.i32());
        }
    }

    private void readIdentifiers() {
        final int number = in.i32();
        identifiers.clear();
        for (int count = in.i32(); count > 0; count--) {
            identifiers.add(in.i32());
        }
        identifierSets.restore(number, identifiers);
    }

    private void readGroup() {
        final int number = in.i32();
        final int place = in.i32();
        final int length = in.i32();
        final int filter = in.skip(length);
        final ShareGroup group = topics.restoreGroup(number, place, in.buffer(), filter, length, in.i32(), in.i64());
        readQueue(group.waiting());
    }

    private void readSession() {
        final int id = in.i32();
        final int clientIdLength = in.i32();
        final Session session = sessions.restore(id, in.buffer(), in.skip(clientIdLength), clientIdLength);
        sessions.beginChange(session);
        final long connectionId = in.i64();
        final int lane = in.i32();
        final int level = in.i32();
        final int receiveMaximum = in.i32();
        final int packetSize = in.i32();
        final long expirySeconds = in.i64();
        final long expiryDeadlineNs = in.i64();
        final long willDeadlineNs = in.i64();
        sessions.connect(session, connectionId, lane, level, receiveMaximum, packetSize, expirySeconds, readWill());
        if (hasOwners && in.i32() != 0) {
            sessions.owner(session, in.text());
        }
        if (expiryDeadlineNs != NOT_WAITING) {
            deadlines.set(session.makeExpiry(), expiryDeadlineNs);
        }
        if (willDeadlineNs != NOT_WAITING) {
            deadlines.set(session.makeWillDelay(), willDeadlineNs);
        }
        sessions.endChange(session);
        sessions.unreported(session, in.i32());
        readInFlight(session);
        readQueue(session.pending());
        for (int count = in.i32(); count > 0; count--) {
            session.inbound().add(in.i32());
        }
        for (int count = in.i32(); count > 0; count--) {
            final int length = in.i32();
            topics.restore(session, in.buffer(), in.skip(length), length, in.i32(), in.i32(), in.i32());
        }
    }

    private Will readWill() {
        if (in.i32() == 0) {
            return null;
        }
        return new Will(in.text(), in.i64(), in.i32(), in.i32(), in.i32(), in.i32(), in.i32() != 0, in.i64(), in.i64());
    }

    private void readInFlight(final Session session) {
        final InFlightWindow inFlight = session.inFlight();
        inFlight.restoreMarks(in.i64(), in.i64(), in.i64());
        for (int count = in.i32(); count > 0; count--) {
            final long sequence = in.i64();
            inFlight.restore(sequence, in.i32(), in.i32(), in.reference(message));
            if (!session.isConnected() && SharedDeliveries.mayMove(inFlight, sequence, message)) {
                topics.group(inFlight.group(sequence)).addHeldAway(1);
            }
        }
    }

    private void readQueue(final PendingQueue pending) {
        final long head = in.i64();
        final int messages = in.i32();
        pending.restoreAt(head, messages);
        for (int i = 0; i < messages; i++) {
            pending.add(in.reference(message));
        }
        for (int count = in.i32(); count > 0; count--) {
            pending.restoreAgeMark(in.i64(), in.i64());
        }
    }

    private void readRetained() {
        final int length = in.i32();
        final int topic = in.skip(length);
        final long sequence = in.i64();
        retained.restore(in.buffer(), topic, length, sequence, in.reference(message));
    }

    private void readScan() {
        final Session session = sessions.get(in.i32());
        final UnsafeBuffer filter = in.text();
        final Subscription subscription = topics.find(session, filter, 0, filter.capacity());
        final RetainedScan scan =
                new RetainedScan(session, subscription.filter(), in.i32(), in.i32(), in.i64(), in.i64());
        scan.number(in.i64());
        scans.restore(scan);
    }

    private void readReplay() {
        final Session session = sessions.get(in.i32());
        final UnsafeBuffer filter = in.text();
        final Subscription subscription = topics.find(session, filter, 0, filter.capacity());
        final Replay replay = replays.restore(in.i32(), subscription, in.i64(), in.i64(), in.i64(), in.i64());
        readQueue(replay.found());
        readQueue(replay.joined());
    }

    private void readEnd(final LongSupplier digest) {
        scans.restoreTurn(in.i32(), in.i32());
        checkDigest(digest.getAsLong());
    }

    private void checkDigest(final long loaded) {
        final long expected = in.i64();
        if (expected != loaded) {
            throw new IllegalArgumentException("the snapshot's digest is " + Long.toHexString(expected)
                    + ", that of the state loaded from it " + Long.toHexString(loaded));
        }
    }

    /** Reads the fields of a section one behind the other. */
    private static final class SectionReader {
        private DirectBuffer buffer;
        private int cursor;

        void wrap(final DirectBuffer section, final int offset, final int length) {
            buffer = section;
            cursor = offset;
        }

        DirectBuffer buffer() {
            return buffer;
        }

        /** Passes over bytes and returns where they began. */
        int skip(final int length) {
            final int start = cursor;
            cursor += length;
            return start;
        }

        int i32() {
            return buffer.getInt(skip(Integer.BYTES), LITTLE_ENDIAN);
        }

        long i64() {
            return buffer.getLong(skip(Long.BYTES), LITTLE_ENDIAN);
        }

        UnsafeBuffer text() {
            final byte[] bytes = new byte[i32()];
            buffer.getBytes(skip(bytes.length), bytes);
            return new UnsafeBuffer(bytes);
        }

        MessageRef reference(final MessageRef into) {
            final long[] words = {i64(), i64(), i64(), i64()};
            return into.load(words, 0);
        }
    }
}
