package io.ringmain.ops.log;

import io.ringmain.engine.SegmentQuestion;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.SubscribeEvent;
import io.ringmain.protocol.TopicFilter;
import io.ringmain.storage.log.LogInspector;
import io.ringmain.storage.log.SegmentFilter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * Which records of which log: the options that all commands share that read it. What is asked for must all hold; of an
 * option that was given more than once, one. Topic filters and QoS are questions about messages; of subscriptions those
 * are meant that lie within the filter, or that take the topic if it is one.
 */
final class Selection {
    private static final Set<RecordType> MESSAGES = EnumSet.of(RecordType.PUBLISH, RecordType.WILL);

    @Option(names = "--data", paramLabel = "DIR", description = "Data directory, default ./data.")
    private Path data = Path.of("data");

    @Option(
            names = "--from",
            paramLabel = "PLACE",
            description = "From @POSITION, a time (2026-11-23T08:15, UTC), or -15m on.",
            converter = LogPoint.Converter.class)
    private LogPoint from;

    @Option(
            names = "--to",
            paramLabel = "PLACE",
            description = "Up to, not including, @POSITION, a time, or -15m.",
            converter = LogPoint.Converter.class)
    private LogPoint to;

    @Option(
            names = {"-t", "--topic"},
            paramLabel = "FILTER",
            description = "Only topics that this filter matches; may be repeated.",
            converter = FilterConverter.class)
    private List<UnsafeBuffer> filters = List.of();

    @Option(names = "--client", paramLabel = "ID", description = "Only what this client sent; may be repeated.")
    private Set<String> clients = Set.of();

    @Option(names = "--user", paramLabel = "NAME", description = "Only what this user sent; may be repeated.")
    private Set<String> users = Set.of();

