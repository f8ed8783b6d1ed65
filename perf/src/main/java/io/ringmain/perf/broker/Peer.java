package io.ringmain.perf.broker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A broker that takes part in a comparison.
 *
 * @param name for tables.
 * @param description for the report: version and configuration, as far as they are known.
 * @param opener starts a fresh one, or finds the one that runs already.
 */
public record Peer(String name, String description, Opener opener) {
    public static final String MOSQUITTO = "mosquitto";

    /** How it gets there. */
    @FunctionalInterface
    public interface Opener {
        MeasuredBroker open() throws IOException;
    }

    /** A broker of ours. */
    public static Peer ringmain(final String name, final BrokerOptions options, final List<String> settings) {
        return new Peer(name, options.text(settings), () -> MeasuredBroker.start(name, options, settings));
    }

    private static Peer mosquitto() {
        return new Peer(
                MOSQUITTO,
                MosquittoProcess.version() + ", " + MosquittoProcess.SETTINGS,
                () -> MeasuredBroker.start(MOSQUITTO, MosquittoProcess.start()));
    }

    private static Peer running(final String host, final int port) {
        final String name = host + ":" + port;
        return new Peer(name, name, () -> MeasuredBroker.running(name, host, port));
    }

    public MeasuredBroker open() throws IOException {
        return opener.open();
    }

    /** Reads {@code mosquitto} or {@code HOST:PORT}. */
    public static final class Converter implements ITypeConverter<Peer> {
        @Override
        public Peer convert(final String text) {
            if (text.equals(MOSQUITTO)) {
                return mosquitto();
            }
            final int colon = text.lastIndexOf(':');
            try {
                final int port = Integer.parseInt(text.substring(colon + 1));
                if (colon > 0 && port > 0 && port < 1 << 16) {
                    final String host = text.substring(0, colon);
                    if (new InetSocketAddress(host, port).isUnresolved()) {
                        throw new TypeConversionException("no address is known for the host of '" + text + "'");
                    }
                    return running(host, port);
                }
            } catch (final NumberFormatException ignored) {
                // Said below.
            }
            throw new TypeConversionException("'" + text + "' is neither mosquitto nor HOST:PORT");
        }
    }
}
