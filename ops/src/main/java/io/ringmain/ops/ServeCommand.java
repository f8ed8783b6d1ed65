package io.ringmain.ops;

import io.ringmain.engine.Broker;
import io.ringmain.engine.BrokerContext;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.ops.auth.AccessControl;
import io.ringmain.ops.config.Config;
import io.ringmain.ops.config.ConfigLoader;
import io.ringmain.ops.tls.TlsListeners;
import io.ringmain.storage.log.LogException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
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
    private static final long STOP_TIMEOUT_MS = 20_000;

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

    @Option(
            names = "--salvage",
            description =
                    "Start on a damaged log: keep what is intact, name what is lost, keep the damaged files beside the log.")
    private boolean salvage;

    private int launchExitCode;

    @Override
    public Integer call() {
        if (port != null && options.loader().hasSection("listeners")) {
            System.err.println("--port: the configuration has listeners of its own; change it there, or with --set");
            return ExitCode.USAGE;
        }
        final Config config = ConfigOptions.loadOrReport(loader());
        if (config == null) {
            return ExitCode.CONFIGURATION;
        }
        Configurator.setRootLevel(Level.toLevel(config.logLevel()));
        final Logger logger = LoggerFactory.getLogger("ringmain");
        final BrokerContext context = config.toContext();
        logger.info(
                "node {}: data in {}, durability {}",
                config.nodeId(),
                context.dataDir().toAbsolutePath().normalize(),
                context.durability().name().toLowerCase(Locale.ROOT));
        config.warnings().forEach(logger::warn);
        final TlsListeners tls = config.tls();
        final AccessControl access = ConfigOptions.accessOrReport(config, context.counters(), logger::info);
        if (access == null) {
            return ExitCode.CONFIGURATION;
        }
        access.addTo(context);
        final StartProgress progress =
                new StartProgress(System.err, System::nanoTime, Boolean.getBoolean("ringmain.terminal"));
        final Broker broker = launch(context.eventLog(logger::info)
                .haltHandler(ServeCommand::halt)
                .salvage(salvage)
                .scanProgress((done, total, records) -> progress.show("reading the log", done, total, records))
                .replayProgress((done, total, records) -> progress.show("replaying the log", done, total, records)));
        progress.end();
        if (broker == null) {
            LogManager.shutdown();
            return launchExitCode;
        }
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> stop(broker, context.counters(), logger), "ringmain-shutdown"));
        tls.watch(config.tlsWatchIntervalMs(), logger::info);
        new ReloadAgent(
                        new Reloader(
                                this::loader,
                                config,
                                access,
                                context.counters(),
                                (next, nextContext, changes) -> {
                                    next.warnings().forEach(logger::warn);
                                    broker.reload(nextContext.policy(), nextContext.coreLimits(), "reload: " + changes);
                                    next.applyTlsTo(tls);
                                    Configurator.setRootLevel(Level.toLevel(next.logLevel()));
                                },
                                logger::info,
                                logger::warn),
                        context.dataDir(),
                        logger::warn)
                .start();
        System.out.println("ready " + String.join(" ", config.uris(broker.listenerAddresses())));
        System.out.flush();
        awaitSignal();
        return ExitCode.OK;
    }

    private ConfigLoader loader() {
        return options.loader()
                .option("listeners.local.bind", port == null ? null : "127.0.0.1:" + port, "--port")
                .option("node.data_dir", data, "--data")
                .option("storage.durability", durability, "--durability")
                .option("ring.threading", threading, "--threading");
    }

    /** Answers null and sets the exit code when the broker can't start, after one line that says why. */
    private Broker launch(final BrokerContext context) {
        try {
            return Broker.launch(context);
        } catch (final LogException ex) {
            return refuse(ex.getMessage(), ex.isDamage() ? ExitCode.DAMAGED : ExitCode.FAILED);
        } catch (final UncheckedIOException ex) {
            return refuse(ex.getCause().getMessage(), ExitCode.FAILED);
        } catch (final IllegalArgumentException ex) {
            return refuse(ex.getMessage(), ExitCode.CONFIGURATION);
        } catch (final OutOfMemoryError ex) {
            return refuse(
                    "not enough memory for rings and lanes of this size: " + ex.getMessage()
                            + "; lower ring.size, ring.lane_size or limits.max_packet_size, or give the JVM more in"
                            + " RINGMAIN_JAVA_OPTS",
                    ExitCode.CONFIGURATION);
        } catch (final RuntimeException ex) {
            ex.printStackTrace();
            return refuse("can't start: " + ex.getMessage(), ExitCode.FAILED);
        }
    }

    private Broker refuse(final String why, final int exitCode) {
        System.err.println("ringmain: " + why);
        launchExitCode = exitCode;
        return null;
    }

    /** The process ends in {@link #stop}, or in {@link #halt}, not here. */
    private static void awaitSignal() {
        try {
            new CountDownLatch(1).await();
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** A signal ends the process with 128 and its number unless the process says otherwise; a clean stop is 0. */
    private static void stop(final Broker broker, final Counters counters, final Logger logger) {
        final Thread watchdog = new Thread(ServeCommand::endAnyway, "ringmain-watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
        try {
            broker.close();
            logger.info("counters: {}", text(counters));
            logger.info("stopped");
            LogManager.shutdown();
            Runtime.getRuntime().halt(ExitCode.OK);
        } catch (final RuntimeException ex) {
            System.err.println("ringmain: not stopped cleanly: " + ex.getMessage());
            Runtime.getRuntime().halt(ExitCode.FAILED);
        }
    }

    /** All counters that moved. */
    private static String text(final Counters counters) {
        return Arrays.stream(CounterId.values())
                .filter(id -> counters.get(id) != 0)
                .map(id -> id.label() + " " + counters.get(id))
                .collect(Collectors.joining(", "));
    }

    /** A device that doesn't answer must not keep the process; what is unforced was never acknowledged. */
    private static void endAnyway() {
        try {
            Thread.sleep(STOP_TIMEOUT_MS);
            System.err.println("ringmain: not stopped within " + STOP_TIMEOUT_MS / 1000 + " s, ending anyway");
            Runtime.getRuntime().halt(ExitCode.FAILED);
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** At once, and without a shutdown hook: what is not durable must not look acknowledged by a clean end. */
    private static void halt(final Throwable cause) {
        System.err.println("ringmain: halted: " + cause.getMessage());
        cause.printStackTrace();
        Runtime.getRuntime()
                .halt(cause instanceof LogException log && log.isDamage() ? ExitCode.DAMAGED : ExitCode.FAILED);
    }
}
