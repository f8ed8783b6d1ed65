package io.ringmain.ops.log;

import io.ringmain.engine.PastState;
import io.ringmain.engine.core.StateVisitor;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.MessageView;
import io.ringmain.engine.event.Origin;
import io.ringmain.protocol.TopicFilter;
import io.ringmain.protocol.Utf8;
import io.ringmain.storage.log.LogReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Prints what a state consists of, each kind as rows of its own. */
final class StatePrinter {
    private static final long NEVER = 0xFFFF_FFFFL;
    private static final int MAX_SHOWN = 256;

    /** A session, and who has its connection, as far as that is known. */
    private record SessionRow(StateVisitor.SessionState session, PastState.Client client) {
        /** Whose the session is; of one from before that was kept, whose connection it has. */
        String user() {
            final String owner = session.owner();
            return owner == null ? of(PastState.Client::user) : owner.isEmpty() ? null : owner;
        }

        String of(final Function<PastState.Client, String> part) {
            final String text = client == null ? "" : part.apply(client);
            return text.isEmpty() ? null : text;
        }
    }

    /** A retained message, and what the log says of it; null for what isn't there. */
    private record RetainedRow(
            StateVisitor.RetainedState message, String publisher, String time, UnsafeBuffer payload) {
        private boolean isText() {
            return payload != null && Utf8.validate(payload, 0, payload.capacity());
        }

        String text() {
            return isText() ? payload.getStringWithoutLengthUtf8(0, payload.capacity()) : null;
        }

        String base64() {
            return payload == null || isText() ? null : Base64.getEncoder().encodeToString(payload.byteArray());
        }

        String shown() {
            return payload == null ? "gone" : PrintableText.payload(payload, 0, payload.capacity(), MAX_SHOWN);
        }
    }

    private static final List<Column<SessionRow>> SESSIONS = List.of(
            Column.<SessionRow>text("kind", row -> "session").dataOnly(),
            Column.text("client", row -> row.session.clientId()),
            Column.text("connected", row -> row.session.connectionId() != 0),
            Column.text("user", SessionRow::user),
            Column.text("peer", row -> row.of(PastState.Client::peer)),
            Column.<SessionRow>text("listener", row -> row.of(PastState.Client::listener))
                    .dataOnly(),
            Column.<SessionRow>number("protocol", row -> row.session.protocolLevel())
                    .dataOnly(),
            Column.number("expiry_s", row -> row.session.expirySeconds() == NEVER ? null : row.session.expirySeconds()),
            Column.text("ends", row -> end(row.session)),
            Column.number("queued", row -> row.session.queued()),
            Column.number("in_flight", row -> row.session.inFlight()),
            Column.number("unreleased", row -> row.session.unreleased()),
            Column.number("subscriptions", row -> row.session.subscriptions()),
            Column.text("will_topic", row -> row.session.willTopic()));

    private static final List<Column<StateVisitor.SubscriptionState>> SUBSCRIPTIONS = List.of(
            Column.<StateVisitor.SubscriptionState>text("kind", row -> "subscription")
                    .dataOnly(),
            Column.text("client", StateVisitor.SubscriptionState::clientId),
            Column.text("filter", StateVisitor.SubscriptionState::filter),
            Column.number("qos", StateVisitor.SubscriptionState::qos),
            Column.text("options", row -> options(row.options())),
            Column.number("identifier", row -> row.identifier() == 0 ? null : row.identifier()));

    private static final List<Column<RetainedRow>> RETAINED = List.of(
            Column.<RetainedRow>text("kind", row -> "retained").dataOnly(),
            Column.text("topic", row -> row.message.topic()),
            Column.number("position", row -> row.message.position()),
            Column.text("time", RetainedRow::time),
            Column.number("qos", row -> row.message.qos()),
            Column.number("length", row -> row.message.payloadLength()),
            Column.text("expires", row -> time(row.message.expiryDeadlineNs())),
            Column.text("publisher", RetainedRow::publisher),
            Column.<RetainedRow>text("payload", RetainedRow::shown).tableOnly(),
            Column.<RetainedRow>text("payload", RetainedRow::text).dataOnly(),
            Column.<RetainedRow>text("payload_base64", RetainedRow::base64).dataOnly(),
            Column.<RetainedRow>text("gone", row -> row.payload == null ? true : null)
                    .dataOnly());

    private final PastState state;
    private final LogReader messages;
    private final Output output;
    private final List<SessionRow> sessions = new ArrayList<>();
    private final List<StateVisitor.SubscriptionState> subscriptions = new ArrayList<>();
    private final List<StateVisitor.RetainedState> retained = new ArrayList<>();
    private final Origin origin = new Origin();
    private final MessageView view = new MessageView();
    private String client;
    private UnsafeBuffer filter;

    /** @param messages where the content of retained messages is read. */
    StatePrinter(final PastState state, final LogReader messages, final Output output) {
        this.state = state;
        this.messages = messages;
        this.output = output;
    }

