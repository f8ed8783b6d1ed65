package io.ringmain.ops.log;

import io.ringmain.ops.ExitCode;
import io.ringmain.storage.log.LogException;
import io.ringmain.storage.log.LogInspector;
import io.ringmain.storage.log.SealRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ringmain log seal}: ends the current segment of a running broker. */
@Command(
        name = "seal",
        description = {
            "Have the broker that uses the data directory end the current segment and go on in a new one.",
            "Exit 4 if no broker uses it, 8 if none answers."
        },
        mixinStandardHelpOptions = true)
public final class LogSealCommand implements Callable<Integer> {
    private static final long POLL_MS = 20;

    @Option(names = "--data", paramLabel = "DIR", description = "Data directory, default ./data.")
    private Path data = Path.of("data");

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "How long to wait, default 60.")
    private int timeoutSeconds = 60;

    @Override
    public Integer call() throws InterruptedException {
        final SealRequest request = new SealRequest(data);
        try {
            final List<Path> before = LogInspector.open(data).segments();
            if (!request.isBrokerRunning()) {
                System.err.println(
                        "ringmain: no broker uses " + data + "; its segments are sealed, as each run begins a new one");
                return ExitCode.UNREACHABLE;
            }
            request.make();
            final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
            while (request.isPending()) {
                if (System.nanoTime() - deadlineNs >= 0) {
                    request.clear();
                    System.err.println("ringmain: no new segment in " + timeoutSeconds + " s; the log of the broker on "
                            + data + " says why, if it can't make one");
                    return ExitCode.TIMEOUT;
                }
                Thread.sleep(POLL_MS);
            }
            System.out.println("sealed " + before.get(before.size() - 1).getFileName());
            return ExitCode.OK;
        } catch (final LogException ex) {
            System.err.println("ringmain: " + ex.getMessage());
            return ExitCode.NOT_FOUND;
        }
    }
}
