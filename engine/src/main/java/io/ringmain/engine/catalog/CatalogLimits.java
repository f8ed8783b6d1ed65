package io.ringmain.engine.catalog;

/** Whether there is a catalogue, and its bounds. Set before the broker starts, then left alone. */
public final class CatalogLimits {
    private boolean enabled;
    private int maxTopics = 100_000;
    private int maxRequests = 256;
    private int maxRequestsPerConnection = 4;
    private long maxAnswerBytes = 64 << 20;

    /** Whether clients can ask which topics exist. */
    public boolean enabled() {
        return enabled;
    }

    public CatalogLimits enabled(final boolean value) {
        this.enabled = value;
        return this;
    }

    /** Topics that are known; messages of others are counted only. */
    public int maxTopics() {
        return maxTopics;
    }

    public CatalogLimits maxTopics(final int value) {
        this.maxTopics = value;
        return this;
    }

    /** Requests of one I/O agent that wait for their answer; more are refused. */
    public int maxRequests() {
        return maxRequests;
    }

    public CatalogLimits maxRequests(final int value) {
        this.maxRequests = value;
        return this;
    }

    /** Requests of one connection that are not answered to the end; more are refused. */
    public int maxRequestsPerConnection() {
        return maxRequestsPerConnection;
    }

    public CatalogLimits maxRequestsPerConnection(final int value) {
        this.maxRequestsPerConnection = value;
        return this;
    }

    /**
     * Memory of answers on their way to clients; while there is so much, no further answer is made. One may pass it.
     */
    public long maxAnswerBytes() {
        return maxAnswerBytes;
    }

    public CatalogLimits maxAnswerBytes(final long value) {
        this.maxAnswerBytes = value;
        return this;
    }
}
