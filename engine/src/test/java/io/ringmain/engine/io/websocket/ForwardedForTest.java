package io.ringmain.engine.io.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringmain.engine.io.AddressSet;
import io.ringmain.protocol.IpAddress;
import io.ringmain.protocol.websocket.UpgradeRequest;
import java.net.InetAddress;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedForTest {
    private static final AddressSet TRUSTED = AddressSet.parse(List.of("10.0.0.0/8", "127.0.0.1", "2001:db8::/32"));

    private static UpgradeRequest request(final String... headers) {
        final StringBuilder text = new StringBuilder("GET /mqtt HTTP/1.1\r\nHost: h\r\n");
        for (final String header : headers) {
            text.append(header).append("\r\n");
        }
        final UnsafeBuffer bytes =
                new UnsafeBuffer(text.append("\r\n").toString().getBytes());
        final UpgradeRequest request = new UpgradeRequest(8192, 64);
        request.read(bytes, 0, bytes.capacity());
        return request;
    }

    private static String client(final String peer, final String... headers) {
        return clientOf(TRUSTED, peer, headers);
    }

    /** @param peer null for a Unix domain socket. */
    private static String clientOf(final AddressSet trusted, final String peer, final String... headers) {
        final InetAddress client =
                ForwardedFor.client(peer == null ? null : IpAddress.parse(peer), request(headers), trusted);
        return client == null ? null : client.getHostAddress();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.7                          | 203.0.113.7",
                "203.0.113.7:4711                     | 203.0.113.7",
                "2001:db9::7                          | 2001:db9:0:0:0:0:0:7",
                "[2001:db9::7]:4711                   | 2001:db9:0:0:0:0:0:7",
                "::ffff:203.0.113.7                   | 203.0.113.7",
                // What the client has made up stands left of what the proxies have added.
                "198.51.100.1, 203.0.113.7            | 203.0.113.7",
                "127.0.0.1, 203.0.113.7               | 203.0.113.7",
                "203.0.113.7, 10.1.1.1, 10.2.2.2      | 203.0.113.7",
                "junk, 203.0.113.7, 10.1.1.1          | 203.0.113.7",
                "10.1.1.1, 10.2.2.2                   | 10.1.1.1",
                "127.0.0.1                            | 127.0.0.1",
                ", ,203.0.113.7                       | 203.0.113.7",
            })
    void shouldTakeTheRightMostThatIsNoTrustedProxy(final String forwardedFor, final String expected) {
        assertEquals(expected, client("10.9.9.9", "X-Forwarded-For: " + forwardedFor));
        assertEquals(expected, client(null, "X-Forwarded-For: " + forwardedFor));
        assertEquals(expected, client("2001:db8::1", "X-Forwarded-For: " + forwardedFor));
    }

    @Test
    void shouldReadSeveralHeadersAsOneList() {
        assertEquals(
                "203.0.113.7", client("10.9.9.9", "X-Forwarded-For: 198.51.100.1", "X-Forwarded-For: 203.0.113.7"));
    }

    @Test
    void shouldNotBelieveAnybodyElse() {
        assertNull(client("192.0.2.1", "X-Forwarded-For: 203.0.113.7"));
        assertNull(clientOf(AddressSet.NONE, "192.0.2.1", "X-Forwarded-For: 127.0.0.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "203.0.113.7, _hidden", "localhost", "203.0.113.256", "[::1", "1.2.3"})
    void shouldRefuseATrustedProxyThatNamesNoAddress(final String forwardedFor) {
        assertThrows(IllegalArgumentException.class, () -> client("10.9.9.9", "X-Forwarded-For: " + forwardedFor));
    }

    @Test
    void shouldLeaveClientsAsTheyAreThatCameDirectly() {
        assertNull(clientOf(AddressSet.NONE, null));
        assertNull(clientOf(AddressSet.NONE, "127.0.0.1"));
        assertNull(client("192.0.2.1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"X-Forwarded-For: 127.0.0.1", "Forwarded: for=127.0.0.1", "Via: 1.1 proxy", "X-Real-IP: ::1"})
    void shouldNotTakeAClientBehindAProxyForOneOfThisMachine(final String header) {
        assertEquals("127.0.0.1", clientOf(AddressSet.NONE, null, header));
        assertEquals("0:0:0:0:0:0:0:1", clientOf(AddressSet.NONE, "::1", header));
    }

    @Test
    void shouldNotTakeATrustedProxyThatNamesNobodyForAClientOfThisMachine() {
        assertEquals("127.0.0.1", client("127.0.0.1"));
        assertEquals("127.0.0.1", client(null));
    }
}
