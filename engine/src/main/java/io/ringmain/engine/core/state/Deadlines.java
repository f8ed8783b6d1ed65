package io.ringmain.engine.core.state;

import java.util.Arrays;

/**
 * A binary heap of timers. They come out in the order of their deadlines and ids, whatever the order they were set in,
 * so the layout of the heap is no state: a snapshot holds the deadlines only.
 */
public final class Deadlines<T> {
    /** {@link #nextNs()} when nothing waits. */
    public static final long NONE = Long.MAX_VALUE;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Timer<?>[] heap = new Timer<?>[16];
    private int size;

    /** Epoch nanoseconds of the moment so many seconds later; holds for every interval of MQTT. */
    public static long after(final long nowNs, final long seconds) {
        return nowNs + seconds * NANOS_PER_SECOND;
    }

    public int size() {
        return size;
    }

    /** Epoch nanoseconds of the first deadline, {@link #NONE} if there is none. */
    public long nextNs() {
        return size == 0 ? NONE : heap[0].deadlineNs();
    }

    /** The timer with the first deadline; there must be one. */
    @SuppressWarnings("unchecked")
    public Timer<T> first() {
        return (Timer<T>) heap[0];
    }

    /** Sets or moves the deadline of a timer. */
    public void set(final Timer<T> timer, final long deadlineNs) {
        cancel(timer);
        timer.set(deadlineNs);
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        up(size++, timer);
    }

    /** Forgets the timer's deadline, if it has one; null never has. */
    public void cancel(final Timer<T> timer) {
        if (timer == null || !timer.isWaiting()) {
            return;
        }
        final int hole = timer.heapIndex();
        final Timer<?> last = heap[--size];
        heap[size] = null;
        timer.heapIndex(Timer.NOT_WAITING);
        if (last != timer) {
            if (hole > 0 && last.isBefore(heap[(hole - 1) / 2])) {
                up(hole, last);
            } else {
                down(hole, last);
            }
        }
    }

    private void up(final int start, final Timer<?> timer) {
        int i = start;
        while (i > 0 && timer.isBefore(heap[(i - 1) / 2])) {
            place(i, heap[(i - 1) / 2]);
            i = (i - 1) / 2;
        }
        place(i, timer);
    }

    private void down(final int start, final Timer<?> timer) {
        int i = start;
        for (int child = 2 * i + 1; child < size; child = 2 * i + 1) {
            if (child + 1 < size && heap[child + 1].isBefore(heap[child])) {
                child++;
            }
            if (!heap[child].isBefore(timer)) {
                break;
            }
            place(i, heap[child]);
            i = child;
        }
        place(i, timer);
    }

    private void place(final int index, final Timer<?> timer) {
        heap[index] = timer;
        timer.heapIndex(index);
    }
}
