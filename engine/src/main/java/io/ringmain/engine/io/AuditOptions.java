package io.ringmain.engine.io;

import java.util.List;

/**
 * What is recorded beside what has to be, and which messages tell their subscribers who published them. Set before the
 * broker starts, then left alone. Filters that aren't any throw IllegalArgumentException.
 */
public final class AuditOptions {
    private TopicFilters recordQos0 = TopicFilters.NONE;
    private TopicFilters recordQos0Headers = TopicFilters.NONE;
    private TopicFilters stamp = TopicFilters.NONE;
    private int authFailuresPerSecond = 100;

    TopicFilters recordQos0() {
        return recordQos0;
    }

    /** Topics whose QoS 0 messages are recorded as well. Others are recorded anyway, since they have to survive. */
    public AuditOptions recordQos0(final List<String> filters) {
        this.recordQos0 = new TopicFilters(filters);
        return this;
    }

    TopicFilters recordQos0Headers() {
        return recordQos0Headers;
    }

    /** Topics of whose QoS 0 messages it is recorded that they came, and from whom, but not what was in them. */
    public AuditOptions recordQos0Headers(final List<String> filters) {
        this.recordQos0Headers = new TopicFilters(filters);
        return this;
    }

    TopicFilters stamp() {
        return stamp;
    }

    /** Topics whose messages tell their subscribers who published them. */
    public AuditOptions stamp(final List<String> filters) {
        this.stamp = new TopicFilters(filters);
        return this;
    }

    int authFailuresPerSecond() {
        return authFailuresPerSecond;
    }

    /** How many refused clients each I/O agent records in a second; more are counted. */
    public AuditOptions authFailuresPerSecond(final int count) {
        this.authFailuresPerSecond = count;
        return this;
    }
}
