package com.example;

import io.ringmain.engine.auth.AccessPlugin;
import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Authenticator;
import io.ringmain.engine.auth.Authorizer;
import io.ringmain.engine.auth.Permissions;
import io.ringmain.protocol.ReasonCode;
import java.time.Clock;
import java.time.LocalTime;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.agrona.DirectBuffer;

/**
 * A plugin: contractors, whose user names begin with a prefix, may connect between two times of day, UTC, and
 * never publish below {@code control/}. Everybody else is none of its business.
 */
public final class WorkingHours implements AccessPlugin {
    private static final byte[] CONTROL = {'c', 'o', 'n', 't', 'r', 'o', 'l', '/'};

    private String prefix = "contractor-";
    private LocalTime from = LocalTime.of(8, 0);
    private LocalTime to = LocalTime.of(17, 0);

    @Override
    public String name() {
        return "working-hours";
    }

    @Override
    public void configure(final Map<String, String> settings) {
        prefix = settings.getOrDefault("prefix", prefix);
        from = time(settings, "from", from);
        to = time(settings, "to", to);
    }

    private static LocalTime time(final Map<String, String> settings, final String key, final LocalTime otherwise) {
        final String text = settings.get(key);
        try {
            return text == null ? otherwise : LocalTime.parse(text);
        } catch (final java.time.DateTimeException ex) {
            throw new IllegalArgumentException(key + ": '" + text + "', expected a time such as 08:00");
        }
    }

    private boolean isContractor(final String username) {
        return username != null && username.startsWith(prefix);
    }

    @Override
    public Authenticator authenticator() {
        return client -> {
            final LocalTime now = LocalTime.now(Clock.systemUTC());
            final boolean refused = isContractor(client.username()) && (now.isBefore(from) || !now.isBefore(to));
            // Whoever isn't refused still has to show a password to those that are asked next.
            return CompletableFuture.completedFuture(
                    refused
                            ? AuthVerdict.refuse(ReasonCode.NOT_AUTHORIZED, "not between " + from + " and " + to)
                            : AuthVerdict.pass());
        };
    }

    @Override
    public Authorizer authorizer() {
        return client -> isContractor(client.username()) ? new NoControl() : Permissions.ALL;
    }

    private static final class NoControl implements Permissions {
        @Override
        public boolean mayPublish(final DirectBuffer topic, final int offset, final int length) {
            for (int i = 0; i < CONTROL.length; i++) {
                if (i >= length || topic.getByte(offset + i) != CONTROL[i]) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public boolean maySubscribe(final DirectBuffer filter, final int offset, final int length) {
            return true;
        }

        @Override
        public boolean mayShare(final DirectBuffer filter, final int offset, final int length) {
            return true;
        }

        @Override
        public boolean mayReceive(final DirectBuffer topic, final int offset, final int length) {
            return true;
        }
    }
}
