package io.ringmain.engine;

import io.ringmain.engine.io.Policy;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;

/** A broker that is stepped by a thread of the test, when it has none of its own. */
final class RunningBroker implements AutoCloseable {
    private final BrokerContext context;
    private final Broker broker;
    private final AtomicBoolean running = new AtomicBoolean(true);
    private Thread stepper;

    RunningBroker(final BrokerContext context) {
        this.context = context;
        broker = Broker.launch(context);
        if (context.threadingMode() == ThreadingMode.INVOKER) {
            stepper = new Thread(() -> {
                while (running.get()) {
                    broker.doWork();
                }
            });
            stepper.start();
        }
    }

    int port() {
        return ((InetSocketAddress) broker.listenerAddresses().get(0)).getPort();
    }

    void policy(final Policy policy) {
        broker.reload(policy, context.coreLimits(), "test");
    }

    @Override
    public void close() {
        running.set(false);
        if (stepper != null) {
            try {
                stepper.join();
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }
        broker.close();
    }
}
