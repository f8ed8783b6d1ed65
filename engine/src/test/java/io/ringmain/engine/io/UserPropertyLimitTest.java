package io.ringmain.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.mqtt.ConnectDecoder;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class UserPropertyLimitTest {
    private static final String PAIR = "26 0001 61 0001 62 ";

    private final Counters counters = new Counters();

    /** A CONNECT with a will, and with so many user properties in each of the two places. */
    private static ConnectDecoder connect(final int own, final int ofTheWill) {
        final String body = "0004 4d515454 05 06 0000 %02x %s 0001 63 %02x %s 0001 74 0000"
                .formatted(own * 7, PAIR.repeat(own), ofTheWill * 7, PAIR.repeat(ofTheWill))
                .replace(" ", "");
        final UnsafeBuffer packet =
                new UnsafeBuffer(HexFormat.of().parseHex("10%02x".formatted(body.length() / 2) + body));
        final ConnectDecoder decoder = new ConnectDecoder();
        assertEquals(ReasonCode.SUCCESS, decoder.wrap(packet, 0, packet.capacity()));
        return decoder;
    }

    private boolean isPassed(final IoLimits limits, final int own, final int ofTheWill) {
        final ConnectDecoder decoder = connect(own, ofTheWill);
        return new UserPropertyLimit(limits, counters).isPassed(decoder.properties(), decoder.willProperties());
    }

    @Test
    void shouldAddUpThoseOfAConnectAndItsWill() {
        final IoLimits limits = new IoLimits().userProperties(4);
        assertEquals(false, isPassed(limits, 4, 0));
        assertEquals(false, isPassed(limits, 0, 4));
        assertEquals(false, isPassed(limits, 2, 2));
        assertEquals(true, isPassed(limits, 3, 2));
        assertEquals(1, counters.get(CounterId.LIMIT_USER_PROPERTIES));
    }

    @Test
    void shouldAddUpTheirBytes() {
        final IoLimits limits = new IoLimits().userPropertiesBytes(8);
        assertEquals(false, isPassed(limits, 2, 2));
        assertEquals(true, isPassed(limits, 3, 2));
    }
}
