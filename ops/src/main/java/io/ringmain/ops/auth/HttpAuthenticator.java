package io.ringmain.ops.auth;

import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Authenticator;
import io.ringmain.engine.auth.Credentials;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.protocol.ReasonCode;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Asks a service of the operator: POST with what the client shows, 200 with what the service says. 401 and 403 are
 * denials, which services give by themselves: taken for failures, nobody would count the guesses. What isn't such an
 * answer in time keeps the client out.
 */
final class HttpAuthenticator implements Authenticator {
    private static final int MAX_ROLES = 256;
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final JsonFactory json = new JsonFactory();
    private final HttpExchange http;
    private final URI url;
    private final String authorization;
    private final Semaphore free;
    private final Counters counters;

    /**
     * @param authorization value of the header of this name; empty for none.
     * @param maxConcurrency requests under way at a time; who comes then is refused.
     */
    HttpAuthenticator(
            final HttpExchange http,
            final URI url,
            final String authorization,
            final int maxConcurrency,
            final Counters counters) {
        this.http = http;
        this.url = url;
        this.authorization = authorization;
        this.free = new Semaphore(maxConcurrency);
        this.counters = counters;
    }

    @Override
    public CompletionStage<AuthVerdict> authenticate(final Credentials credentials) {
        if (!free.tryAcquire()) {
            counters.increment(CounterId.AUTH_QUEUE_FULL);
            return CompletableFuture.completedFuture(
                    AuthVerdict.refuse(ReasonCode.QUOTA_EXCEEDED, "too many clients wait for the HTTP service"));
        }
        try {
            final HttpRequest.Builder request = HttpRequest.newBuilder(url)
                    .header("Content-Type", "application/json")
                    .header("Accept", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(question(credentials)));
            if (!authorization.isEmpty()) {
                request.header("Authorization", authorization);
            }
            return http.send(request.build())
                    .whenComplete((response, failure) -> free.release())
                    .thenApply(response -> verdict(credentials, response));
        } catch (final RuntimeException ex) {
            free.release();
            throw ex;
        }
    }

    private byte[] question(final Credentials credentials) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = json.createGenerator(ObjectWriteContext.empty(), bytes)) {
            out.writeStartObject();
            out.writeStringProperty("listener", credentials.listener());
            out.writeStringProperty("client_id", credentials.clientId());
            out.writeStringProperty("username", credentials.username());
            writePassword(out, credentials.password());
            out.writeStringProperty("peer", credentials.peer());
            if (credentials.certificate() != null) {
                out.writeStringProperty("certificate", credentials.certificate().name());
            }
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /** A password is bytes, JSON is text: what is no UTF-8 goes in base64, under another name. */
    private static void writePassword(final JsonGenerator out, final byte[] password) {
        if (password == null) {
            out.writeNullProperty("password");
            return;
        }
        try {
            out.writeStringProperty(
                    "password",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(password))
                            .toString());
        } catch (final CharacterCodingException ex) {
            out.writeStringProperty("password_base64", Base64.getEncoder().encodeToString(password));
        }
    }

    private AuthVerdict verdict(final Credentials credentials, final HttpResponse<byte[]> response) {
        if (response.statusCode() == UNAUTHORIZED || response.statusCode() == FORBIDDEN) {
            return denied(credentials);
        }
        if (response.statusCode() != OK) {
            throw new IllegalStateException("status " + response.statusCode());
        }
        final Answer answer = read(response.body());
        return switch (answer.result) {
            case "allow" ->
                AuthVerdict.accept(
                        answer.username == null ? credentials.username() : answer.username,
                        answer.roles,
                        answer.expiresAtMs);
            case "deny" -> denied(credentials);
            case "ignore" -> AuthVerdict.pass();
            default -> throw new IllegalStateException("no result");
        };
    }

    private static AuthVerdict denied(final Credentials credentials) {
        return AuthVerdict.refuse(
                credentials.username() == null && credentials.password() == null
                        ? ReasonCode.NOT_AUTHORIZED
                        : ReasonCode.BAD_USER_NAME_OR_PASSWORD,
                "the HTTP service denies it");
    }

    /** As much of it as has been read. */
    private static final class Answer {
        private String result = "";
        private String username;
        private final Set<String> roles = new HashSet<>();
        private long expiresAtMs = AuthVerdict.NEVER;
    }

    /** @throws RuntimeException if it isn't what is expected; other properties are passed over. */
    private Answer read(final byte[] body) {
        final Answer answer = new Answer();
        try (JsonParser in = json.createParser(ObjectReadContext.empty(), body)) {
            expect(in.nextToken() == JsonToken.START_OBJECT);
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                final String name = in.currentName();
                final JsonToken value = in.nextToken();
                switch (name) {
                    case "result" -> answer.result = text(in, value);
                    case "username" -> answer.username = value == JsonToken.VALUE_NULL ? null : text(in, value);
                    case "roles" -> readRoles(in, value, answer.roles);
                    case "expires_at" -> answer.expiresAtMs = expiry(in, value);
                    default -> in.skipChildren();
                }
            }
            expect(in.currentToken() == JsonToken.END_OBJECT && in.nextToken() == null);
        }
        return answer;
    }

    private static void readRoles(final JsonParser in, final JsonToken value, final Set<String> roles) {
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        expect(value == JsonToken.START_ARRAY);
        for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
            expect(roles.size() < MAX_ROLES);
            roles.add(text(in, next));
        }
    }

    /** Epoch seconds. */
    private static long expiry(final JsonParser in, final JsonToken value) {
        if (value == JsonToken.VALUE_NULL) {
            return AuthVerdict.NEVER;
        }
        expect(value == JsonToken.VALUE_NUMBER_INT);
        return TimeUnit.SECONDS.toMillis(in.getLongValue());
    }

    private static String text(final JsonParser in, final JsonToken value) {
        expect(value == JsonToken.VALUE_STRING);
        return in.getString();
    }

    private static void expect(final boolean condition) {
        if (!condition) {
            throw new IllegalStateException("not the answer that was expected");
        }
    }
}
