package io.ringmain.engine.io.tls;

import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.io.Channel;
import io.ringmain.engine.io.ChannelLayer;

/** TLS on a listener. */
public final class TlsLayer implements ChannelLayer {
    private final Handshakes handshakes;
    private final Counters counters;
    private volatile TlsSettings settings;

    /** @param handshakes of all listeners together. */
    public TlsLayer(final Handshakes handshakes, final Counters counters, final TlsSettings settings) {
        this.handshakes = handshakes;
        this.counters = counters;
        this.settings = settings;
    }

    /** New connections get these; those that are there keep theirs. Any thread. */
    public void reload(final TlsSettings newSettings) {
        settings = newSettings;
    }

    @Override
    public Channel over(final Channel lower) {
        return new TlsChannel(lower, settings, handshakes, counters);
    }
}
