package io.ringmain.engine.io;

import io.ringmain.engine.auth.ClientCertificate;
import java.io.IOException;
import java.net.InetAddress;

/** A channel over another one; what it doesn't say itself the lower one says. */
public abstract class LayeredChannel implements Channel {
    protected final Channel lower;

    protected LayeredChannel(final Channel lower) {
        this.lower = lower;
    }

    @Override
    public boolean hasBuffered() {
        return lower.hasBuffered();
    }

    @Override
    public boolean flush() throws IOException {
        return lower.flush();
    }

    @Override
    public void interest(final boolean read, final boolean write) {
        lower.interest(read, write);
    }

    @Override
    public Channel socket() {
        return lower.socket();
    }

    @Override
    public void attach(final Runnable signal) {
        lower.attach(signal);
    }

    @Override
    public void opened() {
        lower.opened();
    }

    @Override
    public ClientCertificate certificate() {
        return lower.certificate();
    }

    @Override
    public boolean isEncrypted() {
        return lower.isEncrypted();
    }

    @Override
    public String peer() {
        return lower.peer();
    }

    @Override
    public String address() {
        return lower.address();
    }

    @Override
    public InetAddress inetAddress() {
        return lower.inetAddress();
    }

    @Override
    public int heldBytes() {
        return lower.heldBytes();
    }

    @Override
    public void release() {
        lower.release();
    }

    @Override
    public void close() {
        lower.close();
    }
}
