package io.ringmain.perf.broker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private static final String CONNACK_ENDPOINT = "endpoint";

    /** How it gets there. */
    @FunctionalInterface
    public interface Opener {
        /** @param tls for a listener beside the one without, if the broker is started here; null for none. */
        MeasuredBroker open(TlsFiles tls) throws IOException;
    }

    /** A broker of ours. */
    public static Peer ringmain(final String name, final BrokerOptions options, final List<String> settings) {
        return new Peer(name, options.text(settings), tls -> MeasuredBroker.start(name, options, settings, tls));
    }

    private static Peer mosquitto() {
        return new Peer(
                MOSQUITTO,
                MosquittoProcess.version() + ", " + MosquittoProcess.SETTINGS,
                tls -> MeasuredBroker.start(MOSQUITTO, MosquittoProcess.start(tls)));
    }

    /** No broker: what lets clients in, and does nothing else. For connecting and disconnecting alone. */
    public static Peer connackEndpoint() {
        return new Peer(
                CONNACK_ENDPOINT,
                "gives each CONNECT the same answer and does nothing else",
                tls -> MeasuredBroker.start(CONNACK_ENDPOINT, ConnackEndpoint.start()));
    }

    private static Peer running(final String host, final int port, final int tlsPort) {
        final String name = host + ":" + port;
        return new Peer(name, name, tls -> MeasuredBroker.running(name, host, port, tlsPort));
    }

    /** Without TLS, if it is started here. */
    public MeasuredBroker open() throws IOException {
        return open(null);
    }

    /** @param tls for a listener beside the one without, if the broker is started here; null for none. */
    public MeasuredBroker open(final TlsFiles tls) throws IOException {
        return opener.open(tls);
    }

    /** Reads {@code mosquitto}, {@code HOST:PORT} or {@code HOST:PORT/TLS_PORT}. */
    public static final class Converter implements ITypeConverter<Peer> {
        private static final Pattern ADDRESS = Pattern.compile("(.+):(\\d{1,5})(?:/(\\d{1,5}))?");

        @Override
        public Peer convert(final String text) {
            if (text.equals(MOSQUITTO)) {
                return mosquitto();
            }
            final Matcher address = ADDRESS.matcher(text);
            if (address.matches()) {
                final int port = Integer.parseInt(address.group(2));
                final int tlsPort =
                        address.group(3) == null ? MeasuredBroker.NO_PORT : Integer.parseInt(address.group(3));
                if (isPort(port) && (tlsPort == MeasuredBroker.NO_PORT || isPort(tlsPort))) {
                    if (new InetSocketAddress(address.group(1), port).isUnresolved()) {
                        throw new TypeConversionException("no address is known for the host of '" + text + "'");
                    }
                    return running(address.group(1), port, tlsPort);
                }
            }
            throw new TypeConversionException(
                    "'" + text + "' is neither mosquitto nor HOST:PORT nor HOST:PORT/TLS_PORT");
        }

        private static boolean isPort(final int number) {
            return number > 0 && number < 1 << 16;
        }
    }
}
