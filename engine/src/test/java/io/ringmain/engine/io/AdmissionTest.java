package io.ringmain.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.counters.CounterId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final long LOOPBACK = AddressKey.LOCAL;

    private final IoLimits limits = new IoLimits()
            .maxConnections(6)
            .maxConnectionsPerAddress(2)
            .maxHalfOpen(4)
            .maxHalfOpenPerAddress(1);
    private long nowNs = 1;
    private final Admission admission = new Admission(1);

    private CounterId enter(final String address) {
        return admission.enter(AddressKey.of(address), limits, nowNs);
    }

    private void open(final String address) {
        assertNull(enter(address));
        admission.opened(AddressKey.of(address));
    }

    @Test
    void shouldBoundConnectionsInAll() {
        for (int i = 0; i < 6; i++) {
            open("10.0.0." + i);
        }
        assertEquals(CounterId.CONNECTIONS_REFUSED_LIMIT, enter("10.0.0.9"));
        assertEquals(CounterId.CONNECTIONS_REFUSED_LIMIT, enter(null));
        admission.leave(AddressKey.of("10.0.0.3"), false);
        open("10.0.0.9");
    }

    @Test
    void shouldBoundConnectionsOfOneAddress() {
        open("10.0.0.1");
        open("10.0.0.1");
        assertEquals(CounterId.CONNECTIONS_REFUSED_ADDRESS, enter("10.0.0.1"));
        open("10.0.0.2");
        admission.leave(AddressKey.of("10.0.0.1"), false);
        open("10.0.0.1");
    }

    @Test
    void shouldBoundHalfOpenConnections() {
        assertNull(enter("10.0.0.1"));
        assertEquals(CounterId.CONNECTIONS_REFUSED_HALF_OPEN, enter("10.0.0.1"));
        for (int i = 0; i < 3; i++) {
            assertNull(enter(null), "loopback is bounded in all, not by itself");
        }
        assertEquals(CounterId.CONNECTIONS_REFUSED_HALF_OPEN, enter("10.0.0.2"));
        admission.opened(LOOPBACK);
        assertNull(enter("10.0.0.2"));
    }

    @Test
    void shouldNotBoundLoopbackByItself() {
        for (int i = 0; i < 6; i++) {
            open(null);
        }
        assertEquals(6, admission.openCount());
        assertEquals(0, admission.addressCount());
    }

    @Test
    void shouldForgetAddressesThatHaveLeft() {
        assertNull(enter("10.0.0.1"));
        open("10.0.0.2");
        admission.leave(AddressKey.of("10.0.0.1"), true);
        admission.leave(AddressKey.of("10.0.0.2"), false);
        assertEquals(0, admission.addressCount());
        assertEquals(0, admission.openCount());
        assertEquals(0, admission.halfOpenCount());
    }

    @Test
    void shouldCountRightFromManyThreads() throws InterruptedException {
        final IoLimits wide = new IoLimits().acceptsPerSecond(1_000_000_000).acceptsPerSecondPerAddress(1_000_000_000);
        final List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            final long address = AddressKey.of("10.0.0." + t % 2);
            final Thread thread = new Thread(() -> {
                for (int i = 0; i < 10_000; i++) {
                    if (admission.enter(address, wide, 0) == null) {
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

    @Test
    void shouldCountAnIpv6NetworkOf64BitsAsOneAddress() {
        open("2001:db8:0:7::1");
        open("2001:db8:0:7:ffff::2");
        assertEquals(CounterId.CONNECTIONS_REFUSED_ADDRESS, enter("2001:db8:0:7::3"));
        open("2001:db8:0:8::1");
        assertEquals(2, admission.addressCount());
    }

    @Test
    void shouldTellAddressesApart() {
        assertEquals(AddressKey.of("10.0.0.1"), AddressKey.of("::ffff:10.0.0.1"));
        assertEquals(AddressKey.of("fe80::1"), AddressKey.of("fe80::2%eth0"));
        final Set<Long> keys = new HashSet<>();
        for (final String address : List.of("10.0.0.1", "10.0.0.2", "2001:db8::1", "fe80::1", "proxy", "0.0.0.0")) {
            assertTrue(keys.add(AddressKey.of(address)), address);
        }
        assertFalse(keys.contains(AddressKey.LOCAL));
    }

    @Test
    void shouldBoundHowFastAnAddressComes() {
        limits.acceptsPerSecondPerAddress(2).acceptsPerSecond(1000);
        comeAndGo("10.0.0.1");
        comeAndGo("10.0.0.1");
        assertEquals(CounterId.CONNECTIONS_REFUSED_ADDRESS_RATE, enter("10.0.0.1"));
        comeAndGo("10.0.0.2");
        for (int i = 0; i < 100; i++) {
            comeAndGo(null);
        }
        nowNs += 499_999_999;
        assertEquals(CounterId.CONNECTIONS_REFUSED_ADDRESS_RATE, enter("10.0.0.1"));
        nowNs++;
        comeAndGo("10.0.0.1");
        assertEquals(CounterId.CONNECTIONS_REFUSED_ADDRESS_RATE, enter("10.0.0.1"));
    }

    @Test
    void shouldBoundHowFastAllComeTogether() {
        limits.acceptsPerSecond(3);
        for (int i = 0; i < 3; i++) {
            comeAndGo("10.0.0." + i);
        }
        assertEquals(CounterId.CONNECTIONS_REFUSED_RATE, enter("10.0.0.9"));
        comeAndGo(null);
        nowNs += 1_000_000_000;
        for (int i = 0; i < 3; i++) {
            comeAndGo("10.0.1." + i);
        }
        assertEquals(CounterId.CONNECTIONS_REFUSED_RATE, enter("10.0.0.9"));
    }

    /** Who comes too fast from one address takes nothing from the others. */
    @Test
    void shouldNotLetOneAddressUseUpTheRateOfAll() {
        limits.acceptsPerSecond(3).acceptsPerSecondPerAddress(2);
        comeAndGo("10.0.0.1");
        comeAndGo("10.0.0.1");
        for (int i = 0; i < 100; i++) {
            assertEquals(CounterId.CONNECTIONS_REFUSED_ADDRESS_RATE, enter("10.0.0.1"));
        }
        comeAndGo("10.0.0.2");
    }

    @Test
    void shouldCountAConnectionWhereItTurnsOutToComeFrom() {
        final long proxied = AddressKey.of("10.0.0.1");
        for (int i = 0; i < 3; i++) {
            assertNull(enter(null));
        }
        assertNull(admission.move(AddressKey.LOCAL, proxied, limits, nowNs));
        assertEquals(CounterId.CONNECTIONS_REFUSED_HALF_OPEN, admission.move(AddressKey.LOCAL, proxied, limits, nowNs));
        admission.opened(proxied);
        assertNull(admission.move(AddressKey.LOCAL, proxied, limits, nowNs));
        admission.opened(proxied);
        assertEquals(CounterId.CONNECTIONS_REFUSED_ADDRESS, admission.move(AddressKey.LOCAL, proxied, limits, nowNs));
        admission.leave(proxied, false);
        admission.leave(proxied, false);
        admission.leave(AddressKey.LOCAL, true);
        assertEquals(0, admission.openCount());
        assertEquals(0, admission.halfOpenCount());
        assertEquals(0, admission.addressCount());
    }

    @Test
    void shouldBoundBytesInAll() {
        assertTrue(admission.hold(60, 100));
        assertFalse(admission.hold(41, 100));
        assertTrue(admission.hold(40, 100));
        assertTrue(admission.hold(-1, 0), "less is always right");
        assertEquals(99, admission.heldBytes());
    }

    private void comeAndGo(final String address) {
        assertNull(enter(address));
        admission.leave(AddressKey.of(address), true);
    }
}
