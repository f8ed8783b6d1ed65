package io.ringmain.ops.log;

import io.ringmain.engine.event.AdminEvent;
import io.ringmain.engine.event.AuthFailedEvent;
import io.ringmain.engine.event.DisconnectEvent;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.NoteEvent;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.event.SubscribeEvent;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.Utf8;
import io.ringmain.protocol.mqtt.Properties;
import io.ringmain.protocol.mqtt.PropertyId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** The columns of records. A payload that isn't text is in {@code payload_base64}. */
final class RecordColumns {
    private static final int SHOWN_PAYLOAD = 64;

    private final SubscribeEvent subscribe = new SubscribeEvent();
    private final Properties properties = new Properties();
    private final EventText text = new EventText(SHOWN_PAYLOAD, false);

    /** One set, for one output. */
    static List<Column<LogRecord>> create() {
        return new RecordColumns().all();
    }

    private List<Column<LogRecord>> all() {
        final List<Column<LogRecord>> columns = new ArrayList<>();
        columns.add(Column.text("time", record -> EventText.time(record.timestampNs())));
        columns.add(Column.number("position", LogRecord::position));
        columns.add(Column.text("type", LogRecord::type));
        columns.addAll(origin());
        columns.addAll(message());
        columns.addAll(others());
        columns.add(Column.<LogRecord>text("about", text::brief).tableOnly());
        return columns;
    }

    private static List<Column<LogRecord>> origin() {
        return List.of(
                Column.text("client", LogRecord::client),
                origin("user", Origin::username),
                origin("certificate", Origin::certificate).dataOnly(),
                origin("peer", Origin::peer).dataOnly(),
                origin("listener", Origin::listener).dataOnly(),
                Column.<LogRecord>number(
                                "protocol",
                                record -> record.origin().isPresent()
                                        ? record.origin().protocolLevel()
                                        : null)
                        .dataOnly(),
                Column.<LogRecord>number(
                                "connection",
                                record -> record.connectionId() == EventHeader.NO_CONNECTION
                                        ? null
                                        : record.connectionId())
                        .dataOnly());
    }

    private static Column<LogRecord> origin(final String name, final Function<Origin, String> text) {
        return Column.text(name, record -> {
            final String value = text.apply(record.origin());
            return value.isEmpty() ? null : value;
        });
    }

    private List<Column<LogRecord>> message() {
        return List.of(
                Column.text("topic", LogRecord::topic),
                Column.number("qos", ofMessage(LogRecord::qos)),
                Column.<LogRecord>text("retain", ofMessage(LogRecord::isRetain)).dataOnly(),
                Column.<LogRecord>text("dup", ofMessage(LogRecord::isDup)).dataOnly(),
                Column.<LogRecord>number(
                                "expiry_s",
                                ofMessage(record -> record.expirySeconds() < 0 ? null : record.expirySeconds()))
                        .dataOnly(),
                Column.number("length", ofMessage(LogRecord::payloadLength)),
                Column.<LogRecord>text("payload", record -> isText(record) ? text(record) : null)
                        .dataOnly(),
                Column.<LogRecord>text("payload_base64", record -> isText(record) ? null : base64(record))
                        .dataOnly(),
                text("content_type", PropertyId.CONTENT_TYPE).dataOnly(),
                text("response_topic", PropertyId.RESPONSE_TOPIC).dataOnly(),
                Column.<LogRecord>text("correlation_base64", this::correlation).dataOnly(),
                Column.<LogRecord>text("user_properties", this::userProperties).dataOnly(),
                Column.<LogRecord>text(
                                "not_taken",
                                record -> record.isTaken() ? null : ReasonCode.name(record.notTakenReason()))
                        .dataOnly());
    }

    private static Function<LogRecord, Object> ofMessage(final Function<LogRecord, Object> value) {
        return record -> record.hasMessage() ? value.apply(record) : null;
    }

    static boolean isText(final LogRecord record) {
        return record.hasPayload() && Utf8.validate(record.message(), record.payloadOffset(), record.payloadLength());
    }

    /** A payload that {@link #isText}. */
    static String text(final LogRecord record) {
        return string(record, record.payloadOffset(), record.payloadLength());
    }

