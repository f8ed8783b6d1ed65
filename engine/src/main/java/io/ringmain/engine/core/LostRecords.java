package io.ringmain.engine.core;

import io.ringmain.engine.core.retain.RetainedIndex;
import io.ringmain.engine.core.session.InFlightWindow;
import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.session.SessionStore;
import io.ringmain.engine.core.state.Deadlines;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.core.topic.ShareGroup;
import io.ringmain.engine.core.topic.TopicIndex;

/**
 * Lets go of messages whose records the log has lost: retained, queued, in flight, and wills. Nobody is told to send
 * anything, as nobody is connected when it happens; what has only its packet id left to be released needs no record and
 * stays.
 */
final class LostRecords {
    private final CoreOutput output;
    private final SessionStore sessions;
    private final TopicIndex topics;
    private final RetainedIndex retained;
    private final Deadlines<Session> deadlines;
    private final MessageRef message = new MessageRef();

    LostRecords(
            final CoreOutput output,
            final SessionStore sessions,
            final TopicIndex topics,
            final RetainedIndex retained,
            final Deadlines<Session> deadlines) {
        this.output = output;
        this.sessions = sessions;
        this.topics = topics;
        this.retained = retained;
        this.deadlines = deadlines;
    }

    /** Records from a position up to, not including, another are lost. */
    void onLost(final long from, final long to) {
        for (int place = 0; place < retained.places(); place++) {
            if (retained.at(place) != null && isLost(retained.at(place).get(message), from, to)) {
                retained.remove(retained.at(place));
                output.onDrop(DropReason.RECORD_LOST);
            }
        }
        for (int id = 0; id < sessions.idLimit(); id++) {
            if (sessions.get(id) != null) {
                onLost(sessions.get(id), from, to);
            }
        }
        for (int number = 1; number < topics.groupNumberLimit(); number++) {
            if (topics.group(number) != null) {
                dropped(topics.group(number).waiting().removeRange(from, to));
            }
        }
    }

    private static boolean isLost(final MessageRef message, final long from, final long to) {
        return message.position() >= from && message.position() < to;
    }

    private void dropped(final int count) {
        for (int i = 0; i < count; i++) {
            output.onDrop(DropReason.RECORD_LOST);
        }
    }

    private void onLost(final Session session, final long from, final long to) {
        if (session.will() != null
                && session.will().position() >= from
                && session.will().position() < to) {
            sessions.beginChange(session);
            deadlines.cancel(session.willDelay());
            sessions.dropWill(session);
            sessions.endChange(session);
            output.onDrop(DropReason.RECORD_LOST);
        }
        dropped(session.pending().removeRange(from, to));
        final InFlightWindow inFlight = session.inFlight();
        // The window moves on behind what is removed at its beginning.
        for (long sequence = inFlight.nextSequence() - 1; sequence >= inFlight.firstSequence(); sequence--) {
            if (inFlight.state(sequence) == InFlightWindow.PUBLISHED
                    && isLost(inFlight.get(sequence, message), from, to)) {
                leaveGroup(session, sequence);
                inFlight.remove(sequence);
                output.onDrop(DropReason.RECORD_LOST);
            }
        }
    }

    /** A group counts what its members that are away hold and others could get. */
    private void leaveGroup(final Session session, final long sequence) {
        final InFlightWindow inFlight = session.inFlight();
        if (!session.isConnected() && SharedDeliveries.mayMove(inFlight, sequence, message)) {
            final ShareGroup group = topics.group(inFlight.group(sequence));
            if (group != null) {
                group.addHeldAway(-1);
            }
        }
    }
}
