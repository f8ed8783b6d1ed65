package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.Selector;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadClientTest {
    /** Remembers the stamp of the last message. */
    private static final class Stamped extends LoadClient {
        private long stampNs;

        Stamped(final FlowPlan plan, final Selector selector) throws IOException {
            super(plan, "stamped", 1024, 1024, new Statistics(true), selector);
        }

        @Override
        void onPublish(final UnsafeBuffer buffer, final int at, final int length) {
            stampNs = nowNs;
        }

        @Override
        void onAcknowledged(final int packetId) {}
    }

    @Test
    void shouldStampWhatHasArrivedBehindTheRead() throws IOException {
        final byte[] publish = {0x30, 3, 0, 1, 't'};
        try (FaultyBroker broker = new FaultyBroker();
                Selector selector = Selector.open()) {
            final Stamped client = new Stamped(FlowPlan.of("127.0.0.1", broker.port(), 0, 64), selector);
            // The bytes are there from here on, as they are when a read returns.
            final long readNs = System.nanoTime();
            assertEquals(publish.length, client.onBytes(new UnsafeBuffer(publish), publish.length));
            assertTrue(client.stampNs - readNs >= 0, client.stampNs + " before " + readNs);
            client.close();
        }
    }
}
