package io.ringmain.perf.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class BrokerMemoryTest {
    @Test
    void shouldAddUpTheGenerationsAndNothingElse() {
        final String parallel = """
                12345:
                 PSYoungGen      total 76288K, used 3000K [0x00000000eab00000, 0x00000000f0000000, 0x0000000100000000)
                  eden space 65536K, 4% used [0x00000000eab00000,0x00000000eae00000,0x00000000eeb00000)
                 ParOldGen       total 175104K, used 7000K [0x00000000c0000000, 0x00000000cab00000, 0x00000000eab00000)
                  object space 175104K, 4% used [0x00000000c0000000,0x00000000c06d6000,0x00000000cab00000)
                 Metaspace       used 9000K, committed 9500K, reserved 1114112K
                """;
        assertEquals(10_000L << 10, BrokerMemory.heapUsedBytes(parallel));
        final String g1 = " garbage-first heap   total 262144K, used 5000K [0x0000000080000000, 0x0000000100000000)\n";
        assertEquals(5000L << 10, BrokerMemory.heapUsedBytes(g1));
        assertThrows(IllegalArgumentException.class, () -> BrokerMemory.heapUsedBytes("no such process"));
    }

    @Test
    void shouldReadTheFieldsOfAProcess() {
        final String status = "Name:\tjava\nVmRSS:\t  204800 kB\nRssAnon:\t  102400 kB\nRssFile:\t  102400 kB\n";
        assertEquals(200L << 20, BrokerMemory.field(status, "VmRSS"));
        assertEquals(100L << 20, BrokerMemory.field(status, "RssAnon"));
        assertEquals(-1, BrokerMemory.field(status, "RssShmem"));
    }
}
