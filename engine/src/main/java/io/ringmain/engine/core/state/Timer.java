package io.ringmain.engine.core.state;

/** Something that waits for a moment. Ordered by deadline, then by id, so that the order is total. */
public final class Timer<T> {
    static final int NOT_WAITING = -1;

    private final T owner;
    private final long id;
    private long deadlineNs;
    private int heapIndex = NOT_WAITING;

    public Timer(final T owner, final long id) {
        this.owner = owner;
        this.id = id;
    }

    public T owner() {
        return owner;
    }

    /** Epoch nanoseconds; meaningful while {@link #isWaiting()}. */
    public long deadlineNs() {
        return deadlineNs;
    }

    public boolean isWaiting() {
        return heapIndex != NOT_WAITING;
    }

    int heapIndex() {
        return heapIndex;
    }

    void heapIndex(final int index) {
        heapIndex = index;
    }

    void set(final long newDeadlineNs) {
        deadlineNs = newDeadlineNs;
    }

    boolean isBefore(final Timer<?> other) {
        return deadlineNs < other.deadlineNs || deadlineNs == other.deadlineNs && id < other.id;
    }
}
