package io.ringmain.engine.io;

import io.ringmain.engine.counters.CounterId;
import java.io.IOException;

/** A client broke the rules of what lies below MQTT: its connection is closed, counted, and the cause is said. */
public final class ChannelException extends IOException {
    private static final long serialVersionUID = 1;

    private final CounterId counter;

    /** @param message why, for the operator. */
    public ChannelException(final CounterId counter, final String message) {
        super(message);
        this.counter = counter;
    }

    public CounterId counter() {
        return counter;
    }
}
