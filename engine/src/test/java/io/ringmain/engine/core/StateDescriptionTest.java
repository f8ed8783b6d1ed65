package io.ringmain.engine.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StateDescriptionTest {
    private final CoreRig rig = new CoreRig();

    private List<String> description() {
        final List<String> lines = new ArrayList<>();
        final long digest = rig.core.digest();
        rig.core.describe(new StateVisitor() {
            @Override
            public void onSession(final SessionState session) {
                lines.add(session.clientId() + (session.connectionId() == 0 ? " away" : " #" + session.connectionId())
                        + " queued " + session.queued() + " in flight " + session.inFlight() + " subscriptions "
                        + session.subscriptions());
            }

            @Override
            public void onSubscription(final SubscriptionState subscription) {
                lines.add(subscription.clientId() + " " + subscription.filter() + " q" + subscription.qos());
            }

            @Override
            public void onRetained(final RetainedState message) {
                lines.add(message.topic() + " @" + message.position() + " q" + message.qos() + " "
                        + message.payloadLength() + " B");
            }
        });
        assertEquals(digest, rig.core.digest(), "looking changes nothing");
        return lines;
    }

    @Test
    void shouldShowNothingOfANewState() {
        assertEquals(List.of(), description());
    }

    @Test
    void shouldShowSessionsWithTheirSubscriptionsByFilterAndRetainedMessagesByAge() {
        rig.connectClean(1, "b");
        rig.connectClean(2, "a");
        rig.subscribe(1, 1, "t/#", 1);
        rig.subscribe(1, 2, "s", 2);
        rig.subscribe(1, 3, "$share/g/x", 0);
        rig.unsubscribe(1, 4, "nothing");
        final long second = rig.nextPosition();
        rig.retain(2, 1, 1, "t/2", "xyz");
        rig.retain(2, 0, 0, "t/1", "1");
        rig.retain(2, 0, 0, "t/1", "12345");
        assertEquals(
                List.of(
                        "b #1 queued 0 in flight 1 subscriptions 3",
                        "b $share/g/x q0",
                        "b s q2",
                        "b t/# q1",
                        "a #2 queued 0 in flight 0 subscriptions 0",
                        "t/2 @" + second + " q1 3 B",
                        "t/1 @" + rig.position() + " q0 5 B"),
                description());
    }

    @Test
    void shouldShowThatASessionIsAwayAndWhatWaitsForIt() {
        rig.connectKept(1, "keeper");
        rig.connectClean(2, "sender");
        rig.subscribe(1, 1, "t", 1);
        rig.lose(1);
        rig.publish(2, 1, 1, "t", "x");
        rig.publish(2, 1, 2, "t", "y");
        assertEquals(
                "keeper away queued 2 in flight 0 subscriptions 1",
                description().get(0));
    }
}
