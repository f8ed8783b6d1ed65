package io.ringmain.engine.catalog;

import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/**
 * What passes between one I/O agent and the catalogue. The I/O agent counts what it has under way, and has no more than
 * this lane has room for; so neither side ever finds it full.
 *
 * <pre>
 *  IoAgent --- requests ---> CatalogAgent
 *          <-- answers ----
 * </pre>
 */
public final class CatalogLane {
    private final int capacity;
    private final OneToOneConcurrentArrayQueue<CatalogRequest> requests;
    private final OneToOneConcurrentArrayQueue<CatalogAnswer> answers;
    private final AtomicLong heldBytes;
    private final Runnable wakeCatalog;

    /**
     * @param capacity requests under way.
     * @param heldBytes memory of all answers that were not let go yet, of all lanes.
     * @param wakeCatalog ends the sleep of the catalogue's agent.
     */
    public CatalogLane(final int capacity, final AtomicLong heldBytes, final Runnable wakeCatalog) {
        this.capacity = capacity;
        this.requests = new OneToOneConcurrentArrayQueue<>(capacity);
        this.answers = new OneToOneConcurrentArrayQueue<>(capacity);
        this.heldBytes = heldBytes;
        this.wakeCatalog = wakeCatalog;
    }

    /** Requests that may be under way. */
    public int capacity() {
        return capacity;
    }

    /** Asks. Called by the I/O agent. */
    public void request(final CatalogRequest request) {
        if (!requests.offer(request)) {
            throw new IllegalStateException("more than " + capacity + " requests under way");
        }
        wakeCatalog.run();
    }

    /** The next answer, null if there is none. Called by the I/O agent, which lets it {@link #release go}. */
    public CatalogAnswer pollAnswer() {
        return answers.poll();
    }

    /** The I/O agent is done with an answer. */
    public void release(final CatalogAnswer answer) {
        heldBytes.addAndGet(-answer.memoryBytes());
    }

    /** The oldest request, which stays where it is; null if there is none. Called by the catalogue's agent. */
    public CatalogRequest peekRequest() {
        return requests.peek();
    }

    /** Answers the oldest request. Called by the catalogue's agent. */
    public void answer(final CatalogAnswer answer) {
        requests.poll();
        heldBytes.addAndGet(answer.memoryBytes());
        if (!answers.offer(answer)) {
            throw new IllegalStateException("an answer that nobody has room for");
        }
    }
}