    @Option(
            names = {"-q", "--qos"},
            paramLabel = "0|1|2",
            split = ",",
            description = "Only messages of this QoS; may be repeated.",
            converter = QosConverter.class)
    private Set<Integer> qos = Set.of();

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            split = ",",
            description =
                    "Only records of this type, default publish and will; may be repeated: publish, will, connect,"
                            + " subscribe, unsubscribe, ack, disconnect, lost, auth-failed, admin, started, not-taken,"
                            + " records-lost, internal.",
            converter = TypeConverter.class)
    private Set<RecordType> types = Set.of();

    @Option(names = "--all", description = "Records of all types, and messages that the broker didn't take.")
    private boolean all;

    @Option(names = "-n", paramLabel = "COUNT", description = "At most this many.", converter = CountConverter.class)
    private Long count;

    private final SubscribeEvent subscribe = new SubscribeEvent();

    /** All there is from a position on. */
    static Selection from(final Path data, final long position) {
        final Selection selection = new Selection();
        selection.data = data;
        selection.from = new LogPoint(position, 0);
        selection.all = true;
        return selection;
    }

    /**
     * Opens the log that is asked for.
     *
     * @throws io.ringmain.storage.log.LogException when there is none.
     */
    LogInspector open() {
        return LogInspector.open(data);
    }

    Path data() {
        return data;
    }

    /** How many records, or a default. */
    long count(final long defaultCount) {
        return count == null ? defaultCount : count;
    }

    /** Whether also messages count that were logged but not taken. */
    boolean isAll() {
        return all;
    }

    /** A position at or before the first record that can match. */
    long start(final LogInspector log) {
        if (from == null) {
            return 0;
        }
        return from.isTime() ? log.positionBefore(from.timeNs()) : from.position();
    }

    /** Which segments can hold what is asked for. What only a note elsewhere tells must not be asked of them. */
    SegmentFilter segments() {
        final SegmentQuestion question = new SegmentQuestion()
                .positions(
                        from == null || from.isTime() ? 0 : from.position(),
                        to == null || to.isTime() ? Long.MAX_VALUE : to.position())
                .times(
                        from == null || !from.isTime() ? Long.MIN_VALUE : from.timeNs(),
                        to == null || !to.isTime() ? Long.MAX_VALUE : to.timeNs());
        if (filters.size() == 1 && !wants(RecordType.SUBSCRIBE) && !wants(RecordType.UNSUBSCRIBE)) {
            question.topicFilter(filters.get(0), 0, filters.get(0).capacity());
        }
        if (clients.size() == 1) {
            question.client(clients.iterator().next());
        }
        if (users.size() == 1 && !wants(RecordType.WILL)) {
            question.user(users.iterator().next());
        }
        return question.filter();
    }

    /** Whether this record and all behind it come too late. */
    boolean isBehind(final DirectBuffer buffer, final int offset) {
        return to != null && !to.isAfter(EventHeader.position(buffer, offset), EventHeader.timestampNs(buffer, offset));
    }

    /** Whether type, position and time are as asked for: what the header of a record tells. */
    boolean mayMatch(final DirectBuffer buffer, final int offset) {
        return wants(RecordType.of(EventHeader.type(buffer, offset)))
                && (from == null
                        || !from.isAfter(EventHeader.position(buffer, offset), EventHeader.timestampNs(buffer, offset)))
                && !isBehind(buffer, offset);
    }

    /** Whether records of a type can match. */
    boolean mayBe(final RecordType type) {
        return wants(type);
    }

    /** Behind the last record that can match, if it was named by its position; else and at most a limit. */
    long end(final long limit) {
        return to == null || to.isTime() ? limit : Math.min(limit, to.position());
    }

    private boolean wants(final RecordType type) {
        return types.isEmpty() ? all || MESSAGES.contains(type) : types.contains(type);
    }

    /** As {@link #matches(LogRecord)}, for a record that isn't a will. */
    boolean matches(final DirectBuffer buffer, final int offset) {
        return mayMatch(buffer, offset) && matches(new LogRecord().wrap(buffer, offset));
    }

    /** Whether the record is asked for. */
    boolean matches(final LogRecord record) {
        return mayMatch(record.buffer(), record.offset())
                && (qos.isEmpty() || record.hasMessage() && qos.contains(record.qos()))
                && (filters.isEmpty() || matchesTopic(record))
                && (clients.isEmpty() || clients.contains(record.client()))
                && (users.isEmpty()
                        || record.origin().isPresent()
                                && users.contains(record.origin().username()));
    }

    private boolean matchesTopic(final LogRecord record) {
        if (record.hasTopic()) {
            return matchesTopic(record.topicBuffer(), record.topicOffset(), record.topicLength());
        }
        if (record.type() == RecordType.SUBSCRIBE || record.type() == RecordType.UNSUBSCRIBE) {
            subscribe.wrap(record.buffer(), record.offset());
            while (subscribe.next()) {
                if (matchesSubscription(record.buffer(), subscribe.filterOffset(), subscribe.filterLength())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether a filter of a client lies within one that is asked for, or takes a topic that is asked for. */
    private boolean matchesSubscription(final DirectBuffer buffer, final int offset, final int length) {
        final boolean isShared = TopicFilter.isShared(buffer, offset, length);
        final int at = isShared ? TopicFilter.unsharedOffset(buffer, offset, length) : offset;
        final int unshared = offset + length - at;
        if (matchesTopic(buffer, at, unshared)) {
            return true;
        }
        for (final UnsafeBuffer filter : filters) {
            if (!TopicFilter.hasWildcard(filter, 0, filter.capacity())
                    && TopicFilter.matches(buffer, at, unshared, filter, 0, filter.capacity())) {
                return true;
            }
        }
        return false;
    }

    private boolean matchesTopic(final DirectBuffer buffer, final int offset, final int length) {
        for (final UnsafeBuffer filter : filters) {
            if (length > 0 && TopicFilter.matches(filter, 0, filter.capacity(), buffer, offset, length)) {
                return true;
            }
        }
        return false;
    }

    /** Parses a topic filter. */
    static final class FilterConverter implements ITypeConverter<UnsafeBuffer> {
        @Override
        public UnsafeBuffer convert(final String text) {
            final UnsafeBuffer filter = new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
            if (!TopicFilter.validate(filter, 0, filter.capacity())
                    || TopicFilter.isShared(filter, 0, filter.capacity())) {
                throw new TypeConversionException("'" + text + "': not a topic filter");
            }
            return filter;
        }
    }

    /** Parses a QoS. */
    static final class QosConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(final String text) {
            if (!text.matches("[012]")) {
                throw new TypeConversionException("'" + text + "', expected 0, 1 or 2");
            }
            return Integer.valueOf(text);
        }
    }

    /** Parses a type of records. */
    static final class TypeConverter implements ITypeConverter<RecordType> {
        @Override
        public RecordType convert(final String text) {
            for (final RecordType type : RecordType.values()) {
                if (type.toString().equalsIgnoreCase(text)) {
                    return type;
                }
            }
            throw new TypeConversionException(
                    "'" + text + "', expected one of " + String.join(", ", RecordType.names()));
        }
    }

    /** Parses how many. */
    static final class CountConverter implements ITypeConverter<Long> {
        @Override
        public Long convert(final String text) {
            if (!text.matches("[0-9]{1,18}")) {
                throw new TypeConversionException("'" + text + "', expected a number of records");
            }
            return Long.valueOf(text);
        }
    }
}
