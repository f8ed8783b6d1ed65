package io.ringmain.ops.auth;

import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Authenticator;
import io.ringmain.engine.auth.Credentials;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import javax.crypto.Mac;

/**
 * What was verified lately needn't be again: a device that reconnects costs no hash. Keeps a MAC of listener, user and
 * password, with a key of this process, and only of those that were right. Any thread.
 */
final class VerifiedCredentials {
    private static final int KEY_BYTES = 32;

    private record Entry(AuthVerdict verdict, long untilNs) {}

    private final byte[] key = PasswordHash.bytes(new SecureRandom(), KEY_BYTES);
    private final long timeNs;
    private final LongSupplier clockNs;
    private final Counters counters;
    private final LinkedHashMap<ByteBuffer, Entry> entries;

    /**
     * @param timeNs how long a verdict is kept, nanoseconds; 0 for not at all.
     * @param size most verdicts that are kept.
     * @param clockNs monotonic, nanoseconds.
     */
    VerifiedCredentials(final long timeNs, final int size, final LongSupplier clockNs, final Counters counters) {
        this.timeNs = timeNs;
        this.clockNs = clockNs;
        this.counters = counters;
        this.entries = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(final Map.Entry<ByteBuffer, Entry> eldest) {
                return size() > size;
            }
        };
    }

    /** An authenticator whose verdict depends on user name and password alone, asked only if it isn't known. */
    Authenticator before(final String method, final Authenticator delegate) {
        return timeNs == 0
                ? delegate
                : credentials -> {
                    if (credentials.username() == null || credentials.password() == null) {
                        return delegate.authenticate(credentials);
                    }
                    final ByteBuffer mac = mac(method, credentials);
                    final AuthVerdict known = find(mac);
                    if (known != null) {
                        counters.increment(CounterId.AUTH_CACHE_HITS);
                        return CompletableFuture.completedFuture(known);
                    }
                    return delegate.authenticate(credentials).thenApply(verdict -> {
                        if (verdict.isAccepted()) {
                            keep(mac, verdict);
                        }
                        return verdict;
                    });
                };
    }

    /** Each part behind its length, so that no two lists of parts are the same bytes. */
    private ByteBuffer mac(final String method, final Credentials credentials) {
        final Mac mac = PasswordHash.mac("HmacSHA256", key);
        add(mac, method.getBytes(StandardCharsets.UTF_8));
        add(mac, credentials.listener().getBytes(StandardCharsets.UTF_8));
        add(mac, credentials.username().getBytes(StandardCharsets.UTF_8));
        add(mac, credentials.password());
        return ByteBuffer.wrap(mac.doFinal());
    }

    private static void add(final Mac mac, final byte[] part) {
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).flip());
        mac.update(part);
    }

    private synchronized AuthVerdict find(final ByteBuffer mac) {
        final Entry entry = entries.get(mac);
        if (entry == null) {
            return null;
        }
        if (entry.untilNs - clockNs.getAsLong() <= 0) {
            entries.remove(mac);
            return null;
        }
        return entry.verdict;
    }

    private synchronized void keep(final ByteBuffer mac, final AuthVerdict verdict) {
        entries.put(mac, new Entry(verdict, clockNs.getAsLong() + timeNs));
    }
}
