package io.ringmain.engine.catalog;

import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.storage.log.LogReader;
import io.ringmain.storage.log.RecordDescriptor;
import org.agrona.DirectBuffer;

/** Shows the records of the log to a catalogue, in bounded slices: the one place that knows where in them to look. */
public final class CatalogFeed implements LogReader.RecordHandler {
    private final TopicCatalog catalog;
    private final PublishEvent publish = new PublishEvent();
    private final Origin origin = new Origin();
    private long limitPosition;
    private long remaining;

    public CatalogFeed(final TopicCatalog catalog) {
        this.catalog = catalog;
    }

    /**
     * Begins a slice.
     *
     * @param limit position at which to stop.
     * @param maxRecords after which to stop.
     */
    public CatalogFeed slice(final long limit, final long maxRecords) {
        limitPosition = limit;
        remaining = maxRecords;
        return this;
    }

    @Override
    public boolean onRecord(final long position, final DirectBuffer buffer, final int offset, final int length) {
        final long next = position + RecordDescriptor.alignedLength(length);
        if (next > limitPosition) {
            return false;
        }
        final int type = EventHeader.type(buffer, offset);
        if (type == EventType.PUBLISH || type == EventType.PUBLISH_HEADERS) {
            onPublish(buffer, offset);
        }
        catalog.advance(position, next, EventHeader.timestampNs(buffer, offset));
        return --remaining > 0;
    }

    /** Whether an event has the time of the last record that a catalogue has looked at. */
    public static boolean isLast(final TopicCatalog catalog, final DirectBuffer buffer, final int offset) {
        return EventHeader.timestampNs(buffer, offset) == catalog.timestampNs();
    }

    private void onPublish(final DirectBuffer buffer, final int offset) {
        publish.wrap(buffer, offset);
        if (publish.reasonCode() == 0 && buffer.getByte(publish.topicOffset()) != '$') {
            origin.wrap(buffer, offset);
            catalog.add(
                    EventHeader.timestampNs(buffer, offset),
                    buffer,
                    publish.topicOffset(),
                    publish.topicLength(),
                    origin.clientIdOffset(),
                    origin.clientIdLength(),
                    publish.payloadLength());
        }
    }
}
