package io.ringmain.engine.core;

import io.ringmain.engine.core.retain.RetainedIndex;
import io.ringmain.engine.core.session.InFlightWindow;
import io.ringmain.engine.core.session.PendingQueue;
import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.session.SessionStore;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.core.topic.Replay;
import io.ringmain.engine.core.topic.TopicIndex;
import java.util.function.LongConsumer;

/** Finds the messages that the state still refers to: what else lies in the log is history. */
final class LiveReferences {
    private final MessageRef message = new MessageRef();
    private final LongConsumer positions;

    private LiveReferences(final LongConsumer positions) {
        this.positions = positions;
    }

    /** Hands out the position of each message that is needed, as often as it is. */
    static void forEach(
            final SessionStore sessions,
            final TopicIndex topics,
            final RetainedIndex retained,
            final LongConsumer positions) {
        final LiveReferences references = new LiveReferences(positions);
        for (int place = 0; place < retained.places(); place++) {
            if (retained.at(place) != null) {
                references.add(retained.at(place).get(references.message).position());
            }
        }
        for (int id = 0; id < sessions.idLimit(); id++) {
            if (sessions.get(id) != null) {
                references.add(sessions.get(id));
            }
        }
        for (int number = 1; number < topics.groupNumberLimit(); number++) {
            if (topics.group(number) != null) {
                references.add(topics.group(number).waiting());
            }
        }
    }

    private void add(final long position) {
        positions.accept(position);
    }

    private void add(final Session session) {
        if (session.will() != null) {
            add(session.will().position());
        }
        add(session.pending());
        for (final Replay replay : session.replays()) {
            add(replay.found());
            add(replay.joined());
        }
        final InFlightWindow inFlight = session.inFlight();
        for (long sequence = inFlight.firstSequence(); sequence < inFlight.nextSequence(); sequence++) {
            if (inFlight.state(sequence) == InFlightWindow.PUBLISHED) {
                add(inFlight.get(sequence, message).position());
            }
        }
    }

    private void add(final PendingQueue queue) {
        for (long sequence = queue.headSequence(); sequence < queue.tailSequence(); sequence++) {
            add(queue.get(sequence, message).position());
        }
    }
}
