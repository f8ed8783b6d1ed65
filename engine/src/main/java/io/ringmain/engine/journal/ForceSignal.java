package io.ringmain.engine.journal;

import io.ringmain.storage.log.MessageLog;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.IdleStrategy;

/**
 * Wakes the thread that forces, when the journal has appended: two faces of one thing, an agent behind the journal and
 * the idle strategy of the thread that waits. A wake-up between its last look and its sleep isn't lost, as a thread keeps
 * one permit.
 */
public final class ForceSignal implements Agent, IdleStrategy {
    private static final long MAX_PARK_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final MessageLog log;
    private volatile Thread sleeper;
    private long signalledPosition;

    public ForceSignal(final MessageLog log) {
        this.log = log;
        this.signalledPosition = log.appendPosition();
    }

    @Override
    public String roleName() {
        return "force-signal";
    }

    @Override
    public int doWork() {
        wakeIfAppended();
        return 0;
    }

    /** Whether something was appended since the last call, and there was a thread to wake for it. */
    boolean wakeIfAppended() {
        final long position = log.appendPosition();
        if (position == signalledPosition) {
            return false;
        }
        signalledPosition = position;
        final Thread waiting = sleeper;
        LockSupport.unpark(waiting);
        return waiting != null;
    }

    @Override
    public void idle(final int workCount) {
        if (workCount == 0) {
            idle();
        }
    }

    @Override
    public void idle() {
        if (sleeper == null) {
            // What was appended before it could be woken is found by another look.
            sleeper = Thread.currentThread();
            return;
        }
        LockSupport.parkNanos(MAX_PARK_NS);
    }

    @Override
    public void reset() {}

    @Override
    public String alias() {
        return "force-signal";
    }
}
