package io.ringmain.engine.io;

import java.util.List;

/**
 * What is recorded beside what has to be, and which messages tell their subscribers who published them. Set before the
 * broker starts, then left alone. A filter that isn't any throws IllegalArgumentException.
 */
public final class AuditOptions {
    private List<String> recordQos0 = List.of();
    private List<String> recordQos0Headers = List.of();
    private List<String> stamp = List.of();
    private int authFailuresPerSecond = 100;

    /** Topics whose QoS 0 messages are recorded as well. Others are recorded anyway, since they have to survive. */
    public List<String> recordQos0() {
        return recordQos0;
    }

    public AuditOptions recordQos0(final List<String> filters) {
        this.recordQos0 = TopicFilters.checked(filters);
        return this;
    }

    /** Topics of whose QoS 0 messages it is recorded that they came, and from whom, but not what was in them. */
    public List<String> recordQos0Headers() {
        return recordQos0Headers;
    }

    public AuditOptions recordQos0Headers(final List<String> filters) {
        this.recordQos0Headers = TopicFilters.checked(filters);
        return this;
    }

    /** Topics whose messages tell their subscribers who published them. */
    public List<String> stamp() {
        return stamp;
    }

    public AuditOptions stamp(final List<String> filters) {
        this.stamp = TopicFilters.checked(filters);
        return this;
    }

    /** How many refused clients each I/O agent records in a second; more are counted. */
    public int authFailuresPerSecond() {
        return authFailuresPerSecond;
    }

    public AuditOptions authFailuresPerSecond(final int count) {
        this.authFailuresPerSecond = count;
        return this;
    }
}