    /** The payload's bytes; none if it wasn't recorded. */
    static byte[] payload(final LogRecord record) {
        final byte[] payload = new byte[record.hasPayload() ? record.payloadLength() : 0];
        if (payload.length > 0) {
            record.message().getBytes(record.payloadOffset(), payload);
        }
        return payload;
    }

    private static String base64(final LogRecord record) {
        return record.hasPayload() ? Base64.getEncoder().encodeToString(payload(record)) : null;
    }

    /** Wraps the properties of the record; false if there are none. */
    private boolean hasProperties(final LogRecord record) {
        if (!record.hasMessage() || record.propertiesLength() == 0) {
            return false;
        }
        properties.wrapForwarded(record.message(), record.propertiesOffset(), record.propertiesLength());
        return true;
    }

    private Column<LogRecord> text(final String name, final int property) {
        return Column.text(
                name,
                record -> hasProperties(record) && properties.has(property)
                        ? record.message()
                                .getStringWithoutLengthUtf8(
                                        properties.bytesOffset(property), properties.bytesLength(property))
                        : null);
    }

    private String correlation(final LogRecord record) {
        if (!hasProperties(record) || !properties.has(PropertyId.CORRELATION_DATA)) {
            return null;
        }
        final byte[] bytes = new byte[properties.bytesLength(PropertyId.CORRELATION_DATA)];
        record.message().getBytes(properties.bytesOffset(PropertyId.CORRELATION_DATA), bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Each as {@code name=value}. */
    private List<String> userProperties(final LogRecord record) {
        if (!hasProperties(record) || properties.userPropertyCount() == 0) {
            return null;
        }
        final List<String> pairs = new ArrayList<>();
        properties.rewind();
        while (properties.nextUserProperty()) {
            pairs.add(string(record, properties.keyOffset(), properties.keyLength()) + "="
                    + string(record, properties.valueOffset(), properties.valueLength()));
        }
        return pairs;
    }

    private static String string(final LogRecord record, final int offset, final int length) {
        return record.message().getStringWithoutLengthUtf8(offset, length);
    }

    private List<Column<LogRecord>> others() {
        return List.of(
                Column.<LogRecord>text("filters", this::filters).dataOnly(),
                Column.<LogRecord>text("reason", RecordColumns::reason).dataOnly(),
                Column.<LogRecord>number("cause", RecordColumns::cause).dataOnly(),
                Column.<LogRecord>text(
                                "actor",
                                record -> record.type() == RecordType.ADMIN
                                        ? AdminEvent.actor(record.buffer(), record.offset())
                                        : null)
                        .dataOnly(),
                Column.<LogRecord>text(
                                "action",
                                record -> record.type() == RecordType.ADMIN
                                        ? AdminEvent.action(record.buffer(), record.offset())
                                        : null)
                        .dataOnly());
    }

    private List<String> filters(final LogRecord record) {
        if (record.type() != RecordType.SUBSCRIBE && record.type() != RecordType.UNSUBSCRIBE) {
            return null;
        }
        final List<String> filters = new ArrayList<>();
        subscribe.wrap(record.buffer(), record.offset());
        while (subscribe.next()) {
            filters.add(record.buffer().getStringWithoutLengthUtf8(subscribe.filterOffset(), subscribe.filterLength()));
        }
        return filters;
    }

    private static String reason(final LogRecord record) {
        final ToIntFunction<LogRecord> code = switch (record.type()) {
            case AUTH_FAILED -> r -> AuthFailedEvent.reasonCode(r.buffer(), r.offset());
            case DISCONNECT, LOST -> r -> DisconnectEvent.reasonCode(r.buffer(), r.offset());
            case NOT_TAKEN -> r -> NoteEvent.reasonCode(r.buffer(), r.offset());
            default -> null;
        };
        return code == null ? null : ReasonCode.name(code.applyAsInt(record));
    }

    private static Long cause(final LogRecord record) {
        return record.type() == RecordType.WILL || record.type() == RecordType.NOT_TAKEN
                ? NoteEvent.cause(record.buffer(), record.offset())
                : null;
    }
}
