package io.ringmain.engine.driver;

import io.ringmain.engine.core.BrokerCore;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.storage.log.LogReader;
import io.ringmain.storage.log.MessageLog;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/** Brings the core to the state that the log tells, by the same calls as when it was made. */
public final class Recovery implements LogReader.RecordHandler {
    private static final long RECORDS_PER_LINE = 5_000_000;

    private final BrokerCore core;
    private final Consumer<String> eventLog;
    private long records;

    private Recovery(final BrokerCore core, final Consumer<String> eventLog) {
        this.core = core;
        this.eventLog = eventLog;
    }

    /**
     * Replays the whole log into a core whose output is muted.
     *
     * @return the number of events.
     */
    public static long replay(final MessageLog log, final BrokerCore core, final Consumer<String> eventLog) {
        final Recovery recovery = new Recovery(core, eventLog);
        try (LogReader reader = log.newReader()) {
            reader.scan(0, recovery);
        }
        eventLog.accept("recovered " + recovery.records + " events to position " + log.appendPosition() + ", digest "
                + Long.toHexString(core.digest()));
        return recovery.records;
    }

    @Override
    public boolean onRecord(final long position, final DirectBuffer buffer, final int offset, final int length) {
        try {
            core.onEvent(buffer, offset);
        } catch (final RuntimeException ex) {
            throw new IllegalStateException(
                    "the log can't be replayed: the core failed at position " + position + " on "
                            + EventType.name(EventHeader.type(buffer, offset)) + ": " + ex,
                    ex);
        }
        if (++records % RECORDS_PER_LINE == 0) {
            eventLog.accept("recovering: " + records + " events, position " + position);
        }
        return true;
    }
}