    /** Shows what is of one client alone; null for all. */
    StatePrinter client(final String clientId) {
        client = clientId;
        return this;
    }

    /** Shows topics that a filter matches alone; null for all. */
    StatePrinter filter(final UnsafeBuffer topicFilter) {
        filter = topicFilter;
        return this;
    }

    void print(final StateAtCommand.What what) {
        state.describe(new Collector());
        sessions.sort(Comparator.comparing(row -> row.session.clientId()));
        subscriptions.sort(Comparator.comparing(StateVisitor.SubscriptionState::clientId)
                .thenComparing(StateVisitor.SubscriptionState::filter));
        retained.sort(Comparator.comparing(StateVisitor.RetainedState::topic));
        final boolean all = what == StateAtCommand.What.all;
        final DataOut out = new DataOut();
        if (all || what == StateAtCommand.What.sessions) {
            rows(all, "sessions", SESSIONS, sessions, out);
        }
        if (all || what == StateAtCommand.What.subscriptions) {
            rows(all, "subscriptions", SUBSCRIPTIONS, subscriptions, out);
        }
        if (all || what == StateAtCommand.What.retained) {
            retained(all, out);
        }
        out.flush();
    }

    private boolean isHeaded(final boolean all) {
        return all && (output == Output.table || output == Output.text);
    }

    private <T> void rows(
            final boolean all,
            final String title,
            final List<Column<T>> columns,
            final List<T> values,
            final DataOut out) {
        if (isHeaded(all)) {
            out.line(title + ": " + values.size());
        }
        try (Rows<T> rows = Rows.of(output, columns, out)) {
            for (final T value : values) {
                if (!rows.add(value)) {
                    return;
                }
            }
        }
    }

    /** Each is read when it is printed: there may be many, and large ones. */
    private void retained(final boolean all, final DataOut out) {
        if (isHeaded(all)) {
            out.line("retained: " + retained.size());
        }
        try (Rows<RetainedRow> rows = Rows.of(output, RETAINED, out)) {
            for (final StateVisitor.RetainedState message : retained) {
                final RetainedRow row = read(message);
                if ((client == null || client.equals(row.publisher)) && !rows.add(row)) {
                    return;
                }
            }
        }
    }

    private RetainedRow read(final StateVisitor.RetainedState message) {
        final RetainedRow[] row = {new RetainedRow(message, null, null, null)};
        messages.read(message.position(), (position, buffer, offset, length) -> {
            row[0] = new RetainedRow(
                    message,
                    origin.wrap(buffer, offset).clientId(),
                    EventText.time(EventHeader.timestampNs(buffer, offset)),
                    payload(buffer, offset));
            return false;
        });
        return row[0];
    }

    private UnsafeBuffer payload(final DirectBuffer buffer, final int offset) {
        final int type = EventHeader.type(buffer, offset);
        if (type != EventType.PUBLISH && type != EventType.CONNECT) {
            return null;
        }
        view.wrap(buffer, offset);
        final byte[] bytes = new byte[view.payloadLength()];
        buffer.getBytes(view.payloadOffset(), bytes);
        return new UnsafeBuffer(bytes);
    }

    /** When a session is over unless its client comes back; null while it is here. */
    private static String end(final StateVisitor.SessionState session) {
        if (session.connectionId() == 0 && session.expirySeconds() == NEVER) {
            return "never";
        }
        return time(session.expiryDeadlineNs());
    }

    private static String time(final long deadlineNs) {
        return deadlineNs <= 0 ? null : EventText.time(deadlineNs);
    }

    private static String options(final int options) {
        final List<String> names = new ArrayList<>();
        if ((options & 4) != 0) {
            names.add("no-local");
        }
        if ((options & 8) != 0) {
            names.add("retain-as-published");
        }
        final int handling = options >> 4 & 3;
        if (handling != 0) {
            names.add("retain-handling-" + handling);
        }
        return names.isEmpty() ? null : String.join(" ", names);
    }

    /** Takes from the state what was asked for. */
    private final class Collector implements StateVisitor {
        @Override
        public void onSession(final SessionState session) {
            if (isClient(session.clientId())) {
                sessions.add(new SessionRow(session, state.client(session.connectionId())));
            }
        }

        @Override
        public void onSubscription(final SubscriptionState subscription) {
            final boolean isFilter = filter == null
                    || subscription.filter().equals(filter.getStringWithoutLengthUtf8(0, filter.capacity()));
            if (isFilter && isClient(subscription.clientId())) {
                subscriptions.add(subscription);
            }
        }

        @Override
        public void onRetained(final RetainedState message) {
            final UnsafeBuffer topic = new UnsafeBuffer(message.topic().getBytes(StandardCharsets.UTF_8));
            if (filter == null || TopicFilter.matches(filter, 0, filter.capacity(), topic, 0, topic.capacity())) {
                retained.add(message);
            }
        }

        private boolean isClient(final String clientId) {
            return client == null || client.equals(clientId);
        }
    }
}
