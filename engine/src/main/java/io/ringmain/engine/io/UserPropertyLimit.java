package io.ringmain.engine.io;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.protocol.mqtt.Properties;

/** How many user properties a packet may have, and how long they may be together. Counts the packets that have more. */
final class UserPropertyLimit {
    private final IoLimits limits;
    private final Counters counters;

    UserPropertyLimit(final IoLimits limits, final Counters counters) {
        this.limits = limits;
        this.counters = counters;
    }

    boolean isPassed(final Properties properties) {
        return isPassed(properties.userPropertyCount(), properties.userPropertyBytes());
    }

    /** For a CONNECT, which has properties of its own and of its will: the limit is one of the packet. */
    boolean isPassed(final Properties connect, final Properties will) {
        return isPassed(
                connect.userPropertyCount() + will.userPropertyCount(),
                connect.userPropertyBytes() + will.userPropertyBytes());
    }

    private boolean isPassed(final int count, final int bytes) {
        if (count <= limits.userProperties() && bytes <= limits.userPropertiesBytes()) {
            return false;
        }
        counters.increment(CounterId.LIMIT_USER_PROPERTIES);
        return true;
    }
}
