package io.ringmain.perf.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options that name brokers to compare ours with, in the same run. */
public final class PeerOptions {
    /** Brokers that a benchmark can start by itself. */
    enum Peer {
        mosquitto
    }

    /** Starts one of the brokers that take part. */
    @FunctionalInterface
    public interface Opener {
        Target open() throws IOException;
    }

    /** A broker that runs already. */
    private record Address(String host, int port) {
        static Address parse(final String text) {
            final int colon = text.lastIndexOf(':');
            try {
                return new Address(text.substring(0, Math.max(0, colon)), Integer.parseInt(text.substring(colon + 1)));
            } catch (final NumberFormatException ex) {
                throw new TypeConversionException("'" + text + "' is not HOST:PORT");
            }
        }
    }

    @Option(names = "--against", description = "Measure this one as well: ${COMPLETION-CANDIDATES}.")
    private List<Peer> against = new ArrayList<>();

    @Option(
            names = "--with",
            paramLabel = "HOST:PORT",
            converter = AddressConverter.class,
            description = "Measure the broker that runs there as well; its memory is not known.")
    private List<Address> with = new ArrayList<>();

    @Option(
            names = "--rounds",
            description = "How often all brokers take their turn; the table has the median, default ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int rounds;

    /** Reads HOST:PORT. */
    static final class AddressConverter implements picocli.CommandLine.ITypeConverter<Address> {
        @Override
        public Address convert(final String text) {
            return Address.parse(text);
        }
    }

    public int rounds() {
        return rounds;
    }

    /** Ours first, each fresh whenever it is opened. */
    public List<Opener> brokers(final BrokerOptions ours, final List<String> settings) {
        final List<Opener> openers = new ArrayList<>();
        openers.add(() -> open(ours, settings));
        against.forEach(peer -> openers.add(() -> Target.mosquitto(MosquittoProcess.start())));
        with.forEach(address -> openers.add(() -> Target.running(address.host(), address.port())));
        return openers;
    }

    private static Target open(final BrokerOptions options, final List<String> settings) throws IOException {
        final Path data = options.newData();
        try {
            final BrokerProcess process = options.start(data, settings);
            return Target.ringmain(process, () -> {
                process.close();
                BrokerOptions.delete(data);
            });
        } catch (final IOException ex) {
            BrokerOptions.delete(data);
            throw ex;
        }
    }
}
