package io.ringmain.perf.jmh;

import io.ringmain.engine.core.session.InFlightWindow;
import io.ringmain.engine.core.session.PendingQueue;
import io.ringmain.engine.core.state.IdentifierSets;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.core.state.StateDigest;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One message through the window of a session and one through its queue, with so many before it in each. */
@State(Scope.Thread)
public class SessionQueue {
    @Param({"1", "100", "10000"})
    public int waiting = 100;

    private final StateDigest digest = new StateDigest();
    private final IdentifierSets identifiers = new IdentifierSets(digest);
    private final InFlightWindow window = new InFlightWindow(digest, identifiers, 1);
    private final PendingQueue queue = new PendingQueue(digest, identifiers, 2);
    private final MessageRef message = new MessageRef();
    private final MessageRef polled = new MessageRef();
    private int oldestPacketId = 1;
    private long position;

    @Setup
    public void setup() {
        for (int i = 0; i < waiting; i++) {
            window.add(next());
            queue.add(next());
        }
    }

    private MessageRef next() {
        position += 152;
        return message.set(position, 0, 152, 86, 0).flags(2);
    }

    /** A message is sent, and the oldest one is acknowledged by its packet id. */
    @Benchmark
    public int sendAndAcknowledge() {
        final int packetId = window.add(next());
        window.remove(window.find(oldestPacketId));
        oldestPacketId = oldestPacketId % 65535 + 1;
        return packetId;
    }

    /** A message is queued, and the oldest one is taken. */
    @Benchmark
    public long queueAndTake() {
        queue.add(next());
        return queue.poll(polled).position();
    }
}
