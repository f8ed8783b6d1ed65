package io.ringmain.engine.io.tls;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLSession;

/** An engine that has nothing to say and counts how often it is closed. */
final class SilentEngine extends SSLEngine {
    private final AtomicInteger closed = new AtomicInteger();

    int closed() {
        return closed.get();
    }

    @Override
    public void closeInbound() {
        closed.incrementAndGet();
    }

    @Override
    public boolean isInboundDone() {
        return true;
    }

    @Override
    public void closeOutbound() {}

    @Override
    public boolean isOutboundDone() {
        return true;
    }

    @Override
    public SSLEngineResult wrap(
            final ByteBuffer[] sources, final int offset, final int length, final ByteBuffer target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SSLEngineResult unwrap(
            final ByteBuffer source, final ByteBuffer[] targets, final int offset, final int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Runnable getDelegatedTask() {
        return null;
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return new String[0];
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return new String[0];
    }

    @Override
    public void setEnabledCipherSuites(final String[] suites) {}

    @Override
    public String[] getSupportedProtocols() {
        return new String[0];
    }

    @Override
    public String[] getEnabledProtocols() {
        return new String[0];
    }

    @Override
    public void setEnabledProtocols(final String[] protocols) {}

    @Override
    public SSLSession getSession() {
        return null;
    }

    @Override
    public void beginHandshake() {}

    @Override
    public SSLEngineResult.HandshakeStatus getHandshakeStatus() {
        return SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING;
    }

    @Override
    public void setUseClientMode(final boolean mode) {}

    @Override
    public boolean getUseClientMode() {
        return false;
    }

    @Override
    public void setNeedClientAuth(final boolean need) {}

    @Override
    public boolean getNeedClientAuth() {
        return false;
    }

    @Override
    public void setWantClientAuth(final boolean want) {}

    @Override
    public boolean getWantClientAuth() {
        return false;
    }

    @Override
    public void setEnableSessionCreation(final boolean flag) {}

    @Override
    public boolean getEnableSessionCreation() {
        return true;
    }
}
