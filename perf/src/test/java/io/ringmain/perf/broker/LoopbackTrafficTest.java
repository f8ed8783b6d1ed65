package io.ringmain.perf.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LoopbackTrafficTest {
    @Test
    void shouldReadTheReceivedBytesOfTheInterface() {
        final String counters = """
                Inter-|   Receive                                                |  Transmit
                 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs
                  eth0: 5000       1    0    0    0     0          0         0     7000       1    0
                    lo: 123456      2    0    0    0     0          0         0   123456       2    0
                """;
        assertEquals(123_456, LoopbackTraffic.bytes(counters));
        assertEquals(-1, LoopbackTraffic.bytes("eth0: 5000 1\n"));
    }
}
