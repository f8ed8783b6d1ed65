package io.ringmain.ops;

import io.ringmain.engine.Broker;
import io.ringmain.engine.BrokerContext;
import io.ringmain.ops.config.Config;
import io.ringmain.ops.config.ConfigLoader;
import io.ringmain.storage.log.LogException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringmain serve}: the broker, in the foreground, until a signal ends it. */
@Command(
        name = "serve",
        description = "Run the broker in the foreground; SIGTERM or SIGINT ends it.",
        mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @Option(
            names = {"-p", "--port"},
            paramLabel = "PORT",
            description =
                    "Port of the listener on 127.0.0.1, when the configuration has no listeners; 0 takes a free one.")
    private String port;

    @Option(names = "--data", paramLabel = "DIR", description = "Data directory, default ./data.")
    private String data;

    @Option(names = "--durability", paramLabel = "sync|append|none", description = "When to acknowledge, default sync.")
    private String durability;

    @Option(names = "--threading", paramLabel = "auto|shared|dedicated", description = "Who runs the agents.")
    private String threading;

    private final CountDownLatch stopped = new CountDownLatch(1);

    @Override
    public Integer call() {
        final ConfigLoader loader = options.loader();
        if (port != null && loader.hasSection("listeners")) {
            System.err.println("--port: the configuration has listeners of its own; change it there, or with --set");
            return ExitCode.USAGE;
        }
        loader.option("listeners.local.bind", port == null ? null : "127.0.0.1:" + port, "--port")
                .option("node.data_dir", data, "--data")
                .option("storage.durability", durability, "--durability")
                .option("ring.threading", threading, "--threading");
        final Config config = ConfigOptions.loadOrReport(loader);
        if (config == null) {
            return ExitCode.CONFIGURATION;
        }
        Configurator.setRootLevel(Level.toLevel(config.logLevel()));
        return serve(config.toContext());
    }

    private int serve(final BrokerContext context) {
        final Logger logger = LoggerFactory.getLogger("ringmain");
        context.eventLog(logger::info).haltHandler(ServeCommand::halt);
        final Broker broker;
        try {
            broker = Broker.launch(context);
        } catch (final LogException ex) {
            System.err.println("ringmain: " + ex.getMessage());
            return ex.isDamage() ? ExitCode.DAMAGED : ExitCode.FAILED;
        } catch (final UncheckedIOException ex) {
            System.err.println("ringmain: " + ex.getCause().getMessage());
            return ExitCode.FAILED;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(broker, logger), "ringmain-shutdown"));
        System.out.println("ready "
                + broker.listenerAddresses().stream().map(ServeCommand::uri).collect(Collectors.joining(" ")));
        System.out.flush();
        awaitStop();
        return ExitCode.OK;
    }

    private void awaitStop() {
        try {
            stopped.await();
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** A signal ends the process with 128 and its number unless the process says otherwise; a clean stop is 0. */
    private void stop(final Broker broker, final Logger logger) {
        try {
            broker.close();
            logger.info("stopped");
            Runtime.getRuntime().halt(ExitCode.OK);
        } catch (final RuntimeException ex) {
            System.err.println("ringmain: not stopped cleanly: " + ex.getMessage());
            Runtime.getRuntime().halt(ExitCode.FAILED);
        }
    }

    /** At once, and without a shutdown hook: what is not durable must not look acknowledged by a clean end. */
    private static void halt(final Throwable cause) {
        System.err.println("ringmain: halted: " + cause.getMessage());
        cause.printStackTrace();
        Runtime.getRuntime().halt(ExitCode.FAILED);
    }

    private static String uri(final InetSocketAddress address) {
        final String host = address.getAddress().getHostAddress();
        return "mqtt://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
