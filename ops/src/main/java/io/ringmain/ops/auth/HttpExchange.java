package io.ringmain.ops.auth;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** Requests with an end: so many bytes and so much time, from the connection to the last byte of the answer. */
final class HttpExchange {
    private final HttpClient client;
    private final long timeoutNs;
    private final int maxBytes;

    /**
     * @param tls what checks the certificates of servers; redirects aren't followed.
     * @param timeoutNs nanoseconds.
     * @param maxBytes of the body of an answer.
     */
    HttpExchange(final SSLContext tls, final long timeoutNs, final int maxBytes) {
        this.timeoutNs = timeoutNs;
        this.maxBytes = maxBytes;
        this.client = HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofNanos(timeoutNs))
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** Completed by a thread of the client, with a failure as soon as a bound is passed. */
    CompletableFuture<HttpResponse<byte[]>> send(final HttpRequest request) {
        final CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, BoundedBody.of(maxBytes));
        return answer.copy().orTimeout(timeoutNs, TimeUnit.NANOSECONDS).whenComplete((response, failure) -> {
            if (failure != null) {
                // Frees its connection.
                answer.cancel(true);
            }
        });
    }
}
