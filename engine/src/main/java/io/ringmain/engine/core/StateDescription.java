package io.ringmain.engine.core;

import io.ringmain.engine.core.retain.RetainedIndex;
import io.ringmain.engine.core.retain.RetainedMessage;
import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.session.SessionStore;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.core.topic.Subscription;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Shows a state to a visitor: sessions by their ids, their subscriptions by filter, retained messages by age. */
final class StateDescription {
    private final StateVisitor visitor;
    private final MessageRef message = new MessageRef();

    private StateDescription(final StateVisitor visitor) {
        this.visitor = visitor;
    }

    static void show(final SessionStore sessions, final RetainedIndex retained, final StateVisitor visitor) {
        final StateDescription description = new StateDescription(visitor);
        for (int id = 0; id < sessions.idLimit(); id++) {
            if (sessions.get(id) != null) {
                description.session(sessions.get(id));
            }
        }
        for (int place = 0; place < retained.places(); place++) {
            if (retained.at(place) != null) {
                description.retained(retained.at(place));
            }
        }
    }

    private void session(final Session session) {
        final String clientId = text(session.clientId());
        visitor.onSession(new StateVisitor.SessionState(
                clientId,
                session.owner() == null ? null : text(session.owner()),
                session.connectionId(),
                session.protocolLevel(),
                session.expirySeconds(),
                session.expiryDeadlineNs(),
                session.pending().count(),
                session.inFlight().count(),
                session.inbound().count(),
                session.subscriptions().size(),
                session.will() == null ? null : text(session.will().topic())));
        final List<StateVisitor.SubscriptionState> subscriptions = new ArrayList<>();
        for (final Subscription subscription : session.subscriptions()) {
            subscriptions.add(new StateVisitor.SubscriptionState(
                    clientId, text(subscription.filter()), subscription.options(), subscription.identifier()));
        }
        // A session keeps them in no order that means anything.
        subscriptions.sort(Comparator.comparing(StateVisitor.SubscriptionState::filter));
        subscriptions.forEach(visitor::onSubscription);
    }

    private void retained(final RetainedMessage retained) {
        retained.get(message);
        visitor.onRetained(new StateVisitor.RetainedState(
                text(retained.topic()),
                message.position(),
                message.qos(),
                message.contentLength() - Short.BYTES - retained.topic().capacity(),
                message.expiryDeadlineNs()));
    }

    private static String text(final UnsafeBuffer bytes) {
        return bytes.getStringWithoutLengthUtf8(0, bytes.capacity());
    }
}
