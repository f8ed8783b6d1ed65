package io.ringmain.engine.ring;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * What replays want to read next: the last request of each, from the I/O agents to the agent that reads. A request says
 * all, so that a later one replaces it, and there are never more than there may be replays.
 */
public final class ReplayRequests {
    private final ConcurrentHashMap<Integer, ReplayRequest> byNumber = new ConcurrentHashMap<>();
    private volatile Thread reader;

    /** Any thread. */
    public void put(final ReplayRequest request) {
        byNumber.merge(request.number(), request, ReplayRequests::later);
        final Thread waiting = reader;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    private static ReplayRequest later(final ReplayRequest known, final ReplayRequest added) {
        return added.askedAt() > known.askedAt() ? added : known;
    }

    /** Those that wait for an answer. */
    public Collection<ReplayRequest> waiting() {
        return byNumber.values();
    }

    /** It was answered, unless another came meanwhile. */
    public void remove(final ReplayRequest request) {
        byNumber.remove(request.number(), request);
    }

    /** Which thread is to be woken when a request comes. */
    public void reader(final Thread thread) {
        reader = thread;
    }
}
