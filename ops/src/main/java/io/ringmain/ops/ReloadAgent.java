package io.ringmain.ops;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Reloads when SIGHUP comes or a tool asks, one after the other, on a thread of its own. */
final class ReloadAgent implements Runnable {
    private static final long POLL_MS = 100;

    private final Reloader reloader;
    private final ReloadRequest requests;
    private final Consumer<String> log;
    private final Semaphore hangups = new Semaphore(0);

    ReloadAgent(final Reloader reloader, final Path dataDir, final Consumer<String> log) {
        this.reloader = reloader;
        this.requests = new ReloadRequest(dataDir);
        this.log = log;
    }

    void start() {
        if (!HangupSignal.handle(hangups::release)) {
            log.accept("SIGHUP can't be had here; ringmain config reload does the same");
        }
        final Thread thread = new Thread(this, "ringmain-reload");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        String lastFault = "";
        while (true) {
            try {
                if (hangups.tryAcquire(POLL_MS, TimeUnit.MILLISECONDS)) {
                    hangups.drainPermits();
                    reloader.reload();
                }
                final Optional<String> number = requests.take();
                if (number.isPresent()) {
                    requests.answer(number.get(), reloader.reload());
                }
                lastFault = "";
            } catch (final IOException | RuntimeException ex) {
                if (!ex.toString().equals(lastFault)) {
                    lastFault = ex.toString();
                    log.accept("requests to reload can't be read or answered: " + lastFault);
                }
            } catch (final InterruptedException ex) {
                return;
            }
        }
    }
}
