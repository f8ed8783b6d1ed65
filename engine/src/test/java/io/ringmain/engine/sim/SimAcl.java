package io.ringmain.engine.sim;

import io.ringmain.engine.auth.Acl;
import io.ringmain.engine.auth.AclException;
import io.ringmain.engine.auth.Authorizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An ACL that is replaced while the simulation runs, those whom it keeps from something, and what must follow: what is
 * denied never arrives, and nothing that is allowed is held up by it.
 *
 * <pre>
 *  never/...      the guarded may subscribe around it, and never get it; nor what "pub-5" retains
 *  sometimes/...  they may read it while the list is open
 *  always/...     they may always read it
 *  forbidden/...  nobody may publish it
 *  will/chaos-1   its client may have that will while the list is open
 * </pre>
 */
final class SimAcl {
    private static final String[] FOLDERS = {"never/", "sometimes/", "always/", "forbidden/"};

    private final List<SimClient> guarded = new ArrayList<>();
    private final Set<String> sentWhileClosed = new HashSet<>();
    private final Set<String> sentAlways = new HashSet<>();
    private boolean isOpen = true;

    void guard(final SimClient client) {
        client.want("never/#", 2);
        client.want("sometimes/#", 2);
        client.want("always/#", 2);
        client.want("r/+/+", 1);
        guarded.add(client);
    }

    Authorizer authorizer() {
        final String closed = isOpen ? "" : "topic deny sometimes/+\n";
        final StringBuilder text = new StringBuilder("pattern readwrite #\npattern deny forbidden/+\n");
        for (final SimClient client : guarded) {
            text.append("user ")
                    .append(client.id)
                    .append("\ntopic deny never/+\ntopic deny r/pub-5/#\n")
                    .append(closed);
        }
        text.append(isOpen ? "" : "user chaos-1\ntopic deny will/chaos-1\n");
        try {
            return Acl.parse(text.toString(), Acl.MAX_RULES);
        } catch (final AclException ex) {
            throw new AssertionError(ex);
        }
    }

    /** The other list is made; what was sent under the one before is judged by it for the last time. */
    void toggle() {
        check();
        isOpen = !isOpen;
        sentWhileClosed.clear();
    }

    boolean isOpen() {
        return isOpen;
    }

    void publish(final SimClient publisher, final SimRandom random) {
        publish(publisher, FOLDERS[random.below(FOLDERS.length)] + random.below(3), random.below(3));
    }

    private void publish(final SimClient publisher, final String topic, final int qos) {
        final String payload = publisher.publish(topic, qos, false);
        if (payload != null && topic.startsWith("sometimes/") && !isOpen) {
            sentWhileClosed.add(payload);
        }
        if (payload != null && topic.startsWith("always/") && qos > 0) {
            sentAlways.add(payload);
        }
    }

    /** Nothing goes wrong any more, and the list is open: from here on everything that is allowed must arrive. */
    void publishLast(final SimClient publisher) {
        publish(publisher, "sometimes/0", 1);
        publish(publisher, "always/0", 2);
    }

    void check() {
        for (final SimClient client : guarded) {
            for (final String arrival : client.arrivals) {
                final boolean isDenied = arrival.startsWith("never/")
                        || arrival.startsWith("r/pub-5/")
                        || arrival.startsWith("forbidden/")
                        || sentWhileClosed.contains(arrival.substring(arrival.indexOf(' ') + 1));
                if (isDenied) {
                    throw new AssertionError(client.id + " may not read this and got it: " + arrival);
                }
            }
        }
    }

    /** What publishers were told is safe, and the guarded may read, they have. */
    void checkArrived(final SimClient publisher) {
        for (final String payload : publisher.acknowledged) {
            for (final SimClient client : guarded) {
                if (sentAlways.contains(payload) && !client.received.contains(payload)) {
                    throw new AssertionError(payload + " was acknowledged, and " + client.id + " never got it");
                }
            }
        }
    }
}
