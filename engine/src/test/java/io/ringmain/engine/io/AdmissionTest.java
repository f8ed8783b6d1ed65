package io.ringmain.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ringmain.engine.counters.CounterId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final String LOOPBACK = null;

    private final IoLimits limits = new IoLimits()
            .maxConnections(6)
            .maxConnectionsPerAddress(2)
            .maxHalfOpen(4)
            .maxHalfOpenPerAddress(1);
    private final Admission admission = new Admission();

    private void open(final String address) {
        assertNull(admission.enter(address, limits));
        admission.opened(address);
    }

    @Test
    void shouldBoundConnectionsInAll() {
        for (int i = 0; i < 6; i++) {
            open("10.0.0." + i);
        }
        assertEquals(CounterId.CONNECTIONS_REFUSED_LIMIT, admission.enter("10.0.0.9", limits));
        assertEquals(CounterId.CONNECTIONS_REFUSED_LIMIT, admission.enter(LOOPBACK, limits));
        admission.leave("10.0.0.3", false);
        open("10.0.0.9");
    }

    @Test
    void shouldBoundConnectionsOfOneAddress() {
        open("10.0.0.1");
        open("10.0.0.1");
        assertEquals(CounterId.CONNECTIONS_REFUSED_ADDRESS, admission.enter("10.0.0.1", limits));
        open("10.0.0.2");
        admission.leave("10.0.0.1", false);
        open("10.0.0.1");
    }

    @Test
    void shouldBoundHalfOpenConnections() {
        assertNull(admission.enter("10.0.0.1", limits));
        assertEquals(CounterId.CONNECTIONS_REFUSED_HALF_OPEN, admission.enter("10.0.0.1", limits));
        for (int i = 0; i < 3; i++) {
            assertNull(admission.enter(LOOPBACK, limits), "loopback is bounded in all, not by itself");
        }
        assertEquals(CounterId.CONNECTIONS_REFUSED_HALF_OPEN, admission.enter("10.0.0.2", limits));
        admission.opened(LOOPBACK);
        assertNull(admission.enter("10.0.0.2", limits));
    }

    @Test
    void shouldNotBoundLoopbackByItself() {
        for (int i = 0; i < 6; i++) {
            open(LOOPBACK);
        }
        assertEquals(6, admission.openCount());
        assertEquals(0, admission.addressCount());
    }

    @Test
    void shouldForgetAddressesThatHaveLeft() {
        assertNull(admission.enter("10.0.0.1", limits));
        open("10.0.0.2");
        admission.leave("10.0.0.1", true);
        admission.leave("10.0.0.2", false);
        assertEquals(0, admission.addressCount());
        assertEquals(0, admission.openCount());
        assertEquals(0, admission.halfOpenCount());
    }

    @Test
    void shouldCountRightFromManyThreads() throws InterruptedException {
        final IoLimits wide = new IoLimits();
        final List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            final String address = "10.0.0." + t % 2;
            final Thread thread = new Thread(() -> {
                for (int i = 0; i < 10_000; i++) {
                    if (admission.enter(address, wide) == null) {
                        final boolean opens = i % 3 > 0;
                        if (opens) {
                            admission.opened(address);
                        }
                        admission.leave(address, !opens);
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (final Thread thread : threads) {
            thread.join();
        }
        assertEquals(0, admission.openCount());
        assertEquals(0, admission.halfOpenCount());
        assertEquals(0, admission.addressCount());
    }
}
