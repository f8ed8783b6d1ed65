package io.ringmain.engine.io.websocket;

import io.ringmain.engine.io.AddressSet;
import io.ringmain.protocol.IpAddress;
import io.ringmain.protocol.websocket.UpgradeRequest;
import java.net.InetAddress;

/**
 * Finds out whose request it is. Each proxy on the way adds the address that it was asked from at the right of
 * X-Forwarded-For; what stands further left was there already, and the client may have made it up. So the list is read from
 * the right for as long as its addresses are those of trusted proxies, and the first that isn't is the client's.
 */
final class ForwardedFor {
    private static final String LOCAL_V4 = "127.0.0.1";
    private static final InetAddress V4 = IpAddress.parse(LOCAL_V4);
    private static final InetAddress V6 = IpAddress.parse("::1");

    private ForwardedFor() {}

    /**
     * @param address of who has sent the request; null for this machine.
     * @return the client's address. The same as {@code address} if nobody else is named; but never null for a request
     *     that came through a proxy, as its client may be anywhere.
     * @throws IllegalArgumentException if a trusted proxy names no address.
     */
    static String client(final String address, final UpgradeRequest request, final AddressSet trusted) {
        if (!isTrusted(address, trusted)) {
            return address == null && request.wasForwarded() ? LOCAL_V4 : address;
        }
        String client = address == null ? LOCAL_V4 : address;
        final String[] hops = request.forwardedFor().split(",");
        for (int i = hops.length - 1; i >= 0; i--) {
            final String hop = hops[i].strip();
            if (hop.isEmpty()) {
                continue;
            }
            final InetAddress named = IpAddress.parse(withoutPort(hop));
            if (named == null) {
                throw new IllegalArgumentException("a trusted proxy names a client that is no address");
            }
            client = named.getHostAddress();
            if (!trusted.contains(named)) {
                return client;
            }
        }
        return client;
    }

    private static boolean isTrusted(final String address, final AddressSet trusted) {
        if (address == null) {
            return trusted.contains(V4) || trusted.contains(V6);
        }
        final int scope = address.indexOf('%');
        return trusted.contains(IpAddress.parse(scope < 0 ? address : address.substring(0, scope)));
    }

    /** Some proxies write 192.0.2.1:4711 and [2001:db8::1]:4711. */
    private static String withoutPort(final String hop) {
        if (hop.startsWith("[")) {
            final int end = hop.indexOf(']');
            return end < 0 ? hop : hop.substring(1, end);
        }
        final int colon = hop.indexOf(':');
        return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }
}
