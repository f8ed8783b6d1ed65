package io.ringmain.engine.io;

import io.ringmain.protocol.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Topic filters of the configuration: a handful, looked at one after the other for each publish, without allocation.
 */
final class TopicFilters {
    private final UnsafeBuffer[] filters;

    TopicFilters(final List<String> filters) {
        this.filters = new UnsafeBuffer[filters.size()];
        for (int i = 0; i < this.filters.length; i++) {
            this.filters[i] = utf8(filters.get(i));
        }
    }

    /**
     * A copy of the list.
     *
     * @throws IllegalArgumentException naming the one that isn't a topic filter.
     */
    static List<String> checked(final List<String> filters) {
        filters.forEach(TopicFilters::utf8);
        return List.copyOf(filters);
    }

    private static UnsafeBuffer utf8(final String filter) {
        final UnsafeBuffer bytes = new UnsafeBuffer(filter.getBytes(StandardCharsets.UTF_8));
        if (!TopicFilter.validate(bytes, 0, bytes.capacity()) || TopicFilter.isShared(bytes, 0, bytes.capacity())) {
            throw new IllegalArgumentException("'" + filter + "' is not a topic filter");
        }
        return bytes;
    }

    boolean isEmpty() {
        return filters.length == 0;
    }

    boolean matches(final DirectBuffer topic, final int offset, final int length) {
        for (final UnsafeBuffer filter : filters) {
            if (TopicFilter.matches(filter, 0, filter.capacity(), topic, offset, length)) {
                return true;
            }
        }
        return false;
    }
}
